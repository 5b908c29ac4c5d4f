"""Signatures over the wire, by a signer of its own: what each service answers to a good one, a forged one, an old one,
one for another place, an unknown key, and to whatever was changed on the way. The answers are those that AWS documents
and real clients have reported, name, status and text."""

import base64
import datetime
import email.utils
import hashlib
import hmac
import http.client
import json
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
import zlib

from stator import BINARY, Stator

try:
    import boto3
    import botocore.config
    import botocore.exceptions
except ImportError:
    boto3 = None

MISMATCH = "The request signature we calculated does not match the signature you provided."
JSON, REST, QUERY, S3 = "json", "rest", "query", "s3"

# The services: how each is asked for something harmless.
SERVICES = {
    "dynamodb": (JSON, "POST", "/", {"Content-Type": "application/x-amz-json-1.0",
                                     "X-Amz-Target": "DynamoDB_20120810.ListTables"}, b"{}"),
    "logs": (JSON, "POST", "/", {"Content-Type": "application/x-amz-json-1.1",
                                 "X-Amz-Target": "Logs_20140328.DescribeLogGroups"}, b"{}"),
    "lambda": (REST, "GET", "/2015-03-31/functions/", {}, b""),
    "apigateway": (REST, "GET", "/v2/apis", {}, b""),
    "iam": (QUERY, "POST", "/", {"Content-Type": "application/x-www-form-urlencoded"},
            b"Action=ListUsers&Version=2010-05-08"),
    "sts": (QUERY, "POST", "/", {"Content-Type": "application/x-www-form-urlencoded"},
            b"Action=GetCallerIdentity&Version=2011-06-15"),
    "cloudformation": (QUERY, "POST", "/", {"Content-Type": "application/x-www-form-urlencoded"},
                       b"Action=ListStacks&Version=2010-05-15"),
    "s3": (S3, "GET", "/", {}, b""),
}
SKEW_MINUTES = {"dynamodb": 15, "iam": 15, "sts": 15, "s3": 15}

# What goes wrong, and how each protocol names it: (name, status).
NAMES = {
    "missing": {JSON: ("MissingAuthenticationTokenException", 400), REST: ("MissingAuthenticationTokenException", 403),
                QUERY: ("MissingAuthenticationToken", 403), S3: ("AccessDenied", 403)},
    "malformed": {JSON: ("IncompleteSignatureException", 400), REST: ("IncompleteSignatureException", 403),
                  QUERY: ("IncompleteSignature", 400), S3: ("AuthorizationHeaderMalformed", 400)},
    "mismatch": {JSON: ("InvalidSignatureException", 400), REST: ("InvalidSignatureException", 403),
                 QUERY: ("SignatureDoesNotMatch", 403), S3: ("SignatureDoesNotMatch", 403)},
    "scope": {JSON: ("InvalidSignatureException", 400), REST: ("InvalidSignatureException", 403),
              QUERY: ("SignatureDoesNotMatch", 403), S3: ("AuthorizationHeaderMalformed", 400)},
    "skew": {JSON: ("InvalidSignatureException", 400), REST: ("InvalidSignatureException", 403),
             QUERY: ("SignatureDoesNotMatch", 403), S3: ("RequestTimeTooSkewed", 403)},
    "unknown": {JSON: ("UnrecognizedClientException", 400), REST: ("UnrecognizedClientException", 403),
                QUERY: ("InvalidClientTokenId", 403), S3: ("InvalidAccessKeyId", 403)},
}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def hmac256(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def encode(text, safe=""):
    return urllib.parse.quote(text, safe=safe + "-_.~")


def stamp(minutes=0, seconds=0):
    now = datetime.datetime.now(datetime.timezone.utc)
    return (now + datetime.timedelta(minutes=minutes, seconds=seconds)).strftime("%Y%m%dT%H%M%SZ")


class Signer:
    """Signature Version 4 from its description, step by step."""

    def __init__(self, key, secret, service, *, token=None, region="us-east-1", time=None, term="aws4_request"):
        self.key, self.secret, self.service, self.token = key, secret, service, token
        self.region, self.time, self.term = region, time or stamp(), term

    @property
    def scope(self):
        return f"{self.time[:8]}/{self.region}/{self.service}/{self.term}"

    def signing_key(self):
        key = ("AWS4" + self.secret).encode()
        for part in (self.time[:8], self.region, self.service, "aws4_request"):
            key = hmac256(key, part)
        return key

    def seal(self, algorithm, *lines):
        return hmac256(self.signing_key(), "\n".join((algorithm, self.time, self.scope, *lines))).hex()

    def signature(self, method, target, headers, names, payload):
        path, _, query = target.partition("?")
        path = encode(urllib.parse.unquote(path), "/") if self.service == "s3" else encode(path, "/")
        pairs = sorted((encode(name), encode(value))
                       for name, value in urllib.parse.parse_qsl(query, keep_blank_values=True))
        lower = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
        canonical = "\n".join((method, path, "&".join(f"{name}={value}" for name, value in pairs),
                               *(f"{name}:{lower.get(name, '')}" for name in names), "", ";".join(names), payload))
        return self.seal("AWS4-HMAC-SHA256", sha256(canonical.encode()))

    def headers(self, method, target, headers, body, host, payload=None):
        """The headers of a request, signed."""
        headers = {"Host": host, "X-Amz-Date": self.time, **headers}
        payload = payload or sha256(body)
        if self.service == "s3":
            headers["x-amz-content-sha256"] = payload
        if self.token:
            headers["X-Amz-Security-Token"] = self.token
        names = sorted(name.lower() for name in headers)
        signature = self.signature(method, target, headers, names, payload)
        headers["Authorization"] = (f"AWS4-HMAC-SHA256 Credential={self.key}/{self.scope}, "
                                    f"SignedHeaders={';'.join(names)}, Signature={signature}")
        return headers

    def link(self, method, target, host, expires=900, body=b""):
        """The target of a request, presigned."""
        target += "&" if "?" in target else "?"
        target += (f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={encode(self.key + '/' + self.scope)}"
                   f"&X-Amz-Date={self.time}&X-Amz-Expires={expires}&X-Amz-SignedHeaders=host")
        if self.token:
            target += f"&X-Amz-Security-Token={encode(self.token)}"
        payload = "UNSIGNED-PAYLOAD" if self.service == "s3" else sha256(body)
        return f"{target}&X-Amz-Signature={self.signature(method, target, {'Host': host}, ['host'], payload)}"

    def chunks(self, seed, pieces, trailer=None):
        """A body whose chunks are signed one by one, and perhaps what follows them."""
        body, previous = b"", seed
        for piece in (*pieces, b""):
            previous = self.seal("AWS4-HMAC-SHA256-PAYLOAD", previous, sha256(b""), sha256(piece))
            body += f"{len(piece):x};chunk-signature={previous}\r\n".encode() + (piece + b"\r\n" if piece else b"")
        if trailer:
            signature = self.seal("AWS4-HMAC-SHA256-TRAILER", previous, sha256(f"{trailer}\n".encode()))
            body += f"{trailer}\r\nx-amz-trailer-signature:{signature}\r\n".encode()
        return body + b"\r\n"


class Answer:
    """An answer, its error read as its protocol writes one."""

    def __init__(self, protocol, response):
        self.status, self.headers, self.body = response.status, response.headers, response.read()
        self.name = self.message = None
        if self.status < 400:
            return
        text = self.body.decode()
        if protocol in (JSON, REST):
            members = json.loads(text)
            self.message = members.get("message", members.get("Message"))
            name = members.get("__type", "") if protocol == JSON else self.headers["x-amzn-ErrorType"]
            self.name = name.split("#")[-1]
        else:
            self.name = self.element("Code")
            self.message = self.element("Message")

    def element(self, name):
        found = re.search(f"<{name}>(.*?)</{name}>", self.body.decode(), re.DOTALL)
        return found and found.group(1).replace("&quot;", '"').replace("&lt;", "<").replace("&amp;", "&")


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator().start()
        cls.addClassCleanup(cls.stator.__exit__)
        environment = cls.stator.environment()
        cls.key, cls.secret = environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]

    def signer(self, service, **how):
        return Signer(how.pop("key", self.key), how.pop("secret", self.secret), service, **how)

    def send(self, protocol, method, target, headers, body=b""):
        connection = http.client.HTTPConnection(self.stator.listen, timeout=30)
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                for one in value if isinstance(value, list) else [value]:
                    connection.putheader(name, one)
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            return Answer(protocol, connection.getresponse())
        finally:
            connection.close()

    def ask(self, service, change=None, **how):
        """The service's harmless question, signed; `change` may alter method, target, headers and body afterwards."""
        protocol, method, target, headers, body = SERVICES[service]
        headers = self.signer(how.pop("scope_service", service), **how).headers(
            method, target, headers, body, self.stator.listen)
        request = {"method": method, "target": target, "headers": headers, "body": body}
        if change:
            change(request)
        return self.send(protocol, **request)

    def refused(self, answer, service, fault, words):
        name, status = NAMES[fault][SERVICES[service][0]]
        self.assertEqual((answer.name, answer.status), (name, status), f"{service}: {answer.body}")
        self.assertTrue(answer.message.startswith(words), f"{service}: {answer.message}")
        self.check_shape(answer, service)

    def check_shape(self, answer, service):
        protocol = SERVICES[service][0]
        if protocol == S3:
            self.assertRegex(answer.headers["x-amz-request-id"], "^[0-9A-Z]{16}$")
            self.assertEqual(answer.headers["Content-Type"], "application/xml")
        else:
            self.assertTrue(answer.headers["x-amzn-RequestId"])
        if service == "dynamodb":
            self.assertEqual(json.loads(answer.body)["__type"], "com.amazon.coral.service#" + answer.name)
            self.assertEqual(int(answer.headers["x-amz-crc32"]), zlib.crc32(answer.body))
        if service == "logs":
            self.assertEqual(json.loads(answer.body)["__type"], answer.name)
        if protocol == REST:
            self.assertEqual(list(json.loads(answer.body)), ["message"])
        if protocol == QUERY:
            self.assertEqual(answer.element("Type"), "Sender")
            self.assertEqual(answer.headers["Content-Type"], "text/xml")

    def each_service(self):
        for service in SERVICES:
            with self.subTest(service):
                yield service


class EveryService(Case):
    def test_a_good_signature_counts_and_may_be_repeated(self):
        for service in self.each_service():
            protocol, method, target, headers, body = SERVICES[service]
            signed = self.signer(service).headers(method, target, headers, body, self.stator.listen)
            for _ in range(2):
                answer = self.send(protocol, method, target, signed, body)
                self.assertEqual(answer.status, 200, answer.body)

    def test_a_link_counts(self):
        for service in self.each_service():
            protocol, method, target, headers, body = SERVICES[service]
            if protocol == JSON:
                continue  # x-amz-target must be signed, and a link signs host alone
            headers = {"Host": self.stator.listen, **headers}
            link = self.signer(service).link(method, target, self.stator.listen, body=body)
            self.assertEqual(self.send(protocol, method, link, headers, body).status, 200)
            forged = self.send(protocol, method, link[:-1] + ("0" if link[-1] != "0" else "1"), headers, body)
            self.refused(forged, service, "mismatch", MISMATCH)

    def test_no_signature(self):
        for service in self.each_service():
            def strip(request):
                del request["headers"]["Authorization"]
            words = {"s3": "Access Denied", "dynamodb": "Request is missing Authentication Token"}.get(
                service, "Request is missing Authentication Token" if SERVICES[service][0] == QUERY
                else "Missing Authentication Token")
            self.refused(self.ask(service, strip), service, "missing", words)

    def test_a_damaged_header(self):
        for service in self.each_service():
            def damage(request):
                header = request["headers"]["Authorization"]
                request["headers"]["Authorization"] = header[:header.index(", Signature=")]
            words = ("The authorization header is malformed; the authorization header requires three components"
                     if service == "s3" else "Authorization header requires 'Signature' parameter. Authorization=AWS4-")
            self.refused(self.ask(service, damage), service, "malformed", words)

    def test_a_forged_signature(self):
        for service in self.each_service():
            self.refused(self.ask(service, secret="guessed"), service, "mismatch", MISMATCH)

    def test_an_unknown_key(self):
        for service in self.each_service():
            words = ("The AWS Access Key Id you provided does not exist in our records." if service == "s3"
                     else "The security token included in the request is invalid.")
            self.refused(self.ask(service, key="AKIAUNKNOWNUNKNOWN77"), service, "unknown", words)

    def test_a_token_that_nobody_issued(self):
        for service in self.each_service():
            answer = self.ask(service, key="ASIAUNKNOWNUNKNOWN77", token="nonsense")
            if service == "s3":
                self.assertEqual((answer.name, answer.status), ("InvalidToken", 400))
                self.assertEqual(answer.element("Token-0"), "nonsense")
            else:
                self.refused(answer, service, "unknown", "The security token included in the request is invalid")

    def test_an_old_request_and_one_from_the_future(self):
        for service in self.each_service():
            skew = SKEW_MINUTES.get(service, 5)
            self.assertEqual(self.ask(service, time=stamp(minutes=-skew, seconds=30)).status, 200)
            self.assertEqual(self.ask(service, time=stamp(minutes=skew, seconds=-30)).status, 200)
            for minutes, words in ((-skew - 1, "Signature expired: "), (skew + 1, "Signature not yet current: ")):
                answer = self.ask(service, time=stamp(minutes=minutes))
                words = "The difference between the request time and" if service == "s3" else words
                self.refused(answer, service, "skew", words)
                if service != "s3":
                    self.assertRegex(answer.message, rf"\(\d{{8}}T\d{{6}}Z [+-] {skew} min\.\)$")

    def test_a_region_that_is_none_and_one_that_is_another(self):
        for service in self.each_service():
            self.assertEqual(self.ask(service, region="eu-central-1").status, 200)
            words = ("The authorization header is malformed; the region 'EU_CENTRAL' is wrong" if service == "s3"
                     else "Credential should be scoped to a valid region")
            self.refused(self.ask(service, region="EU_CENTRAL"), service, "scope", words)

    def test_another_service(self):
        for service in self.each_service():
            answer = self.ask(service, scope_service="sqs")
            if service == "s3":  # nothing but the scope says what such a request is for
                self.assertEqual(answer.status // 100, 4, answer.body)
            else:
                self.refused(answer, service, "scope",
                             f"Credential should be scoped to correct service: '{service}'. ")

    def test_another_terminator_and_another_day(self):
        for service in self.each_service():
            words = ("The authorization header is malformed; incorrect terminal \"aws5\"" if service == "s3"
                     else "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'. ")
            self.refused(self.ask(service, term="aws5"), service, "scope", words)

            def yesterday(request):
                header = request["headers"]["Authorization"]
                request["headers"]["Authorization"] = re.sub(r"/\d{8}/", "/20200101/", header)
            words = ("The authorization header is malformed; Invalid credential date" if service == "s3"
                     else "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ")
            self.refused(self.ask(service, yesterday), service, "scope", words)

    def test_whatever_changes_on_the_way(self):
        def body(request):
            request["body"] += b" "

        def method(request):
            request["method"] = "PATCH"

        def query(request):
            request["target"] += "?x=1"

        def host(request):
            request["headers"]["Host"] = "elsewhere:1"

        def date(request):
            request["headers"]["X-Amz-Date"] = stamp(seconds=5)

        def twice(request):
            request["headers"]["X-Amz-Date"] = [request["headers"]["X-Amz-Date"]] * 2

        for service in self.each_service():
            for change in (body, query, host, date, twice):
                answer = self.ask(service, change)
                if service == "s3" and change is body:
                    self.assertEqual((answer.name, answer.status), ("XAmzContentSHA256Mismatch", 400))
                else:
                    self.refused(answer, service, "mismatch", MISMATCH)
        for service in ("dynamodb", "logs"):
            def target(request):
                request["headers"]["X-Amz-Target"] = request["headers"]["X-Amz-Target"].replace("List", "Describe") \
                    .replace("DescribeLogGroups", "CreateLogGroup").replace("DescribeTables", "DescribeTable")
            self.refused(self.ask(service, target), service, "mismatch", MISMATCH)
        self.refused(self.ask("sts", method), "sts", "mismatch", MISMATCH)

    def test_a_header_that_is_not_signed(self):
        for service in self.each_service():
            def add(request):
                request["headers"]["X-Amz-Meta-Extra"] = "1"
            answer = self.ask(service, add)
            if service == "s3":
                self.assertEqual((answer.name, answer.status), ("AccessDenied", 403))
                self.assertEqual(answer.element("HeadersNotSigned"), "x-amz-meta-extra")
            else:
                self.refused(answer, service, "mismatch", "'X-Amz-Meta-Extra' must be a 'SignedHeader'")

    def test_both_forms(self):
        for service in self.each_service():
            def both(request):
                request["target"] += "?X-Amz-Algorithm=AWS4-HMAC-SHA256"
            answer = self.ask(service, both)
            if service == "s3":
                self.assertEqual((answer.name, answer.status), ("InvalidArgument", 400))
                self.assertEqual(answer.element("ArgumentName"), "Authorization")
            else:
                self.refused(answer, service, "mismatch", "Found both 'X-Amz-Algorithm' as a query-string param")

    def test_a_malformed_query_string(self):
        for service in self.each_service():
            def damage(request):
                request["target"] += "?a=%zz"
            answer = self.ask(service, damage)
            self.assertEqual(answer.status, 400, answer.body)
            self.assertIn(answer.name, ("InvalidURI", "MalformedQueryString", "MalformedQueryStringException"))

    def test_the_date_header_of_http(self):
        _, method, target, headers, body = SERVICES["sts"]
        signer = self.signer("sts")
        moment = datetime.datetime.strptime(signer.time, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
        headers = {"Host": self.stator.listen, "Date": email.utils.format_datetime(moment, usegmt=True), **headers}
        names = sorted(name.lower() for name in headers)
        signature = signer.signature(method, target, headers, names, sha256(body))
        headers["Authorization"] = (f"AWS4-HMAC-SHA256 Credential={signer.key}/{signer.scope}, "
                                    f"SignedHeaders={';'.join(names)}, Signature={signature}")
        self.assertEqual(self.send(QUERY, method, target, headers, body).status, 200)

    def test_dynamodb_shows_what_should_have_been_signed(self):
        answer = self.ask("dynamodb", secret="guessed")
        self.assertIn("\n\nThe Canonical String for this request should have been\n'POST\n/\n\ncontent-type:application/"
                      "x-amz-json-1.0\nhost:", answer.message)
        self.assertIn("\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n", answer.message)

    def test_bytes_that_are_no_text_are_answered_in_text(self):
        for service in self.each_service():
            def add(request):
                request["headers"]["Authorization"] = request["headers"]["Authorization"].replace(
                    "/aws4_request", "/caf\xe9")
            answer = self.ask(service, add)
            self.assertEqual(answer.status // 100, 4)
            self.assertIn("caf\ufffd", answer.message)


class S3Bodies(Case):
    """Bodies that are signed, unsigned or signed chunk by chunk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.put(cls(), "/bucket", {}, b"", None)

    def put(self, target, headers, body, payload):
        signed = self.signer("s3").headers("PUT", target, headers, body, self.stator.listen, payload)
        return self.send(S3, "PUT", target, signed, body)

    def get(self, target):
        return self.send(S3, "GET", target,
                         self.signer("s3").headers("GET", target, {}, b"", self.stator.listen)).body

    def stream(self, target, pieces, *, trailer=None, change=None):
        signer = self.signer("s3")
        form = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" + ("-TRAILER" if trailer else "")
        headers = {"Content-Encoding": "aws-chunked",
                   "x-amz-decoded-content-length": str(sum(len(piece) for piece in pieces))}
        if trailer:
            headers["x-amz-trailer"] = trailer.partition(":")[0]
        signed = signer.headers("PUT", target, headers, b"", self.stator.listen, form)
        body = signer.chunks(signed["Authorization"][-64:], pieces, trailer)
        return self.send(S3, "PUT", target, signed, change(body) if change else body)

    def test_a_body_and_its_hash(self):
        self.assertEqual(self.put("/bucket/a", {}, b"one", None).status, 200)
        self.assertEqual(self.put("/bucket/b", {}, b"two", "UNSIGNED-PAYLOAD").status, 200)
        self.assertEqual((self.get("/bucket/a"), self.get("/bucket/b")), (b"one", b"two"))
        answer = self.put("/bucket/a", {}, b"three", sha256(b"four"))
        self.assertEqual((answer.name, answer.status), ("XAmzContentSHA256Mismatch", 400))
        self.assertEqual(answer.element("ClientComputedContentSHA256"), sha256(b"four"))
        self.assertEqual(answer.element("S3ComputedContentSHA256"), sha256(b"three"))
        answer = self.put("/bucket/a", {}, b"three", "nonsense")
        self.assertEqual((answer.name, answer.status), ("InvalidArgument", 400))
        self.assertEqual(self.get("/bucket/a"), b"one")

    def test_signed_chunks(self):
        big = bytes(range(256)) * 256
        self.assertEqual(self.stream("/bucket/c", (big, big, b"rest")).status, 200)
        self.assertEqual(self.get("/bucket/c"), big + big + b"rest")
        self.assertEqual(self.stream("/bucket/empty", ()).status, 200)
        self.assertEqual(self.get("/bucket/empty"), b"")

    def test_signed_chunks_with_a_trailer(self):
        checksum = base64.b64encode(zlib.crc32(b"hello").to_bytes(4, "big")).decode()
        self.assertEqual(self.stream("/bucket/d", (b"hello",), trailer="x-amz-checksum-crc32:" + checksum).status, 200)
        self.assertEqual(self.get("/bucket/d"), b"hello")
        answer = self.stream("/bucket/e", (b"hellO",), trailer="x-amz-checksum-crc32:" + checksum)
        self.assertEqual((answer.name, answer.status), ("BadDigest", 400))
        answer = self.stream("/bucket/e", (b"hello",), trailer="x-amz-checksum-crc32:" + checksum,
                             change=lambda body: body.replace(checksum.encode(), b"AAAAAA=="))
        self.assertEqual((answer.name, answer.status), ("SignatureDoesNotMatch", 403))

    def test_chunks_that_were_changed(self):
        big = b"a" * 8192
        for change in (lambda body: body.replace(b"aaab", b"aaac"), lambda body: body.replace(b"rest", b"tser"),
                       lambda body: re.sub(rb"(chunk-signature=).", rb"\1x", body)):
            answer = self.stream("/bucket/f", (big + b"b", b"rest"), change=change)
            self.assertEqual((answer.name, answer.status), ("SignatureDoesNotMatch", 403))
        answer = self.stream("/bucket/f", (big, b"rest"), change=lambda body: body[:8300])
        self.assertEqual((answer.name, answer.status), ("IncompleteBody", 400))
        answer = self.stream("/bucket/f", (b"small", big))
        self.assertEqual((answer.name, answer.status), ("InvalidChunkSizeError", 403))
        self.assertIn(b"NoSuchKey", self.get("/bucket/f"))

    def test_what_stator_lacks_is_named(self):
        for form in ("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER"):
            answer = self.put("/bucket/g", {}, b"", form)
            self.assertEqual((answer.name, answer.status), ("NotImplemented", 501))
            self.assertIn(form, answer.message)

    def test_links(self):
        signer = self.signer("s3")
        link = signer.link("PUT", "/bucket/by%20link", self.stator.listen)
        host = {"Host": self.stator.listen}
        self.assertEqual(self.send(S3, "PUT", link, host, b"linked").status, 200)
        self.assertEqual(self.send(S3, "GET", link, host).name, "SignatureDoesNotMatch")
        self.assertEqual(self.get("/bucket/by%20link"), b"linked")
        old = self.signer("s3", time=stamp(seconds=-100))
        self.assertEqual(self.send(S3, "GET", old.link("GET", "/bucket/by%20link", self.stator.listen, 200), host).body,
                         b"linked")
        answer = self.send(S3, "GET", old.link("GET", "/bucket/by%20link", self.stator.listen, 60), host)
        self.assertEqual((answer.name, answer.status, answer.message), ("AccessDenied", 403, "Request has expired"))
        self.assertEqual(answer.element("X-Amz-Expires"), "60")
        for expires in ("604801", "-1", "x", ""):
            answer = self.send(S3, "GET", signer.link("GET", "/bucket/a", self.stator.listen, expires), host)
            self.assertEqual((answer.name, answer.status), ("AuthorizationQueryParametersError", 400))

    def test_a_path_counts_as_it_is_meant(self):
        for target in ("/bucket/a%2Fb", "/bucket/x:y", "/bucket/p//q", "/bucket/./r", "/bucket/caf%C3%A9"):
            self.assertEqual(self.put(target, {}, target.encode(), None).status, 200, target)
            self.assertEqual(self.get(target), target.encode())


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed: no uploads by boto3")
class Boto3Uploads(Case):
    def test_uploads(self):
        for signed in (True, False):
            client = boto3.client("s3", endpoint_url=self.stator.url, region_name="us-east-1",
                                  aws_access_key_id=self.key, aws_secret_access_key=self.secret,
                                  config=botocore.config.Config(signature_version="s3v4", s3={
                                      "addressing_style": "path", "payload_signing_enabled": signed}))
            bucket = "signed" if signed else "unsigned"
            client.create_bucket(Bucket=bucket)
            key = "a b/\u00e9+~(1)*'!.txt"
            client.put_object(Bucket=bucket, Key=key, Body=b"x" * 100_000)
            self.assertEqual(len(client.get_object(Bucket=bucket, Key=key)["Body"].read()), 100_000)
            link = client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key})
            self.assertEqual(len(self.send(S3, "GET", link.removeprefix(self.stator.url),
                                           {"Host": self.stator.listen}).body), 100_000)
            stranger = boto3.client("s3", endpoint_url=self.stator.url, region_name="us-east-1",
                                    aws_access_key_id=self.key, aws_secret_access_key="wrong")
            with self.assertRaises(botocore.exceptions.ClientError) as caught:
                stranger.list_buckets()
            self.assertEqual(caught.exception.response["Error"]["Code"], "SignatureDoesNotMatch")


class OpenDoors(unittest.TestCase):
    def test_no_authorization_on_a_public_address_is_refused(self):
        for address in ("0.0.0.0:0", "[::]:0"):
            with tempfile.TemporaryDirectory() as data:
                outcome = subprocess.run([BINARY, "serve", "--listen", address, "--data", data, "--auth", "off"],
                                         capture_output=True, text=True, timeout=60)
            self.assertNotEqual(outcome.returncode, 0)
            self.assertIn("--auth off lets anyone in", outcome.stdout + outcome.stderr)


if __name__ == "__main__":
    if sys.version_info < (3, 9):
        raise SystemExit("Python 3.9 or later")
    unittest.main()
