"""Function URLs as curl and boto3 meet them: open and signed, buffered and streamed, with CORS. And a function that
runs the files of a directory as they are."""

import http.client
import json
import os
import pathlib
import unittest
import urllib.parse

from stator import package, request, Stator

try:
    import boto3
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
except ImportError:
    boto3 = None

PROGRAM = (pathlib.Path(__file__).parent / "urls_bootstrap.py").read_bytes()
FORBIDDEN = "Forbidden. For troubleshooting Function URL authorization issues"


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class FunctionUrls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator()
        cls.addClassCleanup(cls.stator.__exit__)
        cls.code = os.path.join(cls.stator.root, "code")
        os.mkdir(cls.code, 0o755)
        cls.stator.flags += ["--dev-code", cls.code]
        cls.stator.start_or_skip()
        environment = cls.stator.environment()
        cls.session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                                    region_name="us-east-1")
        cls.functions = cls.session.client("lambda", endpoint_url=cls.stator.url)
        cls.iam = cls.session.client("iam", endpoint_url=cls.stator.url)
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        cls.role = cls.iam.create_role(RoleName="urls", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        for name in ("open", "signed", "streamed"):
            cls.functions.create_function(FunctionName=name, Runtime="provided.al2023", Handler="bootstrap",
                                          Role=cls.role, Code={"ZipFile": package({"bootstrap": PROGRAM})}, Timeout=20)
            cls.functions.get_waiter("function_active_v2").wait(FunctionName=name)
        cors = {"AllowOrigins": ["https://page.example"], "AllowMethods": ["PUT"], "MaxAge": 30}
        cls.open = cls.functions.create_function_url_config(FunctionName="open", AuthType="NONE", Cors=cors)["FunctionUrl"]
        cls.signed = cls.functions.create_function_url_config(FunctionName="signed", AuthType="AWS_IAM")["FunctionUrl"]
        cls.let_everyone_in("open")

    @classmethod
    def let_everyone_in(cls, name):
        cls.functions.add_permission(FunctionName=name, StatementId="url", Action="lambda:InvokeFunctionUrl",
                                     Principal="*", FunctionUrlAuthType="NONE")
        cls.call("POST", f"/2015-03-31/functions/{name}/policy",
                 {"StatementId": "function", "Action": "lambda:InvokeFunction", "Principal": "*",
                  "InvokedViaFunctionUrl": True})

    @classmethod
    def call(cls, method, path, members):
        """An operation with members that Debian's boto3 does not know."""
        sent = cls.sign(AWSRequest(method, cls.stator.url + path, data=json.dumps(members).encode()))
        status, _, body = request(sent.url, method, sent.data, dict(sent.headers.items()))
        if status >= 300:
            raise AssertionError(f"{status} {body}")
        return body

    @classmethod
    def sign(cls, unsigned, keys=None):
        SigV4Auth(keys or cls.session.get_credentials(), "lambda", "us-east-1").add_auth(unsigned)
        return unsigned

    def send(self, url, method="GET", body=None, headers=None):
        """As curl does, which knows that names under localhost are this machine."""
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=30)
        self.addCleanup(connection.close)
        target = parts.path + ("?" + parts.query if parts.query else "")
        connection.request(method, target, body, {"Host": parts.netloc, **(headers or {})})
        answer = connection.getresponse()
        return answer, answer.read()

    def test_events_and_answers(self):
        answer, body = self.send(self.open + "a%20b?x=1&x=2", "POST", b"hello", {"Content-Type": "text/plain"})
        self.assertEqual(answer.status, 200)
        event = json.loads(body)
        self.assertEqual((event["version"], event["rawPath"], event["rawQueryString"], event["body"]),
                         ("2.0", "/a%20b", "x=1&x=2", "hello"))
        self.assertEqual(event["queryStringParameters"], {"x": "1,2"})
        self.assertEqual(event["requestContext"]["accountId"], "anonymous")
        self.assertEqual(event["requestContext"]["http"]["path"], "/a b")
        answer, body = self.send(self.open + "teapot")
        self.assertEqual((answer.status, body, answer.headers["X-Pot"]), (418, b"\x00\xff", "tea"))
        self.assertEqual(answer.headers.get_all("Set-Cookie"), ["a=1; Secure", "b=2"])
        answer, body = self.send(self.open + "bare")
        self.assertEqual((answer.headers["Content-Type"], json.loads(body)), ("application/json", {"hello": "world"}))
        for path in ("fail", "malformed"):
            answer, body = self.send(self.open + path)
            self.assertEqual((answer.status, body), (502, b"Internal Server Error"))
        identifier = urllib.parse.urlsplit(self.open).netloc.split(".")[0]
        status, _, body = request(f"{self.stator.url}/_aws/lambda-url/{identifier}/by/path")
        self.assertEqual((status, body["rawPath"]), (200, "/by/path"))

    def test_who_may_call(self):
        answer, body = self.send(self.signed)
        self.assertEqual(answer.status, 403)
        self.assertIn(FORBIDDEN, body.decode())
        signed = self.sign(AWSRequest("GET", self.signed + "who", headers={}))
        answer, body = self.send(signed.url, headers=dict(signed.headers.items()))
        self.assertEqual(answer.status, 200, body)
        caller = json.loads(body)["requestContext"]["authorizer"]["iam"]
        self.assertEqual(caller["accountId"], "000000000000")
        self.iam.create_user(UserName="ann")
        key = self.iam.create_access_key(UserName="ann")["AccessKey"]
        ann = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"]).get_credentials()
        for actions, status in ((["lambda:InvokeFunctionUrl"], 403),
                                (["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"], 200)):
            self.iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=json.dumps(
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}))
            signed = self.sign(AWSRequest("GET", self.signed, headers={}), ann)
            answer, body = self.send(signed.url, headers=dict(signed.headers.items()))
            self.assertEqual(answer.status, status, body)
        self.assertEqual(json.loads(body)["requestContext"]["authorizer"]["iam"]["userArn"],
                         "arn:aws:iam::000000000000:user/ann")
        answer, body = self.send(self.open.replace("://", "://x"))
        self.assertEqual((answer.status, json.loads(body)), (403, {"Message": None}))

    def test_cors(self):
        answer, _ = self.send(self.open, "OPTIONS", headers={"Origin": "https://page.example",
                                                             "Access-Control-Request-Method": "PUT"})
        self.assertEqual((answer.status, answer.headers["Access-Control-Allow-Origin"],
                          answer.headers["Access-Control-Allow-Methods"], answer.headers["Access-Control-Max-Age"]),
                         (200, "https://page.example", "PUT", "30"))
        answer, _ = self.send(self.open, headers={"Origin": "https://page.example"})
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "https://page.example")
        answer, _ = self.send(self.open, headers={"Origin": "https://other.example"})
        self.assertIsNone(answer.headers["Access-Control-Allow-Origin"])

    def test_streams(self):
        url = self.call("POST", "/2021-10-31/functions/streamed/url",
                        {"AuthType": "NONE", "InvokeMode": "RESPONSE_STREAM"})["FunctionUrl"]
        self.let_everyone_in("streamed")
        answer, body = self.send(url + "stream")
        self.assertEqual((answer.status, answer.headers["Content-Type"], answer.headers["Set-Cookie"], body),
                         (202, "text/plain", "s=1", b"first second"))
        self.assertEqual(answer.headers["Transfer-Encoding"], "chunked")
        answer, body = self.send(url + "teapot")
        self.assertEqual((answer.status, body), (418, b"\x00\xff"))
        self.functions.delete_function_url_config(FunctionName="streamed")
        self.assertEqual(self.send(url)[0].status, 403)

    def test_configurations(self):
        put = self.functions.put_function_event_invoke_config(FunctionName="open", MaximumRetryAttempts=1)
        self.assertEqual(put["MaximumRetryAttempts"], 1)
        got = self.functions.get_function_event_invoke_config(FunctionName="open")
        self.assertEqual(got["LastModified"], put["LastModified"])
        urls = self.functions.list_function_url_configs(FunctionName="open")["FunctionUrlConfigs"]
        self.assertEqual([url["FunctionUrl"] for url in urls], [self.open])

    def test_a_directory_is_run_as_it_is(self):
        directory = os.path.join(self.code, "f")
        os.mkdir(directory, 0o755)
        script = "import http.client, os\nc = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])\n" \
                 "r = '/2018-06-01/runtime/invocation/'\nwhile True:\n    c.request('GET', r + 'next')\n" \
                 "    a = c.getresponse(); a.read(); i = a.headers['Lambda-Runtime-Aws-Request-Id']\n" \
                 "    c.request('POST', r + i + '/response', '%s'); c.getresponse().read()\n"
        path = os.path.join(directory, "bootstrap")

        def write(answer):
            with open(path, "w") as file:
                file.write("#!/usr/bin/python3\n" + script % answer)
            os.chmod(path, 0o755)

        def invoke():
            return self.functions.invoke(FunctionName="local")["Payload"].read()

        write("1")
        self.functions.create_function(FunctionName="local", Runtime="provided.al2023", Handler="bootstrap",
                                       Role=self.role, Code={"S3Bucket": "hot-reload", "S3Key": directory})
        self.assertEqual([invoke(), invoke()], [b"1", b"1"])
        write("22")
        self.assertEqual(invoke(), b"22")
        with self.assertRaises(self.functions.exceptions.InvalidParameterValueException):
            self.functions.update_function_code(FunctionName="local", S3Bucket="hot-reload", S3Key="/etc")


if __name__ == "__main__":
    unittest.main()
