"""aws cloudformation: package, deploy, and what one looks at afterwards, with the AWS CLI as it is."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from stator import Stator

AWS = shutil.which("aws")


def reads_endpoint_url():
    """Whether the CLI is new enough for AWS_ENDPOINT_URL, the only endpoint that package has ears for."""
    printed = subprocess.run([AWS, "--version"], capture_output=True, text=True, timeout=60).stdout
    found = re.match(r"aws-cli/(\d+)\.(\d+)", printed)
    if found is None:
        return False
    major, minor = map(int, found.groups())
    return minor >= (29 if major == 1 else 13)

PLAIN = """
Parameters:
  Name: {Type: String, Default: one}
  Keep: {Type: Number, Default: 7}
Resources:
  Group:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "/app/${Name}", RetentionInDays: !Ref Keep}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: lambda.amazonaws.com}}]
Outputs:
  Group: {Value: !Ref Group}
"""

SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code
      Handler: bootstrap
      Runtime: provided.al2023
  Items:
    Type: AWS::Serverless::SimpleTable
Outputs:
  Table: {Value: !Ref Items}
"""


@unittest.skipIf(AWS is None, "the AWS CLI is not installed")
class CloudFormationCli(unittest.TestCase):
    def setUp(self):
        self.stator = Stator("--auth", "off")
        self.stator.start()
        self.addCleanup(self.stator.__exit__)
        self.dir = tempfile.mkdtemp(prefix="stator-cfn-")
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)

    def aws(self, *arguments, fails=False):
        env = {"PATH": os.environ["PATH"], "HOME": self.dir, "AWS_ACCESS_KEY_ID": "test",
               "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1", "AWS_PAGER": "",
               "AWS_ENDPOINT_URL": self.stator.url}
        # Debian's CLI does not read AWS_ENDPOINT_URL.
        run = subprocess.run([AWS, "--endpoint-url", self.stator.url, "--output", "json", *arguments],
                             env=env, cwd=self.dir, capture_output=True, text=True, timeout=120)
        if fails:
            self.assertNotEqual(run.returncode, 0, run.stdout)
            return run.stderr + run.stdout
        self.assertEqual(run.returncode, 0, run.stderr + run.stdout)
        return json.loads(run.stdout) if run.stdout.startswith(("{", "[")) else run.stdout

    def cfn(self, *arguments, **how):
        return self.aws("cloudformation", *arguments, **how)

    def write(self, name, text):
        path = os.path.join(self.dir, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        return path

    def deploy(self, template, *more, **how):
        return self.cfn("deploy", "--template-file", template, "--stack-name", "app",
                        "--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND", *more, **how)

    def stack(self, name="app"):
        return self.cfn("describe-stacks", "--stack-name", name)["Stacks"][0]

    def test_a_plain_template_lives_its_life(self):
        template = self.write("plain.yaml", PLAIN)
        self.deploy(template)
        self.assertEqual(self.stack()["StackStatus"], "CREATE_COMPLETE")
        self.assertEqual(self.stack()["Outputs"][0]["OutputValue"], "/app/one")

        unchanged = self.deploy(template, "--no-fail-on-empty-changeset")
        self.assertIn("No changes to deploy", unchanged)
        self.deploy(template, "--fail-on-empty-changeset", fails=True)

        self.deploy(template, "--parameter-overrides", "Keep=14", "--tags", "team=blue")
        stack = self.stack()
        self.assertEqual(stack["StackStatus"], "UPDATE_COMPLETE")
        self.assertEqual(stack["Tags"], [{"Key": "team", "Value": "blue"}])
        groups = self.aws("logs", "describe-log-groups")["logGroups"]
        self.assertEqual([(group["logGroupName"], group["retentionInDays"]) for group in groups],
                         [("/app/one", 14)])
        # The CLI sends the values that are not overridden as UsePreviousValue.
        self.deploy(template, "--parameter-overrides", "Name=two")
        self.assertEqual(self.stack()["Outputs"][0]["OutputValue"], "/app/two")
        kept = {entry["ParameterKey"]: entry["ParameterValue"] for entry in self.stack()["Parameters"]}
        self.assertEqual(kept, {"Name": "two", "Keep": "14"})

        self.cfn("delete-stack", "--stack-name", "app")
        self.cfn("wait", "stack-delete-complete", "--stack-name", "app")
        self.assertIn("does not exist", self.cfn("describe-stacks", "--stack-name", "app", fails=True))
        self.assertEqual(self.aws("logs", "describe-log-groups")["logGroups"], [])

    def test_a_change_set_is_looked_at_before_it_is_executed(self):
        template = self.write("plain.yaml", PLAIN)
        said = self.deploy(template, "--no-execute-changeset")
        self.assertIn("describe-change-set", said)
        self.assertEqual(self.stack()["StackStatus"], "REVIEW_IN_PROGRESS")
        (waiting,) = self.cfn("list-change-sets", "--stack-name", "app")["Summaries"]
        self.cfn("execute-change-set", "--change-set-name", waiting["ChangeSetId"])
        self.cfn("wait", "stack-create-complete", "--stack-name", "app")

        self.cfn("create-change-set", "--stack-name", "app", "--change-set-name", "next",
                 "--use-previous-template", "--capabilities", "CAPABILITY_IAM", "--parameters",
                 "ParameterKey=Name,ParameterValue=two", "ParameterKey=Keep,UsePreviousValue=true")
        self.cfn("wait", "change-set-create-complete", "--stack-name", "app", "--change-set-name", "next")
        described = self.cfn("describe-change-set", "--stack-name", "app", "--change-set-name", "next")
        (change,) = described["Changes"]
        self.assertEqual(change["ResourceChange"]["LogicalResourceId"], "Group")
        self.assertEqual(change["ResourceChange"]["Replacement"], "True")
        self.cfn("delete-change-set", "--stack-name", "app", "--change-set-name", "next")
        gone = self.cfn("describe-change-set", "--stack-name", "app", "--change-set-name", "next", fails=True)
        self.assertIn("ChangeSetNotFound", gone)
        self.assertEqual(self.stack()["Outputs"][0]["OutputValue"], "/app/one")

    def test_a_sam_template_is_packaged_and_deployed(self):
        if not reads_endpoint_url():
            self.skipTest("this AWS CLI does not read AWS_ENDPOINT_URL: its package command knows AWS alone")
        self.write("code/bootstrap", "#!/bin/sh\n")
        template = self.write("template.yaml", SAM)
        self.aws("s3", "mb", "s3://artifacts")
        packaged = os.path.join(self.dir, "packaged.yaml")
        self.cfn("package", "--template-file", template, "--s3-bucket", "artifacts",
                 "--output-template-file", packaged)
        with open(packaged, encoding="ascii") as file:
            self.assertIn("s3://artifacts/", file.read())
        self.deploy(packaged)
        resources = self.cfn("list-stack-resources", "--stack-name", "app")["StackResourceSummaries"]
        self.assertEqual({resource["LogicalResourceId"] for resource in resources}, {"Fn", "FnRole", "Items"})
        unchanged = self.deploy(packaged, "--no-fail-on-empty-changeset")
        self.assertIn("No changes to deploy", unchanged)
        # Through the bucket, as the CLI sends templates that are too long for a request.
        self.cfn("deploy", "--template-file", packaged, "--stack-name", "other", "--s3-bucket", "artifacts",
                 "--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND")
        self.assertEqual(self.stack("other")["StackStatus"], "CREATE_COMPLETE")
        summary = self.cfn("get-template-summary", "--stack-name", "app")
        self.assertIn("AWS::Serverless::Function", summary["ResourceTypes"])
        self.assertEqual(summary["DeclaredTransforms"], ["AWS::Serverless-2016-10-31"])
        processed = self.cfn("get-template", "--stack-name", "app", "--template-stage", "Processed")
        self.assertIn("FnRole", processed["TemplateBody"]["Resources"])

    def test_what_cannot_be_deployed_leaves_no_stack(self):
        template = self.write("bad.yaml", "Resources: {Q: {Type: AWS::SQS::Queue}}\n")
        self.assertIn("AWS::SQS::Queue", self.deploy(template, fails=True))
        self.assertIn("does not exist", self.cfn("describe-stacks", "--stack-name", "app", fails=True))


if __name__ == "__main__":
    unittest.main()
