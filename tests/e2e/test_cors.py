"""CORS as a browser lives it: pages of one origin ask an API of another. Headless Chromium decides what they may
read; without it the preflights are asked by hand alone."""

import http.server
import json
import shutil
import subprocess
import tempfile
import threading
import unittest

from stator import Stator, request

try:
    import boto3
except ImportError:
    boto3 = None

CHROMIUM = shutil.which("chromium")

# Asks what the query says and posts to its own server what it was let see of the answer.
PAGE = """<script>
(async () => {
  const results = [];
  for (const [url, options] of CASES) {
    try {
      const answer = await fetch(url, options);
      results.push({status: answer.status, exposed: answer.headers.get("apigw-requestid") !== null});
    } catch (error) {
      results.push({refused: true});
    }
  }
  await fetch("/results", {method: "POST", body: JSON.stringify(results)});
})();
</script>"""


class Site(http.server.ThreadingHTTPServer):
    """Serves the page at an origin of its own and takes its results."""

    def __init__(self, cases):
        self.page = PAGE.replace("CASES", json.dumps(cases)).encode()
        self.results, self.came = None, threading.Event()
        super().__init__(("127.0.0.1", 0), SiteHandler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.server_port}"


class SiteHandler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(self.server.page)

    def do_POST(self):
        self.server.results = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(b"")
        self.server.came.set()

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class Cors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator().start()
        cls.addClassCleanup(cls.stator.__exit__)
        cls.api_url = cls.stator.deploy_items()
        cls.url = cls.stator.path_url(cls.api_url)
        environment = cls.stator.environment()
        cls.gateway = boto3.client(
            "apigatewayv2", endpoint_url=cls.stator.url, region_name="us-east-1",
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"])
        cls.api = cls.url.split("/")[-2]

    def allow(self, **configuration):
        self.gateway.update_api(ApiId=self.api, CorsConfiguration=configuration)

    def preflight(self, origin, method="PUT", path="/items"):
        return request(self.url + path, "OPTIONS",
                       headers={"Origin": origin, "Access-Control-Request-Method": method})

    def test_a_preflight_is_answered_without_a_route_of_its_own(self):
        self.allow(AllowOrigins=["https://app.example"], AllowMethods=["GET", "PUT"], AllowHeaders=["X-One"],
                   AllowCredentials=True, MaxAge=600)
        for path in ("/items", "/nothing/at/all"):
            status, headers, body = self.preflight("https://app.example", path=path)
            self.assertEqual((status, body), (204, ""))
            self.assertEqual({name: headers[f"access-control-{name}"] for name in (
                "allow-origin", "allow-credentials", "allow-methods", "allow-headers", "max-age")},
                {"allow-origin": "https://app.example", "allow-credentials": "true", "allow-methods": "GET,PUT",
                 "allow-headers": "x-one", "max-age": "600"})
        status, headers, _ = self.preflight("https://other.example")
        self.assertEqual((status, headers["access-control-allow-origin"]), (204, None))
        self.assertEqual(request(f"{self.url}/items", "OPTIONS")[0], 404)

    def test_any_origin_and_credentials_do_not_go_together(self):
        with self.assertRaisesRegex(self.gateway.exceptions.BadRequestException,
                                    "allow-credentials is not supported if 'allow-origin' is \\*"):
            self.allow(AllowOrigins=["*"], AllowCredentials=True)

    def browse(self, cases):
        site = Site(cases)
        self.addCleanup(site.server_close)
        self.addCleanup(site.shutdown)
        return site

    def show(self, site):
        with tempfile.TemporaryDirectory() as profile:
            browser = subprocess.Popen(
                [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}",
                 "--remote-debugging-port=0", site.origin],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                self.assertTrue(site.came.wait(90), "the browser did not finish")
            finally:
                browser.terminate()
                browser.wait(timeout=30)
        return site.results

    @unittest.skipIf(CHROMIUM is None, "chromium is not installed")
    def test_a_browser_reads_what_it_may(self):
        put = {"method": "PUT", "headers": {"Content-Type": "application/json", "X-One": "1"}, "body": "{}"}
        site = self.browse([
            [f"{self.api_url}/items", {}],
            [f"{self.api_url}/nothing", {}],
            [f"{self.api_url}/items/1", put],
            [f"{self.api_url}/items/1", {"method": "DELETE"}],
            [f"{self.api_url}/items/1", {**put, "headers": {"X-Two": "1"}}],
            [f"{self.api_url}/items", {"credentials": "include"}],
        ])
        self.allow(AllowOrigins=[site.origin], AllowMethods=["GET", "PUT"], AllowHeaders=["Content-Type", "X-One"],
                   ExposeHeaders=["apigw-requestid"])
        read, missing, changed, *refused = self.show(site)
        self.assertEqual(read, {"status": 200, "exposed": True})
        self.assertEqual(missing, {"status": 404, "exposed": True})
        self.assertIn("status", changed)
        self.assertEqual(refused, [{"refused": True}] * 3)

    @unittest.skipIf(CHROMIUM is None, "chromium is not installed")
    def test_a_browser_of_another_origin_reads_nothing(self):
        site = self.browse([[f"{self.api_url}/items", {}], [f"{self.api_url}/items/1", {"method": "PUT"}]])
        self.allow(AllowOrigins=["https://app.example"], AllowMethods=["GET", "PUT"])
        self.assertEqual(self.show(site), [{"refused": True}] * 2)

    @unittest.skipIf(CHROMIUM is None, "chromium is not installed")
    def test_a_browser_sends_credentials_where_they_are_allowed(self):
        site = self.browse([[f"{self.api_url}/items", {"credentials": "include"}], [f"{self.api_url}/items", {}]])
        self.allow(AllowOrigins=[site.origin], AllowMethods=["GET"], AllowCredentials=True)
        self.assertEqual([answer.get("status") for answer in self.show(site)], [200, 200])


if __name__ == "__main__":
    unittest.main()
