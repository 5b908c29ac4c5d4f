"""What the owner of an HTTP API sees and sets: limits, access logs, metrics, `stator apis`, `stator tail`."""

import json
import re
import subprocess
import time
import unittest

from stator import BINARY, Stator, request

try:
    import boto3
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
except ImportError:
    boto3 = None

FORMAT = {"id": "$context.requestId", "method": "$context.httpMethod", "path": "$context.path",
          "route": "$context.routeKey", "status": "$context.status", "agent": "$context.identity.userAgent",
          "latency": "$context.responseLatency", "integration": "$context.integrationLatency",
          "error": "$context.error.message", "claim": "$context.authorizer.claims.sub"}


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class GatewayFront(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator().start()
        cls.addClassCleanup(cls.stator.__exit__)
        api_url = cls.stator.deploy_items()
        cls.url = cls.stator.path_url(api_url)
        cls.api = re.match(r"http://([a-z0-9]+)\.", api_url).group(1)
        cls.environment = cls.stator.environment()
        cls.session = boto3.Session(cls.environment["AWS_ACCESS_KEY_ID"], cls.environment["AWS_SECRET_ACCESS_KEY"],
                                    region_name="us-east-1")
        cls.gateway = cls.session.client("apigatewayv2", endpoint_url=cls.stator.url)
        cls.logs = cls.session.client("logs", endpoint_url=cls.stator.url)

    def set_stage(self, **settings):
        self.gateway.update_stage(ApiId=self.api, StageName="$default", **settings)

    def page(self, path, signed=True):
        sent = AWSRequest("GET", self.stator.url + path)
        if signed:
            SigV4Auth(self.session.get_credentials(), "apigateway", "us-east-1").add_auth(sent)
        return request(self.stator.url + path, headers=dict(sent.headers))

    def test_a_stage_limits_each_route(self):
        self.set_stage(DefaultRouteSettings={"ThrottlingBurstLimit": 2, "ThrottlingRateLimit": 0.001})
        self.addCleanup(self.set_stage, DefaultRouteSettings={"ThrottlingBurstLimit": 500,
                                                              "ThrottlingRateLimit": 1000.0})
        self.assertEqual([request(f"{self.url}/items")[0] for _ in range(3)], [200, 200, 429])
        status, headers, body = request(f"{self.url}/items")
        self.assertEqual((status, body), (429, {"message": "Too Many Requests"}))
        self.assertTrue(headers["apigw-requestid"])
        self.assertEqual(request(f"{self.url}/items/none")[0], 404)

    def test_a_stage_logs_each_request_in_its_format(self):
        group = "/aws/apis/items"
        self.logs.create_log_group(logGroupName=group)
        self.set_stage(AccessLogSettings={
            "DestinationArn": f"arn:aws:logs:us-east-1:000000000000:log-group:{group}", "Format": json.dumps(FORMAT)})
        self.addCleanup(self.gateway.delete_access_log_settings, ApiId=self.api, StageName="$default")
        _, headers, _ = request(f"{self.url}/items", headers={"User-Agent": 'a", "status": "500'})
        line = self.logged(group, headers["apigw-requestid"])
        self.assertEqual({**line, "latency": 0, "integration": 0}, {
            "id": headers["apigw-requestid"], "method": "GET", "path": "/items", "route": "GET /items",
            "status": "200", "agent": 'a", "status": "500', "latency": 0, "integration": 0, "error": "-", "claim": "-"})
        self.assertGreaterEqual(int(line["latency"]), int(line["integration"]))
        _, headers, _ = request(f"{self.url}/nothing")
        line = self.logged(group, headers["apigw-requestid"])
        self.assertEqual((line["status"], line["error"], line["route"]), ("404", "Not Found", "-"))

    def logged(self, group, request_id):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            for event in self.logs.filter_log_events(logGroupName=group)["events"]:
                line = json.loads(event["message"])
                if line["id"] == request_id:
                    return line
        raise AssertionError(f"{request_id} was not logged")

    def test_metrics_are_for_those_who_may_read_the_apis(self):
        request(f"{self.url}/nothing")
        self.assertEqual(self.page("/_stator/metrics", signed=False)[0], 403)
        status, headers, text = self.page("/_stator/metrics")
        self.assertEqual((status, headers["content-type"].split(";")[0]), (200, "text/plain"))
        labels = re.escape('{api="%s",stage="$default"}' % self.api)
        self.assertGreater(int(re.search(f"stator_apigateway_requests_total{labels} (\\d+)", text)[1]), 0)
        self.assertGreater(int(re.search(f"stator_apigateway_4xx_total{labels} (\\d+)", text)[1]), 0)

    def test_apis_shows_what_is_behind_each_route(self):
        shown = self.stator.cli("apis").stdout
        self.assertIn(self.api, shown)
        self.assertRegex(shown, r"GET /items +-> items-ListFunction-\w+ +open")
        self.assertIn("stages: $default", shown)

    def test_tail_follows_requests_live(self):
        for arguments in ([self.api], [self.api, "--json"]):
            with self.subTest(arguments), subprocess.Popen(
                    [BINARY, "tail", *arguments, "--data", self.stator.data, "--listen", self.stator.listen],
                    env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as tail:
                self.assertEqual(tail.stderr.readline(), f"following {self.api}\n")
                request(f"{self.url}/items", "POST", {"name": "a"})
                line = tail.stdout.readline()
                tail.terminate()
                if "--json" in arguments:
                    seen = json.loads(line)
                    self.assertEqual((seen["method"], seen["path"], seen["route"]), ("POST", "/items", "POST /items"))
                    self.assertEqual(seen["tableCalls"], 1)
                    self.assertLess(0, seen["tablesUs"])
                    self.assertLess(seen["tablesUs"], seen["integrationUs"])
                    self.assertLess(seen["integrationUs"], seen["latencyUs"])
                else:
                    self.assertRegex(line, r"POST +/items +20\d +\d+\.\dms +gateway \d+\.\dms +function \d+\.\dms +"
                                           r"tables \d+\.\dms \(1 call\)\n")

    def test_tail_is_for_those_who_may_read_the_api(self):
        self.assertEqual(self.page(f"/_stator/requests?api={self.api}", signed=False)[0], 403)
        self.assertEqual(self.page("/_stator/requests?api=nothing")[0], 404)
        outcome = self.stator.cli("tail", "nothing", check=False)
        self.assertEqual((outcome.returncode, outcome.stderr),
                         (1, "stator: there is no API of id or name nothing\n"))


class AccountLimit(unittest.TestCase):
    def test_all_apis_together_take_as_many_requests_as_serve_was_told(self):
        with Stator("--api-rate", "2") as stator:
            url = stator.path_url(stator.deploy_items())
            # One after another they come faster than two a second.
            answers = [request(f"{url}/items/none") for _ in range(30)]
            self.assertEqual(answers[0][0], 404)
            self.assertIn((429, {"message": "Too Many Requests"}), [(status, body) for status, _, body in answers])


if __name__ == "__main__":
    unittest.main()
