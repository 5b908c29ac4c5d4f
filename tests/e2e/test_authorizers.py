"""Authorizers of HTTP APIs by boto3 and plain requests: tokens of a small provider on this machine, functions that
answer in both formats, and signed requests."""

import json
import pathlib
import shutil
import tempfile
import time
import unittest

from oidc_provider import Provider
from stator import package, request, Stator

try:
    import boto3
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
except ImportError:
    boto3 = None

PROGRAM = (pathlib.Path(__file__).parent / "authorizers_bootstrap.py").read_bytes()
ACCOUNT = "000000000000"


@unittest.skipIf(boto3 is None or shutil.which("openssl") is None, "python3-boto3 or openssl is not installed")
class Authorizers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp(prefix="stator-idp-")
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.provider = Provider(folder)
        cls.addClassCleanup(cls.provider.close)
        cls.stator = Stator()
        cls.addClassCleanup(cls.stator.__exit__)
        cls.stator.start_or_skip()
        environment = cls.stator.environment()
        cls.session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                                    region_name="us-east-1")
        cls.functions = cls.session.client("lambda", endpoint_url=cls.stator.url)
        cls.apis = cls.session.client("apigatewayv2", endpoint_url=cls.stator.url)
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        iam = cls.session.client("iam", endpoint_url=cls.stator.url)
        cls.role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        cls.api = cls.apis.create_api(Name="a", ProtocolType="HTTP")["ApiId"]
        cls.apis.create_stage(ApiId=cls.api, StageName="$default", AutoDeploy=True)
        cls.target = "integrations/" + cls.apis.create_integration(
            ApiId=cls.api, IntegrationType="AWS_PROXY", PayloadFormatVersion="2.0",
            IntegrationUri=cls.make_function("shown"))["IntegrationId"]

    @classmethod
    def make_function(cls, name, mode="", is_open=True):
        arn = cls.functions.create_function(
            FunctionName=name, Runtime="provided.al2023", Handler="bootstrap", Role=cls.role,
            Code={"ZipFile": package({"bootstrap": PROGRAM})}, Timeout=20,
            Environment={"Variables": {"MODE": mode}})["FunctionArn"]
        cls.functions.get_waiter("function_active_v2").wait(FunctionName=name)
        if is_open:
            cls.functions.add_permission(FunctionName=name, StatementId="gateway", Action="lambda:InvokeFunction",
                                         Principal="apigateway.amazonaws.com")
        return arn

    def make_authorizer(self, function_arn, **members):
        uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function_arn}/invocations"
        return self.apis.create_authorizer(
            ApiId=self.api, Name=self.id().rsplit(".", 1)[1] + str(time.monotonic_ns()), AuthorizerType="REQUEST",
            AuthorizerUri=uri, **{"IdentitySource": ["$request.header.x-key"], **members})["AuthorizerId"]

    def make_route(self, key, **members):
        route = self.apis.create_route(ApiId=self.api, RouteKey=key, Target=self.target, **members)["RouteId"]
        self.addCleanup(self.apis.delete_route, ApiId=self.api, RouteId=route)

    def send(self, path, headers=None, method="GET"):
        return request(f"{self.stator.url}/_aws/execute-api/{self.api}/$default{path}", method, None, headers)

    def test_tokens(self):
        authorizer = self.apis.create_authorizer(
            ApiId=self.api, Name="jwt", AuthorizerType="JWT", IdentitySource=["$request.header.Authorization"],
            JwtConfiguration={"Issuer": self.provider.url, "Audience": ["web"]})["AuthorizerId"]
        self.make_route("GET /token", AuthorizationType="JWT", AuthorizerId=authorizer)
        self.make_route("GET /scoped", AuthorizationType="JWT", AuthorizerId=authorizer,
                        AuthorizationScopes=["items.read", "items.write"])
        status, headers, body = self.send("/token")
        self.assertEqual((status, body, headers["www-authenticate"]), (401, {"message": "Unauthorized"}, "Bearer"))

        token = self.provider.token(aud="web", groups=["a", "b"], scope="items.read other", level=7)
        status, _, event = self.send("/token", {"Authorization": "Bearer " + token})
        self.assertEqual(status, 200, event)
        jwt = event["requestContext"]["authorizer"]["jwt"]
        self.assertEqual((jwt["claims"]["groups"], jwt["claims"]["level"], jwt["scopes"]), ("[a b]", "7", None))
        event = self.send("/scoped", {"Authorization": token})[2]
        self.assertEqual(event["requestContext"]["authorizer"]["jwt"]["scopes"], ["items.read"])

        weak = self.provider.token(aud="web", scope="items")
        status, headers, body = self.send("/scoped", {"Authorization": weak})
        self.assertEqual((status, body), (403, {"message": "Forbidden"}))
        self.assertIn('error="insufficient_scope"', headers["www-authenticate"])
        for refused, words in ((self.provider.token(aud="other"), "the token does not have a valid audience"),
                               (self.provider.token(aud="web", exp=int(time.time()) - 1), "the token has expired"),
                               (self.provider.token(aud="web", iss="https://x.example.com"),
                                "the token does not have a valid issuer"),
                               (token[:-6] + "AAAAAA", "the token does not have a valid signature")):
            status, headers, _ = self.send("/token", {"Authorization": refused})
            self.assertEqual(status, 401)
            self.assertIn(f'error="invalid_token" error_description="{words}"', headers["www-authenticate"])

        fetches = self.provider.fetches
        self.provider.kid = "k2"
        rotated = self.provider.token(aud="web")
        self.assertEqual(self.send("/token", {"Authorization": rotated})[0], 200, "a rotation is seen at once")
        self.assertEqual(self.send("/token", {"Authorization": token})[0], 401, "its key was withdrawn")
        for _ in range(20):
            self.send("/token", {"Authorization": token})
        self.assertLess(self.provider.fetches - fetches, 10)

    def test_simple_answers_of_format_2(self):
        authorizer = self.make_authorizer(
            self.make_function("simple", "simple"), AuthorizerPayloadFormatVersion="2.0", EnableSimpleResponses=True,
            AuthorizerResultTtlInSeconds=300)
        for path in ("/one", "/two"):
            self.make_route("GET " + path, AuthorizationType="CUSTOM", AuthorizerId=authorizer)
        self.assertEqual(self.send("/one")[::2], (401, {"message": "Unauthorized"}))
        self.assertEqual(self.send("/one", {"x-key": "no"})[::2], (403, {"message": "Forbidden"}))
        status, _, event = self.send("/one", {"x-key": "yes"})
        self.assertEqual(status, 200, event)
        self.assertEqual(event["requestContext"]["authorizer"]["lambda"],
                         {"asked": 2, "key": "['yes']", "nested": {"list": [1]}})
        event = self.send("/one", {"x-key": "yes"})[2]
        self.assertEqual(event["requestContext"]["authorizer"]["lambda"]["asked"], 2, "it was kept")
        event = self.send("/two", {"x-key": "yes"})[2]
        self.assertEqual(event["requestContext"]["authorizer"]["lambda"]["asked"], 3, "another route is another yes")
        self.apis.reset_authorizers_cache(ApiId=self.api, StageName="$default")
        event = self.send("/one", {"x-key": "yes"})[2]
        self.assertEqual(event["requestContext"]["authorizer"]["lambda"]["asked"], 4)

    def test_policies_of_both_formats(self):
        function = self.make_function("policy", "policy")
        for version in ("1.0", "2.0"):
            authorizer = self.make_authorizer(function, AuthorizerPayloadFormatVersion=version,
                                              AuthorizerResultTtlInSeconds=300)
            path = "/policy" + version[0]
            self.make_route(f"GET {path}/{{id}}", AuthorizationType="CUSTOM", AuthorizerId=authorizer)
            self.assertEqual(self.send(path + "/1", {"x-key": "no"})[::2], (403, {"message": "Forbidden"}))
            status, _, event = self.send(path + "/1", {"x-key": "yes"})
            self.assertEqual(status, 200, event)
            self.assertIn("asked", event["requestContext"]["authorizer"]["lambda"])
            self.assertEqual(self.send(path + "/2", {"x-key": "yes"})[0], 403, "the kept policy allows the first alone")
            self.assertEqual(self.send(path + "/2", {"x-key": "yes, too"})[0], 200)
            self.assertEqual(self.send(path + "/*", {"x-key": "yes*"})[0], 200)
            self.assertEqual(self.send(path + "/3", {"x-key": "yes*"})[0], 403, "a path is no pattern")

    def test_functions_that_do_not_decide(self):
        shut = self.make_authorizer(self.make_function("shut", "simple", is_open=False),
                                    AuthorizerPayloadFormatVersion="2.0", EnableSimpleResponses=True)
        odd = self.make_authorizer(self.make_function("odd", "malformed"),
                                   AuthorizerPayloadFormatVersion="2.0", EnableSimpleResponses=True)
        for path, authorizer in (("/shut", shut), ("/odd", odd)):
            self.make_route("GET " + path, AuthorizationType="CUSTOM", AuthorizerId=authorizer)
            self.assertEqual(self.send(path, {"x-key": "yes"})[::2], (500, {"message": "Internal Server Error"}))
        self.functions.add_permission(
            FunctionName="shut", StatementId="gateway", Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:us-east-1:{ACCOUNT}:{self.api}/authorizers/{shut}")
        self.assertEqual(self.send("/shut", {"x-key": "yes"})[0], 200)

    def test_signed_requests(self):
        self.make_route("GET /signed", AuthorizationType="AWS_IAM")
        self.assertEqual(self.send("/signed")[::2], (403, {"message": "Forbidden"}))
        url = f"{self.stator.url}/_aws/execute-api/{self.api}/$default/signed"
        for service, expected in (("execute-api", 200), ("lambda", 403)):
            signed = AWSRequest("GET", url)
            SigV4Auth(self.session.get_credentials(), service, "us-east-1").add_auth(signed)
            status, _, body = request(url, headers=dict(signed.headers.items()))
            self.assertEqual(status, expected, body)


if __name__ == "__main__":
    unittest.main()
