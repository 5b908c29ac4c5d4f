"""TLS and custom domains as curl and openssl meet them: whom certificates name, what a handshake takes and refuses,
API mappings, mutual TLS that no Host header leads around, certificates that change under a running server."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import time
import unittest

from stator import BINARY, package, request, Stator

try:
    import boto3
except ImportError:
    boto3 = None

PROGRAM = (pathlib.Path(__file__).parent / "urls_bootstrap.py").read_bytes()
CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/00000000-0000-0000-0000-000000000000"
PATIENCE_S = 30


def openssl(*arguments, input=""):
    """(exit code, output and errors together)"""
    outcome = subprocess.run(["openssl", *arguments], input=input, capture_output=True, text=True, timeout=30)
    return outcome.returncode, outcome.stdout + outcome.stderr


def make_certificate(directory, name, common_name, issuer=None, is_authority=False):
    """NAME.crt and NAME.key, signed by issuer (another such name) or by itself."""
    crt, key, csr = (os.path.join(directory, f"{name}.{kind}") for kind in ("crt", "key", "csr"))
    extensions = os.path.join(directory, f"{name}.ext")
    with open(extensions, "w") as file:
        file.write("basicConstraints=critical,CA:TRUE\n" if is_authority else
                   f"basicConstraints=CA:FALSE\nsubjectAltName=DNS:{common_name}\n")
    openssl("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", key)
    openssl("req", "-new", "-key", key, "-subj", f"/CN={common_name}", "-out", csr)
    signer = ["-signkey", key] if issuer is None else [
        "-CA", os.path.join(directory, f"{issuer}.crt"), "-CAkey", os.path.join(directory, f"{issuer}.key"),
        "-CAcreateserial"]
    code, said = openssl("x509", "-req", "-in", csr, *signer, "-days", "2", "-extfile", extensions, "-out", crt)
    assert code == 0, said
    return crt, key


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
@unittest.skipIf(shutil.which("curl") is None, "curl is not installed")
@unittest.skipIf(shutil.which("openssl") is None, "openssl is not installed")
class TlsDomains(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator()
        cls.addClassCleanup(cls.stator.__exit__)
        cls.given = os.path.join(cls.stator.root, "given")
        cls.keys = os.path.join(cls.stator.root, "keys")
        for directory in (cls.given, cls.keys):
            os.mkdir(directory)
        make_certificate(cls.given, "given.example.com", "given.example.com")
        cls.printed = subprocess.run([BINARY, "tls", "init", "--data", cls.stator.data], capture_output=True, text=True,
                                     check=True).stdout
        cls.ca = os.path.join(cls.stator.data, "tls", "ca.crt")
        cls.stator.flags += ["--tls-listen", "127.0.0.1:0", "--tls-certs", cls.given]
        cls.stator.start_or_skip()
        cls.port = int(re.search(r"TLS on 127\.0\.0\.1:(\d+)", cls.stator.modes).group(1))
        environment = cls.stator.environment()
        session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                                region_name="us-east-1")
        cls.gateway, cls.functions, cls.iam = (session.client(name, endpoint_url=cls.stator.url)
                                               for name in ("apigatewayv2", "lambda", "iam"))
        cls.s3 = session.client("s3", endpoint_url=cls.stator.url,
                                config=boto3.session.Config(s3={"addressing_style": "path"}))
        cls.api = cls.make_api()

    @classmethod
    def make_api(cls):
        """An API whose function answers with its event."""
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        role = cls.iam.create_role(RoleName="tls", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        function = cls.functions.create_function(FunctionName="echo", Runtime="provided.al2023", Handler="bootstrap",
                                                 Role=role, Code={"ZipFile": package({"bootstrap": PROGRAM})},
                                                 Timeout=20)["FunctionArn"]
        cls.functions.get_waiter("function_active_v2").wait(FunctionName="echo")
        cls.functions.add_permission(FunctionName="echo", StatementId="api", Action="lambda:InvokeFunction",
                                     Principal="apigateway.amazonaws.com")
        api = cls.gateway.create_api(Name="tls", ProtocolType="HTTP")["ApiId"]
        integration = cls.gateway.create_integration(ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=function,
                                                     PayloadFormatVersion="2.0")["IntegrationId"]
        cls.gateway.create_route(ApiId=api, RouteKey="$default", Target=f"integrations/{integration}")
        cls.gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
        return api

    def make_domain(self, name, key="", **more):
        made = self.gateway.create_domain_name(
            DomainName=name, DomainNameConfigurations=[{"CertificateArn": CERTIFICATE}], **more)
        self.addCleanup(self.gateway.delete_domain_name, DomainName=name)
        self.gateway.create_api_mapping(DomainName=name, ApiId=self.api, Stage="$default", ApiMappingKey=key)
        return made

    def curl(self, url, *arguments, host="127.0.0.1"):
        """(curl's exit code, status, body)"""
        name = re.match(r"https://([^/:]+)", url).group(1)
        outcome = subprocess.run(
            ["curl", "-sS", "--noproxy", "*", "--resolve", f"{name}:{self.port}:{host}", "-w", "\n%{http_code}",
             *arguments, url.replace(name, f"{name}:{self.port}", 1)], capture_output=True, text=True, timeout=30)
        body, _, status = outcome.stdout.rpartition("\n")
        return outcome.returncode, int(status or 0), body

    def trusted(self, url, *arguments):
        code, status, body = self.curl(url, "--cacert", self.ca, *arguments)
        self.assertEqual(code, 0, body)
        return status, body

    def event(self, url, *arguments):
        status, body = self.trusted(url, *arguments)
        self.assertEqual(status, 200, body)
        return json.loads(body)

    def handshake(self, name, *arguments, input=""):
        connect = ["s_client", "-connect", f"127.0.0.1:{self.port}", "-CAfile", self.ca]
        return openssl(*connect, *(["-servername", name] if name else ["-noservername"]), *arguments, input=input)

    def test_init_says_how_to_trust_and_does_nothing_twice(self):
        self.assertIn(f"--cacert '{self.ca}'", self.printed)
        self.assertIn("update-ca-certificates", self.printed)
        before = pathlib.Path(self.ca).read_text()
        again = subprocess.run([BINARY, "tls", "init", "--data", self.stator.data], capture_output=True, text=True)
        self.assertEqual((again.returncode, pathlib.Path(self.ca).read_text()), (0, before), again.stderr)
        self.assertEqual(os.stat(os.path.join(self.stator.data, "tls", "authority.pem")).st_mode & 0o777, 0o600)

    def test_the_servers_own_names_are_trusted_by_its_authority_alone(self):
        self.assertEqual(self.trusted("https://localhost/_stator/health")[0], 200)
        self.assertEqual(self.trusted(f"https://127.0.0.1/_stator/health")[0], 200)
        self.assertEqual(self.event(f"https://{self.api}.execute-api.localhost/x")["rawPath"], "/x")
        self.assertEqual(self.curl("https://localhost/_stator/health")[0], 60)

    def test_a_domain_leads_to_its_mapping(self):
        made = self.make_domain("shop.example.com", "orders")
        self.assertEqual(made["DomainNameConfigurations"][0]["DomainNameStatus"], "AVAILABLE")
        event = self.event("https://shop.example.com/orders/7?x=1")
        context = event["requestContext"]
        self.assertEqual(event["rawPath"], "/orders/7")
        self.assertEqual((context["domainName"], context["domainPrefix"]), ("shop.example.com", "shop"))
        self.assertEqual((context["apiId"], context["stage"]), (self.api, "$default"))
        status, body = self.trusted("https://shop.example.com/other")
        self.assertEqual((status, json.loads(body)), (403, {"message": "Forbidden"}))
        # A domain is served without TLS too, at the plain listener.
        status, _, _ = request(f"{self.stator.url}/orders", headers={"Host": "shop.example.com"})
        self.assertEqual(status, 200)

    def test_a_wildcard_has_a_certificate_for_what_it_covers(self):
        self.make_domain("*.wild.example.com")
        for name in ("a.wild.example.com", "b.wild.example.com"):
            self.assertEqual(self.event(f"https://{name}/x")["requestContext"]["domainName"], name)

    def test_versions_and_ciphers(self):
        for flag, version in (("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")):
            code, said = self.handshake("localhost", flag, "-verify_return_error")
            self.assertEqual(code, 0, said)
            self.assertIn(version, said)
            self.assertIn("Verify return code: 0 (ok)", said)
        for flag in ("-tls1", "-tls1_1"):
            code, said = self.handshake("localhost", flag, "-cipher", "ALL:@SECLEVEL=0")
            self.assertNotEqual(code, 0, said)
            self.assertIn("Cipher is (NONE)", said)
        for cipher in ("AES128-SHA", "AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-SHA", "NULL", "aNULL"):
            code, said = self.handshake("localhost", "-tls1_2", "-cipher", f"{cipher}:@SECLEVEL=0")
            self.assertNotEqual(code, 0, said)

    def test_nothing_is_renegotiated(self):
        # A line "R" asks for it.
        code, said = self.handshake("localhost", "-tls1_2", input="R\n")
        self.assertNotEqual(code, 0)
        self.assertIn("RENEGOTIATING", said)
        self.assertIn("no renegotiation", said)

    def test_a_name_that_is_not_served_is_refused(self):
        code, said = self.handshake("elsewhere.example.com")
        self.assertNotEqual(code, 0)
        self.assertIn("unrecognized name", said)
        code, said = self.handshake(None)
        self.assertEqual(code, 0, said)

    def serial(self, name):
        _, said = self.handshake(name)
        return openssl("x509", "-noout", "-serial", input=said)[1]

    def eventually(self, found, what):
        deadline = time.monotonic() + PATIENCE_S
        while not found():
            self.assertLess(time.monotonic(), deadline, what + self.stator.log_text())
            time.sleep(0.2)

    def test_a_given_certificate_is_renewed_without_a_restart(self):
        self.make_domain("given.example.com")
        crt = os.path.join(self.given, "given.example.com.crt")
        self.assertEqual(self.curl("https://given.example.com/x", "--cacert", crt)[1], 200)
        first = self.serial("given.example.com")
        with open(crt, "w") as file:
            file.write("broken")
        self.eventually(lambda: "the one before stays in force" in self.stator.log_text(), "nothing was said")
        self.assertEqual(self.serial("given.example.com"), first)
        make_certificate(self.given, "given.example.com", "given.example.com")
        self.eventually(lambda: self.serial("given.example.com") != first, "the old one is still served")
        self.assertEqual(self.curl("https://given.example.com/x", "--cacert", crt)[1], 200)

    def test_mutual_tls(self):
        authority, _ = make_certificate(self.keys, "authority", "Clients", is_authority=True)
        make_certificate(self.keys, "others", "Others", is_authority=True)
        good = make_certificate(self.keys, "ann", "ann.example", issuer="authority")
        bad = make_certificate(self.keys, "eve", "eve.example", issuer="others")
        self.s3.create_bucket(Bucket="trust")
        self.s3.put_object(Bucket="trust", Key="clients.pem", Body=pathlib.Path(authority).read_bytes())
        made = self.make_domain("mutual.example.com",
                                MutualTlsAuthentication={"TruststoreUri": "s3://trust/clients.pem"})
        self.assertEqual(made["MutualTlsAuthentication"], {"TruststoreUri": "s3://trust/clients.pem"})
        url = "https://mutual.example.com/x"

        with_certificate = ("--cert", good[0], "--key", good[1])
        context = self.event(url, *with_certificate)["requestContext"]
        shown = context["authentication"]["clientCert"]
        self.assertIn("ann.example", shown["subjectDN"])
        self.assertIn("Clients", shown["issuerDN"])
        self.assertIn("BEGIN CERTIFICATE", shown["clientCertPem"])
        for arguments in ((), ("--cert", bad[0], "--key", bad[1])):
            for version in ("1.2", "1.3"):
                code, status, body = self.curl(url, "--cacert", self.ca, "--tls-max", version, *arguments)
                self.assertEqual((code != 0, status), (True, 0), body)

        # No Host header leads around the certificate.
        host = ("-H", "Host: mutual.example.com")
        status, body = self.trusted("https://localhost/x", *host)
        self.assertEqual((status, json.loads(body)), (421, {"message": "Misdirected Request"}))
        status, _, body = request(f"{self.stator.url}/x", headers={"Host": "mutual.example.com"})
        self.assertEqual((status, body), (403, {"message": "Forbidden"}))

        self.gateway.update_domain_name(DomainName="mutual.example.com",
                                        DomainNameConfigurations=[{"CertificateArn": CERTIFICATE}],
                                        MutualTlsAuthentication={"TruststoreUri": ""})
        self.assertEqual(self.event(url)["rawPath"], "/x")

    def test_an_api_whose_own_endpoint_is_closed_is_served_by_its_domain_alone(self):
        self.make_domain("only.example.com")
        self.gateway.update_api(ApiId=self.api, DisableExecuteApiEndpoint=True)
        self.addCleanup(self.gateway.update_api, ApiId=self.api, DisableExecuteApiEndpoint=False)
        self.assertEqual(self.event("https://only.example.com/x")["rawPath"], "/x")
        status, body = self.trusted(f"https://{self.api}.execute-api.localhost/x")
        self.assertEqual((status, json.loads(body)), (404, {"message": "Not Found"}))
        status, _, _ = request(f"{self.stator.url}/_aws/execute-api/{self.api}/$default/x")
        self.assertEqual(status, 404)

    def test_what_is_mapped_cannot_be_deleted(self):
        self.make_domain("kept.example.com")
        with self.assertRaises(self.gateway.exceptions.BadRequestException) as refused:
            self.gateway.delete_api(ApiId=self.api)
        self.assertIn("Please remove all API mappings", str(refused.exception))


if __name__ == "__main__":
    unittest.main()
