"""HTTP/2 as curl and h2load meet it: by ALPN, by prior knowledge, many requests on one connection, and the sessions
that TLS resumes."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from stator import BINARY, package, Stator

try:
    import boto3
except ImportError:
    boto3 = None

PROGRAM = (pathlib.Path(__file__).parent / "urls_bootstrap.py").read_bytes()
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}


def has_http2():
    if shutil.which("curl") is None:
        return False
    return "HTTP2" in subprocess.run(["curl", "--version"], capture_output=True, text=True).stdout.split()


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
@unittest.skipUnless(has_http2(), "there is no curl with HTTP/2")
class Http2(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator("--tls-listen", "127.0.0.1:0")
        cls.addClassCleanup(cls.stator.__exit__)
        subprocess.run([BINARY, "tls", "init", "--data", cls.stator.data], capture_output=True, check=True)
        cls.ca = os.path.join(cls.stator.data, "tls", "ca.crt")
        cls.stator.start_or_skip()
        cls.port = int(re.search(r"TLS on 127\.0\.0\.1:(\d+)", cls.stator.modes).group(1))
        cls.secure = f"https://localhost:{cls.port}"
        environment = cls.stator.environment()
        session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                                region_name="us-east-1")
        cls.gateway, cls.functions, cls.iam = (session.client(name, endpoint_url=cls.stator.url)
                                               for name in ("apigatewayv2", "lambda", "iam"))
        cls.path = f"/_aws/execute-api/{cls.make_api()}/$default"

    @classmethod
    def make_api(cls):
        """An API whose function answers with its event."""
        role = cls.iam.create_role(RoleName="h2", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        function = cls.functions.create_function(FunctionName="echo", Runtime="provided.al2023", Handler="bootstrap",
                                                 Role=role, Code={"ZipFile": package({"bootstrap": PROGRAM})},
                                                 Timeout=20)["FunctionArn"]
        cls.functions.get_waiter("function_active_v2").wait(FunctionName="echo")
        cls.functions.add_permission(FunctionName="echo", StatementId="api", Action="lambda:InvokeFunction",
                                     Principal="apigateway.amazonaws.com")
        return cls.gateway.create_api(Name="h2", ProtocolType="HTTP", Target=function)["ApiId"]

    def curl(self, *arguments):
        """(version of HTTP, status, what was printed)"""
        outcome = subprocess.run(
            ["curl", "-sS", "--noproxy", "*", "--cacert", self.ca, "-w", "\n%{http_version} %{http_code}", *arguments],
            capture_output=True, text=True, timeout=60)
        self.assertEqual(outcome.returncode, 0, outcome.stderr)
        printed, _, last = outcome.stdout.rpartition("\n")
        version, status = last.split()
        return version, int(status), printed

    def event(self, *arguments):
        version, status, printed = self.curl(*arguments)
        self.assertEqual((version, status), ("2", 200), printed)
        return json.loads(printed)

    def test_alpn_chooses(self):
        health = f"{self.secure}/_stator/health"
        self.assertEqual(self.curl("--http2", health)[:2], ("2", 200))
        self.assertEqual(self.curl("--http1.1", health)[:2], ("1.1", 200))
        self.assertEqual(self.curl("--no-alpn", health)[:2], ("1.1", 200))

    def test_a_function_sees_what_it_would_of_http1(self):
        url = f"{self.secure}{self.path}/a%20b?x=1"
        event = self.event("--http2", url, "-H", "X-One: two", "-b", "a=1; b=2")
        self.assertEqual(event["requestContext"]["http"]["protocol"], "HTTP/2.0")
        self.assertEqual((event["rawQueryString"], event["headers"]["x-one"]), ("x=1", "two"))
        self.assertEqual(event["cookies"], ["a=1", "b=2"])
        self.assertEqual(event["headers"]["host"], f"localhost:{self.port}")
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"x" * 1_000_000)
            file.flush()
            sent = self.event("--http2", url, "--data-binary", f"@{file.name}", "-H", "Content-Type: text/plain")
        self.assertEqual(len(sent["body"]), 1_000_000)

    def test_head_has_no_body(self):
        version, status, printed = self.curl("--http2", "-I", f"{self.secure}{self.path}/x")
        self.assertEqual((version, status), ("2", 200))
        self.assertRegex(printed, r"(?m)^content-length: [1-9]")

    def test_plain_listeners_take_prior_knowledge_and_no_upgrade(self):
        url = f"{self.stator.url}/_stator/health"
        self.assertEqual(self.curl("--http2-prior-knowledge", url)[:2], ("2", 200))
        self.assertEqual(self.curl("--http2", url)[:2], ("1.1", 200))

    @unittest.skipIf(shutil.which("h2load") is None, "h2load is not installed")
    def test_many_requests_on_few_connections(self):
        for url, count in ((f"{self.secure}/_stator/health", 4000), (f"{self.secure}{self.path}/x", 200)):
            said = subprocess.run(["h2load", "-n", str(count), "-c", "4", "-m", "20", url], capture_output=True,
                                  text=True, timeout=120).stdout
            self.assertIn("Application protocol: h2", said)
            self.assertIn(f"{count} succeeded, 0 failed, 0 errored, 0 timeout", said)
            self.assertIn(f"status codes: {count} 2xx", said)

    @unittest.skipIf(shutil.which("openssl") is None, "openssl is not installed")
    def test_sessions_are_resumed(self):
        connect = ["openssl", "s_client", "-connect", f"127.0.0.1:{self.port}", "-servername", "localhost"]
        for version in ("-tls1_2", "-tls1_3"):
            kept = os.path.join(self.stator.root, "session.pem")
            asked = "GET /_stator/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            for flags, words in ((["-sess_out", kept], "New, TLS"), (["-sess_in", kept], "Reused, TLS")):
                said = subprocess.run([*connect, version, "-ign_eof", *flags], input=asked, capture_output=True,
                                      text=True, timeout=30).stdout
                self.assertIn(words, said)
                self.assertIn("HTTP/1.1 200", said)


if __name__ == "__main__":
    unittest.main()
