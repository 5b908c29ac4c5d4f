"""A CI system's way in: its own token for a role's keys. The identity provider is a small one on this machine."""

import http.server
import json
import os
import re
import shutil
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

import sigv4
from oidc_provider import base64url, Provider
from stator import Stator

IAM, STS = "2010-05-08", "2011-06-15"
ROLE = "arn:aws:iam::000000000000:role/deploy"
AUDIENCE = "sts.amazonaws.com"
SUBJECT = "repo:org/app:ref:refs/heads/main"


def inner(xml, name):
    found = re.search(f"<{name}>(.*?)</{name}>", xml, re.S)
    return found.group(1) if found else None


@unittest.skipIf(shutil.which("openssl") is None, "openssl is not installed")
class WebIdentity(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stator-idp-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.provider = Provider(cls.folder)
        cls.addClassCleanup(cls.provider.close)
        cls.stator = Stator().start()
        cls.addClassCleanup(cls.stator.__exit__)
        cls.root = sigv4.environment_keys(cls.stator.environment())
        cls.provider_arn = inner(cls.iam("CreateOpenIDConnectProvider", Url=cls.provider.url,
                                         **{"ClientIDList.member.1": AUDIENCE}), "OpenIDConnectProviderArn")
        name = cls.provider.name
        trust = {"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Federated": cls.provider_arn},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {f"{name}:aud": AUDIENCE},
                          "StringLike": {f"{name}:sub": "repo:org/app:*"}}}]}
        cls.iam("CreateRole", RoleName="deploy", AssumeRolePolicyDocument=json.dumps(trust))
        allowed = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "dynamodb:ListTables", "Resource": "*"}]}
        cls.iam("PutRolePolicy", RoleName="deploy", PolicyName="p", PolicyDocument=json.dumps(allowed))

    @classmethod
    def iam(cls, action, **members):
        status, _, text = sigv4.call_query(cls.stator.url, "iam", action, IAM, members, cls.root)
        assert status == 200, text
        return text

    def assume(self, token, **members):
        """As a CI system does: nothing signs the request but the token in it."""
        form = {"Action": "AssumeRoleWithWebIdentity", "Version": STS, "RoleArn": ROLE, "RoleSessionName": "job-7",
                "WebIdentityToken": token, **members}
        sent = urllib.request.Request(self.stator.url + "/", data=urllib.parse.urlencode(form).encode())
        try:
            with urllib.request.urlopen(sent, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def keys(self, **members):
        status, text = self.assume(self.provider.token(), **members)
        self.assertEqual(status, 200, text)
        return inner(text, "AccessKeyId"), inner(text, "SecretAccessKey"), inner(text, "SessionToken")

    def list_tables(self, keys):
        return sigv4.call_json(self.stator.url, "dynamodb", "DynamoDB_20120810.ListTables", {}, keys)[0]

    def assert_refused(self, token, status, code, words):
        got, text = self.assume(token)
        self.assertEqual((got, inner(text, "Code")), (status, code), text)
        self.assertIn(words, inner(text, "Message"))

    def test_a_token_becomes_keys_that_do_what_the_role_may(self):
        keys = self.keys()
        self.assertEqual(self.list_tables(keys), 200)
        status, _, text = sigv4.call_json(self.stator.url, "dynamodb", "DynamoDB_20120810.DeleteTable",
                                          {"TableName": "items"}, keys)
        self.assertEqual(status, 400)
        self.assertIn("assumed-role/deploy/job-7 is not authorized to perform: dynamodb:DeleteTable", text)
        text = sigv4.call_query(self.stator.url, "sts", "GetCallerIdentity", STS, {}, keys)[2]
        self.assertEqual(inner(text, "Arn"), "arn:aws:sts::000000000000:assumed-role/deploy/job-7")

    def test_the_answer_tells_whose_token_it_was(self):
        _, text = self.assume(self.provider.token())
        self.assertEqual(inner(text, "SubjectFromWebIdentityToken"), SUBJECT)
        self.assertEqual(inner(text, "Audience"), AUDIENCE)
        self.assertEqual(inner(text, "Provider"), self.provider_arn)

    def test_keys_survive_a_restart(self):
        keys = self.keys()
        port = int(self.stator.listen.rsplit(":", 1)[1])
        self.stator.stop()
        self.stator.start(port)
        self.assertEqual(self.list_tables(keys), 200)
        self.assertEqual(self.list_tables(self.keys()), 200)

    def test_a_session_policy_takes_away(self):
        nothing = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
        self.assertEqual(self.list_tables(self.keys(Policy=json.dumps(nothing))), 400)

    def test_other_tokens_are_refused(self):
        token = self.provider.token
        now = int(time.time())
        self.assert_refused(token(aud="another"), 400, "InvalidIdentityToken", "Incorrect token audience")
        self.assert_refused(token(sub="repo:org/other:ref:refs/heads/main"), 403, "AccessDenied",
                            "Not authorized to perform sts:AssumeRoleWithWebIdentity")
        self.assert_refused(token(exp=now - 1), 400, "ExpiredTokenException", "Token expired")
        self.assert_refused(token(iss="https://idp.example.com"), 400, "InvalidIdentityToken",
                            "No OpenIDConnect provider found in your account for https://idp.example.com")
        good = token()
        forged = good[:-8] + ("AAAAAAAA" if good[-8:] != "AAAAAAAA" else "BBBBBBBB")
        self.assert_refused(forged, 400, "InvalidIdentityToken", "was not signed by its issuer")
        header = base64url(json.dumps({"alg": "none"}).encode())
        self.assert_refused(f"{header}.{good.split('.')[1]}.", 400, "InvalidIdentityToken", "not a valid JWT")

    def test_a_certificate_that_nobody_vouches_for_is_refused(self):
        certificate = os.path.join(self.folder, "certificate.pem")
        subprocess.run(["openssl", "req", "-x509", "-key", self.provider.key, "-subj", "/CN=localhost", "-days", "1",
                        "-addext", "subjectAltName=DNS:localhost", "-out", certificate],
                       check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, self.provider.key)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        issuer = f"https://localhost:{server.server_address[1]}"
        self.iam("CreateOpenIDConnectProvider", Url=issuer, **{"ClientIDList.member.1": AUDIENCE})
        self.assert_refused(self.provider.token(iss=issuer), 400, "IDPCommunicationError", "certificate")

    def test_sessions_of_users_and_federated_users(self):
        call = sigv4.call_query
        text = call(self.stator.url, "sts", "GetSessionToken", STS, {"DurationSeconds": "900"}, self.root)[2]
        keys = inner(text, "AccessKeyId"), inner(text, "SecretAccessKey"), inner(text, "SessionToken")
        self.assertEqual(self.list_tables(keys), 200)
        status, _, text = call(self.stator.url, "iam", "ListRoles", IAM, {}, keys)
        self.assertEqual((status, inner(text, "Code")), (403, "InvalidClientTokenId"))
        info = call(self.stator.url, "sts", "GetAccessKeyInfo", STS, {"AccessKeyId": keys[0]}, self.root)[2]
        self.assertEqual(inner(info, "Account"), "000000000000")


if __name__ == "__main__":
    unittest.main()
