"""Stacks as a client sees them: roles, nested stacks, exports, going back, and what a kill in the middle leaves."""

import json
import time
import unittest

from stator import Stator

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError
except ImportError:
    boto3 = None

TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "cloudformation.amazonaws.com"}}]})
ONLY_PARAMETERS = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "ssm:*", "Resource": "*"}]})


def parameters(count, value, more=""):
    lines = [f"  P{i}: {{Type: AWS::SSM::Parameter, Properties: {{Type: String, Value: {value}}}}}\n"
             for i in range(count)]
    return "Resources:\n" + "".join(lines) + more


GROUP = "  Group: {Type: AWS::Logs::LogGroup}\n"
INNER = """
Parameters: {Text: {Type: String}}
Resources:
  P: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Ref Text}}
Outputs:
  Out: {Value: !Sub "in-${P.Value}"}
"""
OUTER = """
Resources:
  N:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: "%s/templates/inner.yaml", Parameters: {Text: %s}}
Outputs:
  Seen: {Value: !GetAtt N.Outputs.Out, Export: {Name: seen}}
  Nested: {Value: !Ref N}
"""
IMPORTER = """
Resources:
  P: {Type: AWS::SSM::Parameter, Properties: {Name: /imported, Type: String, Value: !ImportValue seen}}
"""


@unittest.skipIf(boto3 is None, "boto3 is not installed")
class Stacks(unittest.TestCase):
    def setUp(self):
        self.clients = {}
        self.stator = Stator()
        self.stator.start()
        self.addCleanup(self.stator.__exit__)

    def client(self, service):
        """One a service for each time that the server is up."""
        key = (self.stator.url, service)
        if key not in self.clients:
            self.clients[key] = self.make_client(service)
            self.addCleanup(self.clients[key].close)
        return self.clients[key]

    def make_client(self, service):
        env = self.stator.environment()
        return boto3.client(service, endpoint_url=self.stator.url, region_name="us-east-1",
                            aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
                            aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
                            config=Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}))

    def stack(self, name):
        return self.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]

    def settled(self, name):
        """The stack's status once nothing is under way; "" when it is gone."""
        for _ in range(600):
            try:
                status = self.stack(name)["StackStatus"]
            except ClientError as error:
                self.assertIn("does not exist", str(error))
                return ""
            if not status.endswith("_IN_PROGRESS"):
                return status
            time.sleep(0.02)
        self.fail("the stack does not come to rest")

    def outputs(self, name):
        return {output["OutputKey"]: output["OutputValue"] for output in self.stack(name).get("Outputs", [])}

    def values(self):
        ssm = self.client("ssm")
        pages = ssm.get_paginator("describe_parameters").paginate()
        names = [parameter["Name"] for page in pages for parameter in page["Parameters"]]
        return {name: ssm.get_parameter(Name=name)["Parameter"]["Value"] for name in names}

    def test_a_role_is_all_that_a_stack_may_do(self):
        iam = self.client("iam")
        role = iam.create_role(RoleName="deployer", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        iam.put_role_policy(RoleName="deployer", PolicyName="p", PolicyDocument=ONLY_PARAMETERS)
        stacks = self.client("cloudformation")
        stacks.create_stack(StackName="good", TemplateBody=parameters(3, "v"), RoleARN=role)
        self.assertEqual(self.settled("good"), "CREATE_COMPLETE")
        self.assertEqual(self.stack("good")["RoleARN"], role)
        stacks.create_stack(StackName="bad", TemplateBody=parameters(1, "v", GROUP), RoleARN=role)
        self.assertEqual(self.settled("bad"), "ROLLBACK_COMPLETE")
        reasons = json.dumps(stacks.describe_stack_events(StackName="bad")["StackEvents"], default=str)
        self.assertIn("logs:CreateLogGroup", reasons)
        with self.assertRaisesRegex(ClientError, "cannot be assumed"):
            stacks.create_stack(StackName="none", TemplateBody=parameters(1, "v"), RoleARN=role + "x")
        stacks.delete_stack(StackName="good")
        self.assertEqual(self.settled("good"), "")
        self.assertEqual(self.values(), {})

    def test_stacks_in_stacks_and_values_between_stacks(self):
        s3, stacks = self.client("s3"), self.client("cloudformation")
        s3.create_bucket(Bucket="templates")
        s3.put_object(Bucket="templates", Key="inner.yaml", Body=INNER.encode())
        stacks.create_stack(StackName="outer", TemplateBody=OUTER % (self.stator.url, "one"))
        self.assertEqual(self.settled("outer"), "CREATE_COMPLETE")
        nested = self.outputs("outer")["Nested"]
        self.assertEqual(self.outputs("outer")["Seen"], "in-one")
        self.assertEqual(self.stack(nested)["StackStatus"], "CREATE_COMPLETE")
        stacks.create_stack(StackName="user", TemplateBody=IMPORTER)
        self.assertEqual(self.settled("user"), "CREATE_COMPLETE")
        self.assertEqual(self.values()["/imported"], "in-one")
        self.assertEqual(stacks.list_imports(ExportName="seen")["Imports"], ["user"])
        self.assertEqual([e["Value"] for e in stacks.list_exports()["Exports"]], ["in-one"])

        stacks.update_stack(StackName="outer", TemplateBody=OUTER % (self.stator.url, "two"))
        self.assertEqual(self.settled("outer"), "UPDATE_ROLLBACK_COMPLETE", "its export is in use")
        self.assertEqual(self.outputs(nested)["Out"], "in-one")
        stacks.delete_stack(StackName="user")
        self.assertEqual(self.settled("user"), "")
        stacks.update_stack(StackName="outer", TemplateBody=OUTER % (self.stator.url, "two"))
        self.assertEqual(self.settled("outer"), "UPDATE_COMPLETE")
        self.assertEqual(self.outputs("outer")["Seen"], "in-two")
        stacks.delete_stack(StackName="outer")
        self.assertEqual(self.settled("outer"), "")
        self.assertEqual(self.settled(nested), "DELETE_COMPLETE")
        self.assertEqual(self.values(), {})

    def test_termination_protection_and_disabled_rollback(self):
        stacks = self.client("cloudformation")
        stacks.create_stack(StackName="s", TemplateBody=parameters(2, "a"), EnableTerminationProtection=True)
        self.assertEqual(self.settled("s"), "CREATE_COMPLETE")
        with self.assertRaisesRegex(ClientError, "TerminationProtection is enabled"):
            stacks.delete_stack(StackName="s")
        # A parameter cannot be empty, which only the service knows.
        failing = parameters(2, "b", "  Bad: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: ''}}\n")
        stacks.update_stack(StackName="s", TemplateBody=failing, DisableRollback=True)
        self.assertEqual(self.settled("s"), "UPDATE_FAILED")
        self.assertEqual(set(self.values().values()), {"b"})
        stacks.rollback_stack(StackName="s")
        self.assertEqual(self.settled("s"), "UPDATE_ROLLBACK_COMPLETE")
        self.assertEqual(sorted(self.values().values()), ["a", "a"])
        stacks.update_termination_protection(StackName="s", EnableTerminationProtection=False)
        stacks.delete_stack(StackName="s")
        self.assertEqual(self.settled("s"), "")

    def test_a_kill_in_the_middle_leaves_the_old_stack_or_the_new(self):
        pause = 0.004
        for round_number in range(4):
            stacks = self.client("cloudformation")
            stacks.create_stack(StackName="s", TemplateBody=parameters(60, "a"))
            time.sleep(pause * round_number)
            self.stator.kill()
            self.stator.start()
            status = self.settled("s")
            self.assertIn(status, ("CREATE_COMPLETE", "ROLLBACK_COMPLETE"))
            self.assertEqual(len(self.values()), 60 if status == "CREATE_COMPLETE" else 0)
            stacks = self.client("cloudformation")
            if status == "ROLLBACK_COMPLETE":
                stacks.delete_stack(StackName="s")
                self.assertEqual(self.settled("s"), "")
                stacks.create_stack(StackName="s", TemplateBody=parameters(60, "a"))
                self.assertEqual(self.settled("s"), "CREATE_COMPLETE")
            stacks.update_stack(StackName="s", TemplateBody=parameters(50, "b"))
            time.sleep(pause * round_number)
            self.stator.kill()
            self.stator.start()
            status = self.settled("s")
            self.assertIn(status, ("UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"))
            new = status == "UPDATE_COMPLETE"
            self.assertEqual(sorted(self.values().values()), ["b"] * 50 if new else ["a"] * 60)
            stacks = self.client("cloudformation")
            stacks.delete_stack(StackName="s")
            time.sleep(pause * round_number)
            self.stator.kill()
            self.stator.start()
            self.assertEqual(self.settled("s"), "")
            self.assertEqual(self.values(), {})


if __name__ == "__main__":
    unittest.main()
