"""Real AWS clients, Debian's own: awscli and boto3 against the deployed example."""

import json
import subprocess
import sys
import unittest

from stator import Stator, request

try:
    import boto3
    import botocore.exceptions
except ImportError:
    boto3 = None


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class Boto3(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator().start()
        cls.addClassCleanup(cls.stator.__exit__)
        cls.api = cls.stator.path_url(cls.stator.deploy_items())
        cls.environment = cls.stator.environment()
        cls.session = boto3.Session(cls.environment["AWS_ACCESS_KEY_ID"], cls.environment["AWS_SECRET_ACCESS_KEY"],
                                    region_name="us-east-1")

    def client(self, service, **options):
        return self.session.client(service, endpoint_url=self.stator.url, **options)

    def table(self):
        return next(r["PhysicalResourceId"]
                    for r in self.client("cloudformation").describe_stack_resources(StackName="items")["StackResources"]
                    if r["ResourceType"] == "AWS::DynamoDB::Table")

    def test_the_stack_is_complete_and_tells_its_outputs(self):
        stack = self.client("cloudformation").describe_stacks(StackName="items")["Stacks"][0]
        self.assertEqual(stack["StackStatus"], "CREATE_COMPLETE")
        self.assertIn("ApiUrl", [output["OutputKey"] for output in stack["Outputs"]])
        with self.assertRaisesRegex(botocore.exceptions.ClientError, "Stack with id nope does not exist"):
            self.client("cloudformation").describe_stacks(StackName="nope")

    def test_an_item_made_by_the_api_is_in_the_table(self):
        _, _, made = request(self.api + "/items", "POST", {"name": "seen by boto3"})
        dynamodb = self.client("dynamodb")
        self.assertIn(self.table(), dynamodb.list_tables()["TableNames"])
        item = dynamodb.get_item(TableName=self.table(), Key={"id": {"S": made["id"]}})["Item"]
        self.assertEqual(item["name"], {"S": "seen by boto3"})
        missing = dynamodb.get_item(TableName=self.table(), Key={"id": {"S": "nobody"}})
        self.assertNotIn("Item", missing)

    def test_the_five_functions_have_five_roles(self):
        functions = self.client("lambda").list_functions()["Functions"]
        self.assertEqual(len(functions), 5)
        self.assertEqual(len({function["Role"] for function in functions}), 5)

    def test_a_function_can_be_invoked(self):
        event = {"version": "2.0", "routeKey": "GET /items/{id}", "rawPath": "/items/nobody", "rawQueryString": "",
                 "headers": {}, "pathParameters": {"id": "nobody"}, "isBase64Encoded": False,
                 "requestContext": {"http": {"method": "GET", "path": "/items/nobody"}}}
        name = next(function["FunctionName"] for function in self.client("lambda").list_functions()["Functions"]
                    if "Get" in function["FunctionName"])
        answer = self.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event), LogType="Tail")
        self.assertEqual(answer["StatusCode"], 200)
        self.assertNotIn("FunctionError", answer)
        self.assertEqual(json.load(answer["Payload"])["statusCode"], 404)
        self.assertIn("LogResult", answer)

    def test_a_wrong_secret_is_refused(self):
        stranger = boto3.client("dynamodb", endpoint_url=self.stator.url, region_name="us-east-1",
                                aws_access_key_id=self.environment["AWS_ACCESS_KEY_ID"], aws_secret_access_key="wrong")
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            stranger.list_tables()
        self.assertEqual(caught.exception.response["Error"]["Code"], "InvalidSignatureException")

    def dynamodb_as(self, keys):
        return boto3.client("dynamodb", endpoint_url=self.stator.url, region_name="us-east-1",
                            aws_access_key_id=keys["AccessKeyId"], aws_secret_access_key=keys["SecretAccessKey"],
                            aws_session_token=keys.get("SessionToken"))

    def test_a_functions_role_is_for_lambda_alone(self):
        role = next(function["Role"] for function in self.client("lambda").list_functions()["Functions"]
                    if "Get" in function["FunctionName"])
        user = self.make_user("thief", {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"})
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            boto3.client("sts", endpoint_url=self.stator.url, region_name="us-east-1",
                         aws_access_key_id=user["AccessKeyId"], aws_secret_access_key=user["SecretAccessKey"]
                         ).assume_role(RoleArn=role, RoleSessionName="thief")
        self.assertEqual(caught.exception.response["Error"]["Code"], "AccessDenied")

    def make_user(self, name, statement):
        iam = self.client("iam")
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": statement}))
        return iam.create_access_key(UserName=name)["AccessKey"]

    def test_a_role_can_do_what_its_policy_says_and_no_more(self):
        iam = self.client("iam")
        account = self.client("sts").get_caller_identity()["Account"]
        user = self.make_user("taker", {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"})
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            self.dynamodb_as(user).list_tables()
        self.assertEqual(caught.exception.response["Error"]["Code"], "AccessDeniedException")

        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "sts:AssumeRole"}]}
        reader = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        iam.put_role_policy(RoleName="reader", PolicyName="read", PolicyDocument=json.dumps({
            "Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}}))
        sts = boto3.client("sts", endpoint_url=self.stator.url, region_name="us-east-1",
                           aws_access_key_id=user["AccessKeyId"], aws_secret_access_key=user["SecretAccessKey"])
        limited = self.dynamodb_as(sts.assume_role(RoleArn=reader, RoleSessionName="test")["Credentials"])
        limited.get_item(TableName=self.table(), Key={"id": {"S": "x"}})
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            limited.put_item(TableName=self.table(), Item={"id": {"S": "x"}})
        self.assertEqual(caught.exception.response["Error"]["Code"], "AccessDeniedException")
        self.assertRegex(str(caught.exception), "assumed-role/reader/test is not authorized to perform: dynamodb:PutItem")

        # What a policy grants or takes counts from the next request on.
        iam.delete_role_policy(RoleName="reader", PolicyName="read")
        with self.assertRaises(botocore.exceptions.ClientError):
            limited.get_item(TableName=self.table(), Key={"id": {"S": "x"}})


class AwsCli(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator().start()
        cls.addClassCleanup(cls.stator.__exit__)
        cls.api = cls.stator.path_url(cls.stator.deploy_items())

    def aws(self, *arguments, check=True):
        # Debian's awscli is older than AWS_ENDPOINT_URL.
        outcome = subprocess.run(["/usr/bin/aws", "--endpoint-url", self.stator.url, *arguments], env=self.stator.environment(), capture_output=True,
                                 text=True, timeout=60)
        if check and outcome.returncode != 0:
            raise AssertionError(outcome.stderr)
        return json.loads(outcome.stdout) if check else outcome

    def test_tables_items_and_stacks(self):
        tables = self.aws("dynamodb", "list-tables")["TableNames"]
        self.assertEqual(len(tables), 1)
        _, _, made = request(self.api + "/items", "POST", {"name": "by cli"})
        item = self.aws("dynamodb", "get-item", "--table-name", tables[0], "--key", json.dumps({"id": {"S": made["id"]}}))
        self.assertEqual(item["Item"]["name"]["S"], "by cli")
        stacks = self.aws("cloudformation", "describe-stacks", "--stack-name", "items")["Stacks"]
        self.assertEqual(stacks[0]["StackStatus"], "CREATE_COMPLETE")
        self.assertEqual(self.aws("sts", "get-caller-identity")["Account"], "000000000000")

    def test_function_logs_arrive(self):
        request(self.api + "/items", "POST", {"name": "logged"})
        name = next(function["FunctionName"] for function in self.aws("lambda", "list-functions")["Functions"]
                    if "Create" in function["FunctionName"])
        shown = self.stator.cli("logs", name).stdout
        self.assertIn("START RequestId", shown)

    def test_invoke_through_our_own_command(self):
        name = next(function["FunctionName"] for function in self.aws("lambda", "list-functions")["Functions"]
                    if "List" in function["FunctionName"])
        event = {"version": "2.0", "headers": {}, "requestContext": {"http": {"method": "GET", "path": "/items"}}}
        printed = self.stator.cli("invoke", name, json.dumps(event)).stdout
        self.assertEqual(json.loads(printed)["statusCode"], 200)

    def test_what_is_not_there_is_named(self):
        for arguments, words in (
            (("sqs", "list-queues"), "sqs"),
            (("dynamodb", "create-backup", "--table-name", "table", "--backup-name", "backup"), "CreateBackup"),
        ):
            outcome = self.aws(*arguments, check=False)
            self.assertNotEqual(outcome.returncode, 0)
            self.assertIn(words.lower(), outcome.stderr.lower())


if __name__ == "__main__":
    if sys.version_info < (3, 9):
        raise SystemExit("Python 3.9 or later")
    unittest.main()
