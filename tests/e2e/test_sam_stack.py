"""What SAM and the template language give, on a real server: an alias that moves to a new version, a URL, destinations,
connectors, loops, stored parameters, rules and exports; and refusals that name the line."""

import os
import pathlib
import unittest

from stator import Stator

try:
    import boto3
except ImportError:
    boto3 = None

PROGRAM = (pathlib.Path(__file__).parent / "urls_bootstrap.py").read_bytes()

TEMPLATE = """
AWSTemplateFormatVersion: '2010-09-09'
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Parameters:
  Stage: {Type: String, Default: dev, AllowedPattern: '[a-z]+'}
  Level: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /app/level}
Rules:
  Known: {Assertions: [{Assert: {'Fn::Contains': [[dev, prod], !Ref Stage]}, AssertDescription: no such stage}]}
Globals:
  Function: {Runtime: provided.al2023, Handler: bootstrap, CodeUri: code, MemorySize: 128}
Resources:
  Fn::ForEach::Groups:
    - Name
    - [alpha, beta]
    - '${Name}Group':
        Type: AWS::Logs::LogGroup
        Properties: {LogGroupName: !Sub '/notes/${Name}/{{resolve:ssm:/app/level}}'}
  Write:
    Type: AWS::Serverless::Function
    Properties:
      AutoPublishAlias: live
      FunctionUrlConfig: {AuthType: NONE}
      EventInvokeConfig: {MaximumRetryAttempts: 1, DestinationConfig: {OnSuccess: {Type: Lambda, Destination: !GetAtt Read.Arn}}}
      Environment: {Variables: {LEVEL: !Ref Level}}
      Events: {Put: {Type: HttpApi, Properties: {Path: '/notes/{id}', Method: put}}}
    Connectors: {ToNotes: {Properties: {Destination: {Id: Notes}, Permissions: [Write]}}}
  Read:
    Type: AWS::Serverless::Function
    Properties: {Policies: [{DynamoDBReadPolicy: {TableName: !Ref Notes}}]}
  Notes: {Type: AWS::Serverless::SimpleTable}
Outputs:
  Alias: {Value: !Ref Write.Alias, Export: {Name: !Sub '${AWS::StackName}-alias'}}
  Write: {Value: !Ref Write}
  Role: {Value: !Ref WriteRole}
  Stage: {Value: !Ref ServerlessHttpApi.Stage}
"""


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class SamStack(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator()
        cls.addClassCleanup(cls.stator.__exit__)
        cls.stator.start_or_skip()
        environment = cls.stator.environment()
        cls.session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                                    region_name="us-east-1")
        cls.path = os.path.join(cls.stator.root, "template.yaml")
        os.mkdir(os.path.join(cls.stator.root, "code"), 0o755)
        program = pathlib.Path(cls.stator.root, "code", "bootstrap")
        program.write_bytes(PROGRAM)
        program.chmod(0o755)

    @classmethod
    def client(cls, service):
        client = cls.session.client(service, endpoint_url=cls.stator.url)
        cls.addClassCleanup(client.close)
        return client

    def deploy(self, template, *arguments, check=True):
        pathlib.Path(self.path).write_text(template, encoding="utf-8")
        return self.stator.cli("deploy", self.path, "--stack", "notes", "--yes", *arguments, check=check)

    def test_a_template_with_everything_is_made_changed_and_refused(self):
        self.client("ssm").put_parameter(Name="/app/level", Type="String", Value="hot")
        self.deploy(TEMPLATE)
        stacks, functions = self.client("cloudformation"), self.client("lambda")
        outputs = {one["OutputKey"]: one["OutputValue"]
                   for one in stacks.describe_stacks(StackName="notes")["Stacks"][0]["Outputs"]}
        self.assertEqual(outputs["Stage"], "$default")
        self.assertTrue(outputs["Alias"].endswith(":live"))
        self.assertEqual([one["Name"] for one in stacks.list_exports()["Exports"]], ["notes-alias"])
        groups = self.client("logs").describe_log_groups(logGroupNamePrefix="/notes/")["logGroups"]
        self.assertEqual([one["logGroupName"] for one in groups], ["/notes/alpha/hot", "/notes/beta/hot"])
        configuration = functions.get_function_configuration(FunctionName=outputs["Write"])
        self.assertEqual(configuration["Environment"]["Variables"], {"LEVEL": "hot"})
        self.assertEqual(functions.get_function_url_config(FunctionName=outputs["Write"], Qualifier="live")["AuthType"],
                         "NONE")
        attached = self.client("iam").list_attached_role_policies(RoleName=outputs["Role"])["AttachedPolicies"]
        self.assertTrue(any("WriteToNotesPolicy" in one["PolicyName"] for one in attached), attached)
        self.assertEqual(functions.get_alias(FunctionName=outputs["Write"], Name="live")["FunctionVersion"], "1")

        self.deploy(TEMPLATE.replace("MemorySize: 128", "MemorySize: 256"))
        self.assertEqual(functions.get_alias(FunctionName=outputs["Write"], Name="live")["FunctionVersion"], "2")

        for change, words in (
                (("Method: put", "Verb: put"), "missing key 'Method'"),
                (("AutoPublishAlias: live", "AutoPublishAlias: live\n      VpcConfig: {}"), "VpcConfig"),
                (("SimpleTable}", "StateMachine}"), "AWS::Serverless::StateMachine is not supported"),
                (("resolve:ssm:/app", "resolve:ssm-secure:/app"), "stator does not support the dynamic reference")):
            refused = self.deploy(TEMPLATE.replace(*change), check=False)
            self.assertNotEqual(refused.returncode, 0, change)
            self.assertIn(words, refused.stdout + refused.stderr)
        for value, words in (("test", "Rule Known is not satisfied: no such stage"), ("D3v", "must match pattern")):
            refused = self.deploy(TEMPLATE, "--param", "Stage=" + value, check=False)
            self.assertNotEqual(refused.returncode, 0, value)
            self.assertIn(words, refused.stdout + refused.stderr)
        self.assertEqual(functions.get_alias(FunctionName=outputs["Write"], Name="live")["FunctionVersion"], "2")

    def test_a_refusal_of_the_api_names_the_line(self):
        stacks = self.client("cloudformation")
        body = "Resources:\n  Group:\n    Type: AWS::Logs::LogGroup\n    Properties:\n      Bogus: 1\n"
        with self.assertRaisesRegex(stacks.exceptions.ClientError, r"the property Bogus \(line 5\)$"):
            stacks.create_stack(StackName="refused", TemplateBody=body)
        with self.assertRaisesRegex(stacks.exceptions.ClientError, "does not exist"):
            stacks.describe_stacks(StackName="refused")


if __name__ == "__main__":
    unittest.main()
