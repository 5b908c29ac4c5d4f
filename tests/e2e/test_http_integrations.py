"""Integrations of HTTP APIs as curl and boto3 meet them: functions in both payload formats, by version and as a role,
and URLs of a small server; parameter mapping, binary bodies, timeouts."""

import http.client
import http.server
import json
import pathlib
import threading
import time
import unittest

from stator import package, Stator

try:
    import boto3
except ImportError:
    boto3 = None

PROGRAM = (pathlib.Path(__file__).parent / "integrations_bootstrap.py").read_bytes()
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com", "apigateway.amazonaws.com"]},
     "Action": "sts:AssumeRole"}]}


class Backend(http.server.BaseHTTPRequestHandler):
    """Echoes what it is asked; the path says how else it answers."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith("/slow"):
            time.sleep(3)
        if self.path.startswith("/binary"):
            return self.send(200, b"\x00\xff", "application/octet-stream")
        if self.path.startswith("/missing"):
            return self.send(404, b"gone", "text/plain")
        if self.path.startswith("/empty"):
            self.send_response(204)
            return self.end_headers()
        seen = {"method": self.command, "path": self.path, "body": body.decode("latin-1"),
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "connection": self.client_address[1]}
        self.send(200, json.dumps(seen).encode(), "application/json")

    def send(self, status, body, content_type):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = do_PATCH = answer

    def log_message(self, *_):
        pass


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class Integrations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.backend = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Backend)
        cls.backend.daemon_threads = True
        threading.Thread(target=cls.backend.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.backend.server_close)
        cls.addClassCleanup(cls.backend.shutdown)
        cls.stator = Stator()
        cls.addClassCleanup(cls.stator.__exit__)
        cls.stator.start_or_skip()
        environment = cls.stator.environment()
        session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                                region_name="us-east-1")
        cls.apis, cls.functions, cls.iam = (session.client(name, endpoint_url=cls.stator.url)
                                            for name in ("apigatewayv2", "lambda", "iam"))
        cls.role = cls.iam.create_role(RoleName="both", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        cls.function = cls.functions.create_function(
            FunctionName="f", Runtime="provided.al2023", Handler="bootstrap", Role=cls.role,
            Code={"ZipFile": package({"bootstrap": PROGRAM})}, Timeout=20)["FunctionArn"]
        cls.functions.get_waiter("function_active_v2").wait(FunctionName="f")
        cls.version = cls.functions.publish_version(FunctionName="f")["Version"]
        cls.functions.create_alias(FunctionName="f", Name="live", FunctionVersion=cls.version)
        for qualifier in (None, "live"):
            cls.functions.add_permission(FunctionName="f", StatementId="api", Action="lambda:InvokeFunction",
                                         Principal="apigateway.amazonaws.com",
                                         **({"Qualifier": qualifier} if qualifier else {}))
        cls.api = cls.apis.create_api(Name="integrations", ProtocolType="HTTP")["ApiId"]
        cls.apis.create_stage(ApiId=cls.api, StageName="$default", AutoDeploy=True)
        cls.apis.create_stage(ApiId=cls.api, StageName="dev", AutoDeploy=True,
                              StageVariables={"alias": "live", "port": str(cls.backend.server_port)})

    @classmethod
    def route(cls, key, **integration):
        target = cls.apis.create_integration(ApiId=cls.api, **integration)["IntegrationId"]
        cls.apis.create_route(ApiId=cls.api, RouteKey=key, Target=f"integrations/{target}")

    @classmethod
    def route_to_function(cls, key, version, uri=None, **more):
        cls.route(key, IntegrationType="AWS_PROXY", IntegrationUri=uri or cls.function, PayloadFormatVersion=version,
                  **more)

    @classmethod
    def route_to_url(cls, key, path, **more):
        cls.route(key, IntegrationType="HTTP_PROXY", IntegrationMethod=more.pop("IntegrationMethod", "ANY"),
                  IntegrationUri=f"http://127.0.0.1:{cls.backend.server_port}{path}", **more)

    def send(self, target, method="GET", body=None, headers=None):
        connection = http.client.HTTPConnection(self.stator.listen, timeout=30)
        self.addCleanup(connection.close)
        host = f"{self.api}.execute-api.localhost:{self.stator.listen.split(':')[1]}"
        connection.request(method, target, body, {"Host": host, **(headers or {})})
        answer = connection.getresponse()
        return answer, answer.read()

    def test_functions_of_format_two(self):
        self.route_to_function("ANY /two/{kind}", "2.0")
        answer, body = self.send("/two/echo?a=1&a=2", "POST", b"hi", {"Content-Type": "text/plain", "Cookie": "c=1; d=2"})
        event = json.loads(body)
        self.assertEqual((answer.status, event["version"], event["routeKey"], event["rawPath"], event["body"]),
                         (200, "2.0", "ANY /two/{kind}", "/two/echo", "hi"))
        self.assertEqual((event["cookies"], event["queryStringParameters"], event["pathParameters"]),
                         (["c=1", "d=2"], {"a": "1,2"}, {"kind": "echo"}))
        self.assertNotIn("stageVariables", event)
        answer, body = self.send("/two/binary")
        self.assertEqual((answer.headers["Content-Type"], body), ("image/png", b"\x00\xff"))
        answer, body = self.send("/two/echo", "POST", b"\x00\xff", {"Content-Type": "application/octet-stream"})
        self.assertEqual((json.loads(body)["body"], json.loads(body)["isBase64Encoded"]), ("AP8=", True))
        answer, body = self.send("/two/bare")
        self.assertEqual((answer.headers["Content-Type"], json.loads(body)), ("application/json", {"bare": True}))
        answer, body = self.send("/two/empty")
        self.assertEqual((answer.status, body), (204, b""))
        answer, body = self.send("/two/echo", "HEAD")
        self.assertEqual((answer.status, body), (200, b""))
        for kind in ("fail", "malformed"):
            answer, body = self.send(f"/two/{kind}")
            self.assertEqual((answer.status, json.loads(body)), (500, {"message": "Internal Server Error"}))

    def test_functions_of_format_one(self):
        self.route_to_function("ANY /one/{kind}", "1.0")
        answer, body = self.send("/dev/one/echo?a=1&a=2", headers={"X-Twice": "1"})
        event = json.loads(body)
        self.assertEqual((answer.status, event["version"], event["resource"], event["path"], event["httpMethod"]),
                         (200, "1.0", "/one/{kind}", "/dev/one/echo", "GET"))
        self.assertEqual(event["multiValueQueryStringParameters"], {"a": ["1", "2"]})
        self.assertEqual(event["multiValueHeaders"]["x-twice"], ["1"])
        self.assertEqual(event["stageVariables"]["alias"], "live")
        self.assertIsNone(event["body"])
        self.assertEqual(event["requestContext"]["stage"], "dev")
        answer, body = self.send("/one/multi")
        self.assertEqual((answer.headers.get_all("Set-Cookie"), answer.headers["X-One"], body), (["a=1", "b=2"], "1", b"multi"))
        answer, _ = self.send("/one/bare")
        self.assertEqual(answer.status, 500)

    def test_stage_variables_and_timeouts_and_roles(self):
        self.route_to_function("GET /alias/{kind}", "2.0", self.function + ":${stageVariables.alias}")
        self.assertEqual(self.send("/dev/alias/echo")[0].status, 200)
        self.assertEqual(self.send("/alias/echo")[0].status, 500)
        self.route_to_function("GET /short/{kind}", "2.0", TimeoutInMillis=300)
        self.assertEqual(self.send("/short/echo")[0].status, 200)
        answer, body = self.send("/short/slow")
        self.assertEqual((answer.status, json.loads(body)), (503, {"message": "Service Unavailable"}))
        self.route_to_function("GET /role/{kind}", "2.0", CredentialsArn=self.role)
        self.assertEqual(self.send("/role/echo")[0].status, 500)
        self.iam.put_role_policy(RoleName="both", PolicyName="p", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": self.function}]}))
        self.assertEqual(self.send("/role/echo")[0].status, 200)

    def test_urls(self):
        self.route_to_url("ANY /url/{proxy+}", "/{proxy}")
        answer, body = self.send("/url/a/b%20c?x=1", "PUT", b"body", {"X-Own": "1", "X-Forwarded-For": "1.2.3.4"})
        seen = json.loads(body)
        self.assertEqual((answer.status, seen["method"], seen["path"], seen["body"]), (200, "PUT", "/a/b%20c?x=1", "body"))
        headers = seen["headers"]
        self.assertEqual((headers["host"], headers["x-own"], headers["via"], headers["x-forwarded-for"]),
                         (f"127.0.0.1:{self.backend.server_port}", "1", "HTTP/1.1 AmazonAPIGateway",
                          "1.2.3.4, 127.0.0.1"))
        self.assertIn("for=127.0.0.1", headers["forwarded"])
        again = json.loads(self.send("/url/a")[1])
        self.assertEqual(again["connection"], seen["connection"], "the connection was not kept")
        answer, body = self.send("/url/binary")
        self.assertEqual((answer.headers["Content-Type"], body), ("application/octet-stream", b"\x00\xff"))
        self.assertEqual(self.send("/url/empty")[0].status, 204)
        self.assertEqual(self.send("/url/x", "HEAD")[1], b"")
        self.assertEqual(self.send("/url/%2e%2e/secret")[0].status, 400)
        large = b"x" * (5 << 20)
        self.assertEqual(len(json.loads(self.send("/url/large", "POST", large)[1])["body"]), len(large))
        self.assertEqual(self.send("/url/large", "POST", b"x" * ((10 << 20) + 1))[0].status, 413)

    def test_urls_that_do_not_answer(self):
        self.route_to_url("GET /late", "/slow", TimeoutInMillis=200)
        self.route("GET /refused", IntegrationType="HTTP_PROXY", IntegrationMethod="GET",
                   IntegrationUri="http://127.0.0.1:1/")
        for target in ("/late", "/refused"):
            answer, body = self.send(target)
            self.assertEqual((answer.status, json.loads(body)), (503, {"message": "Service Unavailable"}), target)

    def test_mapping(self):
        self.route_to_url("GET /mapped/{id}", "/items", RequestParameters={
            "overwrite:path": "/v2/${request.path.id}",
            "append:header.x-request": "$context.requestId", "overwrite:querystring.stage": "$context.stage",
            "remove:header.x-secret": "''"})
        seen = json.loads(self.send("/mapped/7?stage=forged", headers={"X-Secret": "1"})[1])
        self.assertEqual(seen["path"], "/v2/7?stage=%24default")
        self.assertNotIn("x-secret", seen["headers"])
        self.assertTrue(seen["headers"]["x-request"].endswith("="))
        self.route_to_url("GET /answers", "/missing", ResponseParameters={
            "404": {"overwrite:statuscode": "200", "append:header.x-was": "missing"}})
        answer, body = self.send("/answers")
        self.assertEqual((answer.status, answer.headers["x-was"], body), (200, "missing", b"gone"))
        with self.assertRaises(self.apis.exceptions.BadRequestException) as refused:
            self.route_to_url("GET /no", "/", RequestParameters={"append:header.Authorization": "x"})
        self.assertIn("Invalid mapping expression specified", str(refused.exception))


if __name__ == "__main__":
    unittest.main()
