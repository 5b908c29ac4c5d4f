"""APIs as documents: ImportApi, ReimportApi and ExportApi by boto3, and a SAM template with Auth and CORS."""

import json
import unittest
import urllib.error
import urllib.request

from stator import Stator

try:
    import boto3
    from botocore.exceptions import ClientError
except ImportError:
    boto3 = None

DOCUMENT = {
    "openapi": "3.0.1",
    "info": {"title": "pets", "version": "1"},
    "tags": [{"name": "team", "x-amazon-apigateway-tag-value": "blue"}],
    "x-amazon-apigateway-cors": {"allowOrigins": ["https://a.example"], "allowMethods": ["GET"]},
    "components": {"securitySchemes": {"Signed": {
        "type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"}}},
}

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration: {AllowOrigins: ['https://a.example'], AllowMethods: [GET]}
      Auth:
        EnableIamAuthorizer: true
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: index.handler
      InlineCode: |
        def handler(event, context):
            return {"statusCode": 200, "body": event["routeKey"]}
      Events:
        Open: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: '/open/{id}', Method: get}}
        Closed: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /closed, Method: get, Auth: {Authorizer: AWS_IAM}}}
        Rest: {Type: HttpApi, Properties: {ApiId: !Ref Api}}
Outputs:
  Url: {Value: !GetAtt Api.ApiEndpoint}
  ApiId: {Value: !Ref Api}
"""


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class OpenApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator().start()
        cls.addClassCleanup(cls.stator.__exit__)

    def client(self, service):
        environment = self.stator.environment()
        return boto3.client(service, endpoint_url=self.stator.url, region_name="us-east-1",
                            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
                            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"])

    def get(self, api_id, path, method="GET", headers=None):
        """(status, headers, body) by the address below the server's own."""
        url = f"{self.stator.url}/_aws/execute-api/{api_id}/$default{path}"
        wanted = urllib.request.Request(url, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(wanted, timeout=20) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def document(self, *paths, **more):
        backend = {"type": "http_proxy", "httpMethod": "GET", "payloadFormatVersion": "1.0",
                   "uri": f"{self.stator.url}/_stator/health"}
        operation = {"responses": {}, "x-amazon-apigateway-integration": backend}
        return json.dumps({**DOCUMENT, "paths": {path: {"get": {**operation, **more}} for path in paths}})

    def test_import_reimport_and_export(self):
        gateway = self.client("apigatewayv2")
        api = gateway.import_api(Body=self.document("/a", "/b/{id}"))
        api_id = api["ApiId"]
        self.assertEqual((api["Name"], api["Version"], api["Tags"]), ("pets", "1", {"team": "blue"}))
        self.assertEqual(api["CorsConfiguration"]["AllowOrigins"], ["https://a.example"])
        gateway.create_stage(ApiId=api_id, StageName="$default", AutoDeploy=True)
        self.assertEqual(self.get(api_id, "/a")[0], 200)
        self.assertEqual(self.get(api_id, "/c")[0], 404)

        gateway.reimport_api(ApiId=api_id, Body=self.document("/c", security=[{"Signed": []}]))
        routes = gateway.get_routes(ApiId=api_id)["Items"]
        self.assertEqual([(route["RouteKey"], route["AuthorizationType"]) for route in routes],
                         [("GET /c", "AWS_IAM")])
        self.assertEqual(self.get(api_id, "/c")[0], 403)
        self.assertEqual(self.get(api_id, "/a")[0], 404)

        for kind in ("JSON", "YAML"):
            exported = gateway.export_api(ApiId=api_id, Specification="OAS30", OutputType=kind)["body"].read()
            again = gateway.import_api(Body=exported.decode(), FailOnWarnings=True)
            copied = gateway.get_routes(ApiId=again["ApiId"])["Items"]
            self.assertEqual([(route["RouteKey"], route["AuthorizationType"]) for route in copied],
                             [("GET /c", "AWS_IAM")])

    def test_faults_leave_nothing(self):
        gateway = self.client("apigatewayv2")
        before = len(gateway.get_apis()["Items"])
        for body in ("{", json.dumps({"swagger": "2.0"}), self.document("/a", security=[{"Lost": []}])):
            with self.assertRaises(ClientError) as refused:
                gateway.import_api(Body=body)
            self.assertEqual(refused.exception.response["Error"]["Code"], "BadRequestException")
        self.assertEqual(len(gateway.get_apis()["Items"]), before)

    def test_a_template_with_auth_and_cors(self):
        formation = self.client("cloudformation")
        formation.create_stack(StackName="hello", TemplateBody=TEMPLATE,
                               Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
        formation.get_waiter("stack_create_complete").wait(StackName="hello", WaiterConfig={"Delay": 1})
        outputs = formation.describe_stacks(StackName="hello")["Stacks"][0]["Outputs"]
        api_id = {output["OutputKey"]: output["OutputValue"] for output in outputs}["ApiId"]
        self.assertEqual(self.get(api_id, "/open/1")[::2], (200, "GET /open/{id}"))
        self.assertEqual(self.get(api_id, "/else", "POST")[::2], (200, "$default"))
        self.assertEqual(self.get(api_id, "/closed")[0], 403)
        status, headers, _ = self.get(api_id, "/open/1", "OPTIONS", {
            "Origin": "https://a.example", "Access-Control-Request-Method": "GET"})
        self.assertEqual((status, headers["Access-Control-Allow-Origin"]), (204, "https://a.example"))
        types = [resource["ResourceType"] for resource in
                 formation.describe_stack_resources(StackName="hello")["StackResources"]]
        self.assertEqual(types.count("AWS::ApiGatewayV2::Api"), 1)
        self.assertNotIn("AWS::ApiGatewayV2::Route", types)

        changed = TEMPLATE.replace("/open/{id}", "/opened/{id}").replace("https://a.example", "https://b.example")
        formation.update_stack(StackName="hello", TemplateBody=changed,
                               Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
        formation.get_waiter("stack_update_complete").wait(StackName="hello", WaiterConfig={"Delay": 1})
        self.assertEqual(self.get(api_id, "/opened/1")[::2], (200, "GET /opened/{id}"))


if __name__ == "__main__":
    unittest.main()
