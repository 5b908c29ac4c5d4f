"""Functions on tables' streams, through boto3: every record arrives, also across SIGKILLs; what the function does
not take goes to the failure destination."""

import json
import pathlib
import time
import unittest

from stator import package, Stator

try:
    import boto3
    import botocore.exceptions
except ImportError:
    boto3 = None

HERE = pathlib.Path(__file__).parent
PATIENCE_S = 60


def allow(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": actions, "Resource": resource} for actions, resource in statements]})


PACKAGE = package({"bootstrap": (HERE / "stream_bootstrap.py").read_bytes(),
                   "sigv4.py": (HERE / "sigv4.py").read_bytes()})


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class EventSources(unittest.TestCase):
    def setUp(self):
        self.stator = Stator().start()
        self.addCleanup(self.stator.__exit__)
        self.connect()
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        iam = self.client("iam")
        self.role = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        for table in ("things", "seen"):
            stream = {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}}
            self.dynamodb.create_table(
                TableName=table, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                **(stream if table == "things" else {}))
        self.stream = self.dynamodb.describe_table(TableName="things")["Table"]["LatestStreamArn"]
        self.functions.create_function(
            FunctionName="watch", Runtime="provided.al2023", Handler="bootstrap", Role=self.role, Timeout=20,
            Code={"ZipFile": PACKAGE})
        self.functions.get_waiter("function_active_v2").wait(FunctionName="watch")

    def connect(self):
        environment = self.stator.environment()
        self.session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                                     region_name="us-east-1")
        self.dynamodb, self.functions = self.client("dynamodb"), self.client("lambda")

    def client(self, service):
        return self.session.client(service, endpoint_url=self.stator.url)

    def permit(self, *further):
        self.client("iam").put_role_policy(RoleName="reader", PolicyName="work", PolicyDocument=allow(
            (["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"],
             self.stream), ("dynamodb:UpdateItem", "*"), *further))

    def map(self, **options):
        return self.functions.create_event_source_mapping(
            EventSourceArn=self.stream, FunctionName="watch",
            **{"StartingPosition": "TRIM_HORIZON", **options})["UUID"]

    def put(self, item_id, **attributes):
        self.dynamodb.put_item(TableName="things", Item={"id": {"S": item_id}, **attributes})

    def seen(self):
        """{id: (times, the last record)}"""
        items = self.dynamodb.scan(TableName="seen", ConsistentRead=True)["Items"]
        return {item["id"]["S"]: (int(item["times"]["N"]), json.loads(item["record"]["S"])) for item in items}

    def wait_for(self, look, wanted):
        deadline = time.monotonic() + PATIENCE_S
        while (found := look()) != wanted:
            self.assertLess(time.monotonic(), deadline, f"{found} is not {wanted}\n{self.stator.log_text()[-2000:]}")
            time.sleep(0.05)

    def test_every_record_arrives_once_as_lambda_hands_it_out(self):
        with self.assertRaisesRegex(botocore.exceptions.ClientError, "Cannot access stream"):
            self.map()
        self.permit()
        self.put("before")
        uuid = self.map(BatchSize=10, FilterCriteria={"Filters": [{"Pattern": '{"eventName": ["INSERT"]}'}]})
        ids = ["before"] + [f"item{number}" for number in range(25)]
        for item_id in ids[1:]:
            self.put(item_id)
        self.put("item3", changed={"BOOL": True})
        self.wait_for(lambda: {key: times for key, (times, _) in self.seen().items()}, dict.fromkeys(ids, 1))
        record = self.seen()["before"][1]
        self.assertEqual((record["eventSource"], record["eventSourceARN"]), ("aws:dynamodb", self.stream))
        self.assertEqual(record["dynamodb"]["NewImage"], {"id": {"S": "before"}})
        self.wait_for(lambda: self.functions.get_event_source_mapping(UUID=uuid)["LastProcessingResult"], "OK")
        with self.assertRaisesRegex(botocore.exceptions.ClientError, "already exists"):
            self.map()
        listed = self.functions.list_event_source_mappings(FunctionName="watch")["EventSourceMappings"]
        self.assertEqual([mapping["UUID"] for mapping in listed], [uuid])
        self.assertEqual(listed[0]["State"], "Enabled")

        self.assertEqual(self.functions.update_event_source_mapping(UUID=uuid, Enabled=False)["State"], "Disabling")
        self.put("late")
        self.functions.update_event_source_mapping(UUID=uuid, Enabled=True)
        self.wait_for(lambda: self.seen().get("late", (0,))[0], 1)
        self.assertEqual(self.functions.delete_event_source_mapping(UUID=uuid)["State"], "Deleting")
        with self.assertRaisesRegex(botocore.exceptions.ClientError, "does not exist"):
            self.functions.get_event_source_mapping(UUID=uuid)

    def test_a_poisoned_record_alone_goes_to_the_failure_destination(self):
        self.client("s3").create_bucket(Bucket="failed")
        self.permit(("s3:PutObject", "arn:aws:s3:::failed/*"))
        for number in range(8):
            self.put(f"item{number}", **({"poison": {"BOOL": True}} if number == 5 else {}))
        uuid = self.map(BisectBatchOnFunctionError=True, MaximumRetryAttempts=1,
                        DestinationConfig={"OnFailure": {"Destination": "arn:aws:s3:::failed"}})
        self.wait_for(lambda: sorted(self.seen()), [f"item{number}" for number in range(8) if number != 5])
        objects = self.client("s3").list_objects_v2(Bucket="failed")["Contents"]
        self.assertEqual(len(objects), 1)
        self.assertTrue(objects[0]["Key"].startswith(f"aws/lambda/{uuid}/shardId-"), objects[0]["Key"])
        document = json.load(self.client("s3").get_object(Bucket="failed", Key=objects[0]["Key"])["Body"])
        self.assertEqual(document["requestContext"]["condition"], "RetryAttemptsExhausted")
        self.assertEqual(document["requestContext"]["approximateInvokeCount"], 2)
        self.assertEqual(document["DDBStreamBatchInfo"]["batchSize"], 1)
        payload = json.loads(document["payload"])
        self.assertEqual(payload["Records"][0]["dynamodb"]["Keys"], {"id": {"S": "item5"}})

    def test_what_was_not_finished_is_tried_again_after_a_kill(self):
        self.permit()
        self.map(BatchSize=5, ParallelizationFactor=3)
        ids = []
        for kill in range(3):
            for number in range(20):
                ids.append(f"round{kill}-{number}")
                self.put(ids[-1])
            self.stator.kill()
            self.stator.start()
            self.connect()
        self.wait_for(lambda: sorted(self.seen()), sorted(ids))
        # A kill costs at most the batches that ran: one a lane.
        times = sum(times for times, _ in self.seen().values())
        self.assertLessEqual(times, len(ids) + 3 * 3 * 5)


if __name__ == "__main__":
    unittest.main()
