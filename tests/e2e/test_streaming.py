"""A function streams its answer to InvokeWithResponseStream and to Invoke, breaks off in the middle, and has
an extension beside it that hears of each invocation and of the end. Its runtime is written from AWS's
documentation of the Runtime and Extensions APIs."""

import base64
import json
import pathlib
import time
import unittest
import urllib.request

from stator import package, Stator

try:
    import boto3
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.eventstream import EventStreamBuffer
except ImportError:
    boto3 = None

PROGRAM = (pathlib.Path(__file__).parent / "streaming_bootstrap.py").read_bytes()


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class Streaming(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator()
        cls.addClassCleanup(cls.stator.__exit__)
        cls.stator.start_or_skip()
        environment = cls.stator.environment()
        cls.session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                                    region_name="us-east-1")
        cls.functions = cls.session.client("lambda", endpoint_url=cls.stator.url)
        cls.logs = cls.session.client("logs", endpoint_url=cls.stator.url)
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        role = cls.session.client("iam", endpoint_url=cls.stator.url).create_role(
            RoleName="streams", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        layer = cls.functions.publish_layer_version(
            LayerName="agent", Content={"ZipFile": package({"extensions/agent": PROGRAM})})["LayerVersionArn"]
        for name, layers in (("plain", []), ("extended", [layer])):
            cls.functions.create_function(FunctionName=name, Runtime="provided.al2023", Handler="bootstrap", Role=role,
                                          Code={"ZipFile": package({"bootstrap": PROGRAM})}, Timeout=20, Layers=layers)
            cls.functions.get_waiter("function_active_v2").wait(FunctionName=name)

    def stream(self, event, headers=None):
        """(headers of the answer, pieces put together, InvokeComplete). By hand, because Debian's boto3 is older
        than the operation."""
        request = AWSRequest("POST", f"{self.stator.url}/2021-11-15/functions/plain/response-streaming-invocations",
                             data=json.dumps(event).encode(), headers=headers or {})
        SigV4Auth(self.session.get_credentials(), "lambda", "us-east-1").add_auth(request)
        sent = urllib.request.Request(request.url, data=request.data, headers=dict(request.headers.items()))
        buffer = EventStreamBuffer()
        with urllib.request.urlopen(sent, timeout=30) as answer:
            received = answer.headers
            buffer.add_data(answer.read())
        body, complete = b"", None
        for message in buffer:
            decoded = message.to_response_dict()
            if decoded["headers"][":event-type"] == "PayloadChunk":
                body += decoded["body"]
            else:
                complete = json.loads(decoded["body"])
        return received, body, complete

    def test_pieces_and_an_end(self):
        headers, body, complete = self.stream({"pieces": ["one ", "two"]})
        self.assertEqual(headers["Content-Type"], "application/vnd.amazon.eventstream")
        self.assertEqual(headers["X-Amz-Executed-Version"], "$LATEST")
        self.assertEqual(body, b"one two")
        self.assertEqual(complete, {})

    def test_the_log_comes_with_the_end(self):
        _, _, complete = self.stream({"pieces": ["x"]}, {"X-Amz-Log-Type": "Tail"})
        self.assertIn("REPORT RequestId", base64.b64decode(complete["LogResult"]).decode())

    def test_a_large_stream(self):
        _, body, complete = self.stream({"pieces": ["x" * 500_000], "times": 40})
        self.assertEqual(len(body), 20_000_000)
        self.assertEqual(complete, {})

    def test_an_error_behind_the_pieces(self):
        error = {"errorType": "Broken", "errorMessage": "half way"}
        _, body, complete = self.stream({"pieces": ["half"], "error": error})
        self.assertEqual(body, b"half")
        self.assertEqual(complete["ErrorCode"], "Unhandled")
        self.assertEqual(json.loads(complete["ErrorDetails"]), error)

    def test_a_death_in_the_middle(self):
        _, body, complete = self.stream({"pieces": ["half"], "exit": 5})
        self.assertEqual(body, b"half")
        self.assertIn("exit status 5", complete["ErrorDetails"])
        self.assertEqual(self.stream({"pieces": ["again"]})[1], b"again")

    def test_invoke_gets_the_whole(self):
        answer = self.functions.invoke(FunctionName="plain", Payload=json.dumps({"pieces": ["one ", "two"]}))
        self.assertEqual(answer["Payload"].read(), b"one two")
        self.assertNotIn("FunctionError", answer)
        answer = self.functions.invoke(FunctionName="plain", Payload=json.dumps({"pieces": ["x" * 1_000_000], "times": 7}))
        self.assertEqual(answer["FunctionError"], "Unhandled")
        self.assertEqual(json.load(answer["Payload"])["errorType"], "Function.ResponseSizeTooLarge")

    @unittest.skipUnless(boto3 and hasattr(boto3.client("lambda", region_name="us-east-1"),
                                           "invoke_with_response_stream"), "boto3 is older than the operation")
    def test_boto3(self):
        answer = self.functions.invoke_with_response_stream(FunctionName="plain",
                                                            Payload=json.dumps({"pieces": ["one ", "two"]}))
        events = list(answer["EventStream"])
        self.assertEqual(b"".join(event["PayloadChunk"]["Payload"] for event in events[:-1]), b"one two")
        self.assertEqual(events[-1], {"InvokeComplete": {}})

    def logged(self, text):
        """Waits until a line of the extended function has it."""
        deadline = time.monotonic() + 20
        lines = []
        while time.monotonic() < deadline:
            lines = [event["message"] for event in
                     self.logs.filter_log_events(logGroupName="/aws/lambda/extended")["events"]]
            if any(text in line for line in lines):
                return
            time.sleep(0.05)
        self.fail(f"{text!r} is not in {lines}")

    def test_an_extension_hears_of_everything(self):
        answer = self.functions.invoke(FunctionName="extended", Payload=json.dumps({"pieces": ["x"]}))
        self.assertEqual(answer["Payload"].read(), b"x")
        self.logged("agent registered for 000000000000")
        self.logged(f"agent heard INVOKE {answer['ResponseMetadata']['RequestId']}")
        self.logged("subscribed 200 OK")
        for event in ("telemetrySubscription", "initStart", "start", "runtimeDone", "report"):
            self.logged(f"telemetry platform.{event}")
        self.logged("telemetry has a line of agent")
        self.functions.update_function_configuration(FunctionName="extended", MemorySize=256)
        self.logged("agent heard SHUTDOWN SPINDOWN")


if __name__ == "__main__":
    unittest.main()
