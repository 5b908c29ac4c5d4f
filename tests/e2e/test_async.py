"""Asynchronous invocations: events are answered with 202, delivered later, tried again, and told of; none is lost
when the server is killed with events in its queue."""

import json
import pathlib
import time
import unittest

from stator import package, Stator

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError
except ImportError:
    boto3 = None

HERE = pathlib.Path(__file__).parent
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
ALLOW = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["dynamodb:UpdateItem", "lambda:InvokeFunction"], "Resource": "*"}]}


PACKAGE = package({"bootstrap": (HERE / "async_bootstrap.py").read_bytes(),
                   "sigv4.py": (HERE / "sigv4.py").read_bytes()})


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class Asynchronous(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator()
        cls.addClassCleanup(cls.stator.__exit__)
        cls.stator.start()
        cls.connect()
        iam = cls.client("iam")
        cls.role = iam.create_role(RoleName="noter", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        iam.put_role_policy(RoleName="noter", PolicyName="p", PolicyDocument=json.dumps(ALLOW))
        cls.tables.create_table(TableName="seen", BillingMode="PAY_PER_REQUEST",
                                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                                AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])
        cls.arns = {name: cls.create(name) for name in ("worker", "told", "letters")}
        cls.functions.update_function_configuration(FunctionName="worker",
                                                    DeadLetterConfig={"TargetArn": cls.arns["letters"]})
        cls.functions.put_function_event_invoke_config(
            FunctionName="worker", MaximumRetryAttempts=0,
            DestinationConfig={"OnSuccess": {"Destination": cls.arns["told"]},
                               "OnFailure": {"Destination": cls.arns["told"]}})

    @classmethod
    def client(cls, service):
        environment = cls.stator.environment()
        return boto3.client(service, endpoint_url=cls.stator.url, region_name="us-east-1",
                            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
                            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
                            config=Config(retries={"max_attempts": 0}))

    @classmethod
    def connect(cls):
        cls.functions, cls.tables = cls.client("lambda"), cls.client("dynamodb")

    @classmethod
    def create(cls, name):
        made = cls.functions.create_function(FunctionName=name, Runtime="provided.al2023", Handler="bootstrap",
                                             Role=cls.role, Code={"ZipFile": PACKAGE}, Timeout=10, MemorySize=128,
                                             Environment={"Variables": {"TABLE": "seen"}})
        return made["FunctionArn"]

    def send(self, event, function="worker", **further):
        return self.functions.invoke(FunctionName=function, InvocationType="Event", Payload=json.dumps(event),
                                     **further)

    def seen(self, name, patience_s=30):
        """(how often, the event), once it has been seen."""
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            item = self.tables.get_item(TableName="seen", Key={"pk": {"S": name}}, ConsistentRead=True).get("Item")
            if item:
                return int(item["seen"]["N"]), json.loads(item["event"]["S"])
            time.sleep(0.05)
        self.fail(f"{name} was not seen: " + self.stator.log_text()[-2000:])

    def test_an_event_is_accepted_and_delivered_once(self):
        answer = self.send({"id": "once"})
        self.assertEqual(answer["StatusCode"], 202)
        self.assertEqual(answer["Payload"].read(), b"")
        self.assertNotIn("FunctionError", answer)
        times, record = self.seen("record once")
        self.assertEqual(times, 1)
        self.assertEqual(self.seen("once"), (1, {"id": "once"}))
        context = record["requestContext"]
        self.assertEqual(record["version"], "1.0")
        self.assertEqual(context["condition"], "Success")
        self.assertEqual(context["approximateInvokeCount"], 1)
        self.assertEqual(context["functionArn"], self.arns["worker"] + ":$LATEST")
        self.assertEqual(context["requestId"], answer["ResponseMetadata"]["RequestId"])
        self.assertEqual(record["responseContext"], {"statusCode": 200, "executedVersion": "$LATEST"})
        self.assertEqual(record["responsePayload"], "noted")

    def test_the_older_operation_does_the_same(self):
        answer = self.functions.invoke_async(FunctionName="worker", InvokeArgs=json.dumps({"id": "older"}))
        self.assertEqual(answer["Status"], 202)
        self.seen("older")

    def test_a_failure_goes_to_its_destination_and_its_dead_letter_target(self):
        sent = self.send({"id": "failing", "fail": True})
        _, record = self.seen("record failing")
        self.assertEqual(record["requestContext"]["condition"], "RetriesExhausted")
        self.assertEqual(record["responseContext"]["functionError"], "Unhandled")
        self.assertEqual(record["responsePayload"]["errorMessage"], "told to fail")
        _, letter = self.seen("letter failing")
        attributes = letter["Records"][0]["messageAttributes"]
        self.assertEqual(attributes["RequestID"]["stringValue"], sent["ResponseMetadata"]["RequestId"])
        self.assertEqual(attributes["ErrorCode"]["stringValue"], "200")
        self.assertEqual(attributes["ErrorMessage"]["stringValue"], "told to fail")

    def test_what_cannot_be_queued_is_refused(self):
        for event, further, code in (({"id": "x" * (1 << 20)}, {}, "RequestEntityTooLargeException"),
                                     ({"id": "x"}, {"function": "nobody"}, "ResourceNotFoundException")):
            with self.assertRaises(ClientError) as refused:
                self.send(event, **further)
            self.assertEqual(refused.exception.response["Error"]["Code"], code)
        with self.assertRaises(ClientError) as refused:
            self.functions.update_function_configuration(
                FunctionName="told", DeadLetterConfig={"TargetArn": "arn:aws:sqs:us-east-1:000000000000:q"})
        self.assertIn("OnFailure", refused.exception.response["Error"]["Message"])

    def test_no_event_is_lost_when_the_server_is_killed(self):
        ids = [f"killed-{number}" for number in range(12)]
        for name in ids:
            self.send({"id": name, "sleep": 1}, function="told")
        self.stator.kill()
        self.stator.start()
        self.connect()
        times = [self.seen(name, 120)[0] for name in ids]
        # What was being delivered at the end may come twice.
        self.assertLessEqual(sum(times), 2 * len(ids))


if __name__ == "__main__":
    unittest.main()
