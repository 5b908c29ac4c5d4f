"""Functions' logs from the first line to the last client: both formats, levels, groups of one's own; and
CloudWatch Logs as boto3, `aws logs tail` and `stator logs` see it."""

import json
import pathlib
import subprocess
import threading
import time
import unittest

from stator import BINARY, package, Stator

try:
    import boto3
    import botocore.exceptions
except ImportError:
    boto3 = None

BOOTSTRAP = (pathlib.Path(__file__).parent / "logs_bootstrap.py").read_bytes()
AWS = pathlib.Path("/usr/bin/aws")


class Follower:
    """A program that goes on printing; wait_for() a line."""

    def __init__(self, command, environment):
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        text=True)
        self.lines, self.changed = [], threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line)
                self.changed.notify_all()

    def wait_for(self, text):
        with self.changed:
            found = self.changed.wait_for(lambda: any(text in line for line in self.lines), timeout=30)
        if not found:
            raise AssertionError(f"{text} did not come: {''.join(self.lines)}")

    def end(self):
        """All that it has printed. Safe to call twice."""
        self.process.terminate()
        self.process.wait(timeout=30)
        self.reader.join()
        self.process.stdout.close()
        return "".join(self.lines)


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class Logs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator().start()
        cls.addClassCleanup(cls.stator.__exit__)
        cls.environment = cls.stator.environment()
        session = boto3.Session(cls.environment["AWS_ACCESS_KEY_ID"], cls.environment["AWS_SECRET_ACCESS_KEY"],
                                region_name="us-east-1")
        cls.functions = session.client("lambda", endpoint_url=cls.stator.url)
        cls.logs = session.client("logs", endpoint_url=cls.stator.url)
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        cls.role = session.client("iam", endpoint_url=cls.stator.url).create_role(
            RoleName="logs", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]

    def create(self, name, logging=None, **further):
        def add_logging(params, **_):
            """Debian's boto3 is older than LoggingConfig."""
            params["body"] = json.dumps({**json.loads(params["body"]), "LoggingConfig": logging}).encode()

        event = "before-call.lambda.CreateFunction"
        if logging:
            self.functions.meta.events.register(event, add_logging)
            self.addCleanup(self.functions.meta.events.unregister, event, add_logging)
        self.functions.create_function(FunctionName=name, Runtime="provided.al2023", Handler="bootstrap",
                                       Role=self.role, Code={"ZipFile": package({"bootstrap": BOOTSTRAP})}, **further)
        self.functions.get_waiter("function_active_v2").wait(FunctionName=name)

    def invoke(self, name, *lines, **event):
        answer = self.functions.invoke(FunctionName=name, Payload=json.dumps({"lines": lines, **event}))
        return json.load(answer["Payload"])

    def follow(self, command):
        follower = Follower(command, self.environment)
        self.addCleanup(follower.end)
        return follower

    def messages(self, group, until):
        """All messages of a group, once one of them holds a text."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                events = self.logs.filter_log_events(logGroupName=group)["events"]
            except self.logs.exceptions.ResourceNotFoundException:
                events = []
            messages = [event["message"] for event in events]
            if any(until in message for message in messages):
                return messages
            time.sleep(0.1)
        raise AssertionError(f"{until} did not come to {group}")

    def test_text_as_lambda_writes_it(self):
        self.create("text", MemorySize=256)
        self.assertEqual(self.invoke("text", "hello")["AWS_LAMBDA_LOG_FORMAT"], "Text")
        messages = self.messages("/aws/lambda/text", "REPORT")
        shapes = [r"INIT_START Runtime Version: provided:al2023\.\S+\tRuntime Version ARN: arn:aws:lambda:\S+\n",
                  r"START RequestId: (\S+) Version: \$LATEST\n", "hello\n", r"END RequestId: \S+\n",
                  r"REPORT RequestId: \S+\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\t"
                  r"Max Memory Used: \d+ MB\tInit Duration: \d+\.\d\d ms\t\n"]
        self.assertEqual(len(messages), len(shapes), messages)
        for message, shape in zip(messages, shapes):
            self.assertRegex(message, f"^{shape}$")
        stream = self.logs.describe_log_streams(logGroupName="/aws/lambda/text")["logStreams"][0]
        self.assertRegex(stream["logStreamName"], r"^\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}$")

    def test_a_crash_is_told_of(self):
        self.create("crash")
        self.assertEqual(self.invoke("crash", "last words", exit=3)["errorType"], "Runtime.ExitError")
        messages = self.messages("/aws/lambda/crash", "REPORT")
        self.assertIn("last words\n", messages)
        self.assertTrue(any("Error: Runtime exited with error: exit status 3\nRuntime.ExitError\n" in message
                            for message in messages), messages)
        self.assertTrue(messages[-1].endswith("\tStatus: error\tError Type: Runtime.ExitError\n"), messages)
        shown = self.stator.cli("logs", "crash", "--color", "always").stdout
        self.assertRegex(shown, r"\x1b\[31m\S+  REPORT RequestId")
        self.assertRegex(shown, r"\x1b\[2m\S+  START RequestId")

    def test_json_has_levels(self):
        self.create("json", {"LogFormat": "JSON", "ApplicationLogLevel": "WARN", "LogGroup": "/own/group"})
        stamp = '"timestamp":"2026-01-02T03:04:05Z"'
        variables = self.invoke("json", '{"level":"INFO","message":"left out",%s}' % stamp,
                                '{"level":"ERROR","message":"kept",%s}' % stamp, "plain")
        self.assertEqual(variables, {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "WARN"})
        messages = self.messages("/own/group", "platform.report")
        types = [json.loads(message).get("type", "line") if message.startswith("{") else "plain" for message in messages]
        self.assertEqual(types, ["platform.initStart", "platform.start", "line", "plain", "platform.report"], messages)
        report = json.loads(messages[-1])["record"]
        self.assertEqual(report["status"], "success")
        self.assertLessEqual({"durationMs", "billedDurationMs", "memorySizeMB", "maxMemoryUsedMB", "initDurationMs"},
                             set(report["metrics"]))
        found = self.logs.filter_log_events(logGroupName="/own/group", filterPattern='{ $.record.metrics.durationMs > 0 }')
        self.assertEqual(len(found["events"]), 1)
        self.assertRegex(found["events"][0]["logStreamName"], r"/json\[\$LATEST\]")
        self.assertIn("kept", self.stator.cli("logs", "json", "--filter", "{ $.level = ERROR }").stdout)

    @unittest.skipUnless(AWS.exists(), "awscli is not installed")
    def test_aws_logs_tail_follows(self):
        self.create("tailed")
        self.invoke("tailed", "first")
        self.messages("/aws/lambda/tailed", "REPORT")
        tail = self.follow([str(AWS), "--endpoint-url", self.stator.url, "logs", "tail", "/aws/lambda/tailed", "--follow"])
        tail.wait_for("first")
        self.invoke("tailed", "second")
        tail.wait_for("second")
        self.assertEqual(tail.end().count("first"), 1)

    def test_stator_logs_follows_several(self):
        for name in ("one", "two"):
            self.create(name)
        self.invoke("one", "from one")
        self.messages("/aws/lambda/one", "REPORT")
        follower = self.follow([BINARY, "logs", "-f", "one", "two", "--since", "10m", "--data", self.stator.data,
                                "--listen", self.stator.listen])
        follower.wait_for("from one")
        for number in range(20):
            self.invoke("two", f"line {number};")
        follower.wait_for("line 19;")
        shown = follower.end()
        self.assertEqual(shown.count("from one"), 1)
        self.assertEqual([shown.count(f"line {number};") for number in range(20)], [1] * 20)
        self.assertRegex(shown, r"(?m)^one  \S+  from one$")
        as_json = self.stator.cli("logs", "one", "--json", "--filter", '"from one"').stdout
        self.assertEqual(json.loads(as_json)["message"], "from one\n")

    def test_a_log_that_is_not_there(self):
        refused = self.stator.cli("logs", "nobody", check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("/aws/lambda/nobody", refused.stderr)
        refused = self.stator.cli("logs", "nobody", "--filter", "{ $.a EXISTS }", check=False)
        self.assertIn("Invalid filter pattern", refused.stderr)

    def test_paging_through_boto3(self):
        group = {"logGroupName": "/paged"}
        self.logs.create_log_group(**group)
        for stream in ("a", "b"):
            self.logs.create_log_stream(**group, logStreamName=stream)
        now = int(time.time() * 1000)
        for stream in ("a", "b"):
            self.logs.put_log_events(**group, logStreamName=stream, logEvents=[
                {"timestamp": now + i, "message": f"{stream}{i}"} for i in range(7)])
        pages = self.logs.get_paginator("filter_log_events").paginate(**group, PaginationConfig={"PageSize": 3})
        self.assertEqual([event["message"] for page in pages for event in page["events"]],
                         [f"{stream}{i}" for i in range(7) for stream in ("a", "b")])
        forward = self.logs.get_log_events(**group, logStreamName="a", startFromHead=True, limit=5)
        rest = self.logs.get_log_events(**group, logStreamName="a", startFromHead=True,
                                        nextToken=forward["nextForwardToken"])
        self.assertEqual([event["message"] for event in rest["events"]], ["a5", "a6"])
        end = self.logs.get_log_events(**group, logStreamName="a", startFromHead=True,
                                       nextToken=rest["nextForwardToken"])
        self.assertEqual((end["events"], end["nextForwardToken"]), ([], rest["nextForwardToken"]))
        stored = self.logs.describe_log_groups(logGroupNamePrefix="/paged")["logGroups"][0]["storedBytes"]
        self.assertEqual(stored, 14 * (2 + 26))
        with self.assertRaises(self.logs.exceptions.ResourceAlreadyExistsException):
            self.logs.create_log_group(**group)
        with self.assertRaisesRegex(botocore.exceptions.ClientError, "StartQuery"):
            self.logs.start_query(**group, startTime=0, endTime=1, queryString="fields @message")
        self.logs.delete_log_group(**group)


if __name__ == "__main__":
    unittest.main()
