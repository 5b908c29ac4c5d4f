"""HTTP APIs as boto3 describes them, seen from both sides: what the control plane answers and what requests then meet.
Deployments, changes in place, quick create, tags, quotas, and a restart in between."""

import http.server
import json
import threading
import unittest
import urllib.parse

from stator import request, Stator

try:
    import boto3
    from botocore.exceptions import ClientError
except ImportError:
    boto3 = None


class Origin(http.server.BaseHTTPRequestHandler):
    """Answers with what it was asked."""
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = json.dumps({"path": self.path, "method": self.command}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_):
        pass


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class HttpApiControl(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.origin = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Origin)
        threading.Thread(target=cls.origin.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.origin.server_close)
        cls.addClassCleanup(cls.origin.shutdown)
        cls.target = f"http://127.0.0.1:{cls.origin.server_address[1]}"
        cls.stator = Stator()
        cls.addClassCleanup(cls.stator.__exit__)
        cls.stator.start()
        cls.connect()

    @classmethod
    def connect(cls):
        environment = cls.stator.environment()
        session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                                region_name="us-east-1")
        cls.apis = session.client("apigatewayv2", endpoint_url=cls.stator.url)
        cls.rest = session.client("apigateway", endpoint_url=cls.stator.url)

    def setUp(self):
        self.api = self.apis.create_api(Name="t", ProtocolType="HTTP")["ApiId"]
        self.addCleanup(lambda: self.apis.delete_api(ApiId=self.api))

    def add_route(self, key, path=""):
        integration = self.apis.create_integration(
            ApiId=self.api, IntegrationType="HTTP_PROXY", IntegrationMethod="ANY", PayloadFormatVersion="1.0",
            IntegrationUri=self.target + path)["IntegrationId"]
        return self.apis.create_route(ApiId=self.api, RouteKey=key, Target=f"integrations/{integration}")["RouteId"]

    def ask(self, path, stage="$default", method="GET"):
        status, _, body = request(f"{self.stator.url}/_aws/execute-api/{self.api}/{urllib.parse.quote(stage)}{path}",
                                  method)
        return status, body

    def refused(self, code, call, **members):
        with self.assertRaises(ClientError) as caught:
            call(**members)
        self.assertEqual(code, caught.exception.response["Error"]["Code"], caught.exception)
        return caught.exception.response["Error"]["Message"]

    def test_a_stage_serves_what_was_deployed_to_it(self):
        route = self.add_route("GET /one", "/first")
        self.apis.create_stage(ApiId=self.api, StageName="dev")
        self.assertEqual((404, {"message": "Not Found"}), self.ask("/one", "dev"))
        first = self.apis.create_deployment(ApiId=self.api, StageName="dev", Description="one")
        self.assertEqual("DEPLOYED", first["DeploymentStatus"])
        self.assertEqual("/first", self.ask("/one", "dev")[1]["path"])

        # Changes wait for the next deployment.
        self.apis.update_route(ApiId=self.api, RouteId=route, RouteKey="GET /two")
        self.assertEqual(200, self.ask("/one", "dev")[0])
        self.assertEqual(404, self.ask("/two", "dev")[0])
        second = self.apis.create_deployment(ApiId=self.api, StageName="dev")
        self.assertEqual(404, self.ask("/one", "dev")[0])
        self.assertEqual(200, self.ask("/two", "dev")[0])

        # Back to the first, over a restart.
        self.apis.update_stage(ApiId=self.api, StageName="dev", DeploymentId=first["DeploymentId"])
        self.stator.stop()
        self.stator.start()
        self.connect()
        self.assertEqual(200, self.ask("/one", "dev")[0])
        self.assertEqual(404, self.ask("/two", "dev")[0])
        self.refused("ConflictException", self.apis.delete_deployment, ApiId=self.api,
                     DeploymentId=first["DeploymentId"])
        self.apis.delete_deployment(ApiId=self.api, DeploymentId=second["DeploymentId"])
        left = self.apis.get_deployments(ApiId=self.api)["Items"]
        self.assertEqual(["one"], [deployment["Description"] for deployment in left])

    def test_an_automatic_stage_follows_at_once(self):
        self.assertIn("no routes exist", self.refused("BadRequestException", self.apis.create_deployment,
                                                      ApiId=self.api))
        self.apis.create_stage(ApiId=self.api, StageName="$default", AutoDeploy=True)
        route = self.add_route("ANY /a")
        stage = self.apis.get_stage(ApiId=self.api, StageName="$default")
        self.assertEqual(f"Successfully deployed stage with deployment ID '{stage['DeploymentId']}'",
                         stage["LastDeploymentStatusMessage"])
        self.assertEqual("POST", self.ask("/a", method="POST")[1]["method"])
        self.apis.update_route(ApiId=self.api, RouteId=route, RouteKey="GET /a")
        self.assertEqual(404, self.ask("/a", method="POST")[0])
        self.apis.update_stage(ApiId=self.api, StageName="$default", AutoDeploy=False)
        self.apis.update_route(ApiId=self.api, RouteId=route, RouteKey="GET /b")
        self.assertEqual(200, self.ask("/a")[0])

    def test_updates_keep_what_they_do_not_mention(self):
        route = self.add_route("GET /a")
        target = self.apis.get_route(ApiId=self.api, RouteId=route)["Target"]
        integration = target.split("/")[1]
        self.apis.update_integration(ApiId=self.api, IntegrationId=integration, TimeoutInMillis=500)
        after = self.apis.get_integration(ApiId=self.api, IntegrationId=integration)
        self.assertEqual((500, self.target, "INTERNET"),
                         (after["TimeoutInMillis"], after["IntegrationUri"], after["ConnectionType"]))
        self.apis.update_api(ApiId=self.api, CorsConfiguration={"AllowOrigins": ["*"]}, Version="2")
        self.apis.update_api(ApiId=self.api, Description="d")
        after = self.apis.get_api(ApiId=self.api)
        self.assertEqual(("t", "d", "2", {"AllowOrigins": ["*"]}),
                         (after["Name"], after["Description"], after["Version"], after["CorsConfiguration"]))
        self.apis.delete_cors_configuration(ApiId=self.api)
        self.assertNotIn("CorsConfiguration", self.apis.get_api(ApiId=self.api))
        self.apis.create_stage(ApiId=self.api, StageName="dev", StageVariables={"a": "1"},
                               RouteSettings={"GET /a": {"ThrottlingBurstLimit": 5, "ThrottlingRateLimit": 2.5}})
        self.apis.update_stage(ApiId=self.api, StageName="dev", StageVariables={"b": "2"})
        stage = self.apis.get_stage(ApiId=self.api, StageName="dev")
        self.assertEqual({"a": "1", "b": "2"}, stage["StageVariables"])
        self.assertEqual(2.5, stage["RouteSettings"]["GET /a"]["ThrottlingRateLimit"])
        self.apis.delete_route_settings(ApiId=self.api, StageName="dev", RouteKey="GET /a")
        self.assertEqual({}, self.apis.get_stage(ApiId=self.api, StageName="dev")["RouteSettings"])
        self.assertIn(f"[{route}]", self.refused("ConflictException", self.apis.delete_integration, ApiId=self.api,
                                                 IntegrationId=integration))

    def test_quick_create(self):
        made = self.apis.create_api(Name="quick", ProtocolType="HTTP", Target=self.target + "/q")
        self.apis.delete_api(ApiId=self.api)
        self.api = made["ApiId"]
        self.assertEqual("/q/anything", self.ask("/anything")[1]["path"])
        route = self.apis.get_routes(ApiId=self.api)["Items"][0]
        self.assertTrue(route["ApiGatewayManaged"])
        self.refused("ConflictException", self.apis.delete_route, ApiId=self.api, RouteId=route["RouteId"])
        self.apis.update_api(ApiId=self.api, RouteKey="GET /only")
        self.assertEqual(404, self.ask("/anything")[0])
        self.assertEqual(200, self.ask("/only")[0])

    def test_a_disabled_endpoint_leads_nowhere(self):
        self.add_route("$default")
        self.apis.create_stage(ApiId=self.api, StageName="$default", AutoDeploy=True)
        self.assertEqual(200, self.ask("/")[0])
        self.apis.update_api(ApiId=self.api, DisableExecuteApiEndpoint=True)
        self.assertEqual((404, {"message": "Not Found"}), self.ask("/"))

    def test_tags(self):
        arn = f"arn:aws:apigateway:us-east-1::/apis/{self.api}"
        self.add_route("$default")
        self.apis.create_stage(ApiId=self.api, StageName="$default", Tags={"a": "1"})
        self.apis.tag_resource(ResourceArn=arn, Tags={"k": "v", "x": "y"})
        self.apis.untag_resource(ResourceArn=arn, TagKeys=["x"])
        self.assertEqual({"k": "v"}, self.apis.get_tags(ResourceArn=arn)["Tags"])
        self.assertEqual({"k": "v"}, self.apis.get_api(ApiId=self.api)["Tags"])
        stage = arn + "/stages/$default"
        self.apis.tag_resource(ResourceArn=stage, Tags={"b": "2"})
        self.assertEqual({"a": "1", "b": "2"}, self.apis.get_tags(ResourceArn=stage)["Tags"])

    def test_lists_page_without_gaps_while_records_go(self):
        routes = {self.add_route(f"GET /{i}") for i in range(5)}
        first = self.apis.get_routes(ApiId=self.api, MaxResults="2")
        self.assertEqual(2, len(first["Items"]))
        self.apis.delete_route(ApiId=self.api, RouteId=first["Items"][0]["RouteId"])
        rest = self.apis.get_routes(ApiId=self.api, NextToken=first["NextToken"])
        self.assertNotIn("NextToken", rest)
        self.assertEqual(routes, {route["RouteId"] for route in first["Items"] + rest["Items"]})

    def test_what_there_is_not_says_so(self):
        self.assertIn("WebSocket", self.refused("BadRequestException", self.apis.create_api, Name="w",
                                                ProtocolType="WEBSOCKET",
                                                RouteSelectionExpression="$request.body.action"))
        self.assertIn("VPC links", self.refused("BadRequestException", self.apis.create_vpc_link, Name="v",
                                                SubnetIds=["s"]))
        self.assertIn("WebSocket", self.refused("BadRequestException", self.apis.create_model, ApiId=self.api,
                                                Name="m", Schema="{}"))
        self.assertIn("REST APIs", self.refused("BadRequestException", self.rest.create_rest_api, name="r"))
        self.assertIn("REST APIs", self.refused("BadRequestException", self.rest.get_resources, restApiId="r"))


if __name__ == "__main__":
    unittest.main()
