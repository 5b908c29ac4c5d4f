"""`stator deploy`: the plan, what it asks about, how it gets on, why it fails, --watch, and AWS as its target."""

import json
import os
import pathlib
import re
import signal
import subprocess
import threading
import unittest

from stator import BINARY as BUILT
from stator import Stator

BINARY = os.path.abspath(BUILT)

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Memory: {Type: Number, Default: 128}
Resources:
  Things:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: things
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: hello
      Runtime: python3.11
      Handler: app.handler
      MemorySize: !Ref Memory
      CodeUri: hello/
  Other:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: other
      Runtime: python3.11
      Handler: app.handler
      CodeUri: other/
Outputs:
  Table:
    Value: !Ref Things
"""
CODE = "def handler(event, context):\n    return {}\n"


class Project(unittest.TestCase):
    flags = ()

    def setUp(self):
        self.stator = Stator(*self.flags)
        self.addCleanup(self.stator.__exit__)
        self.stator.start_or_skip()
        self.root = pathlib.Path(self.stator.root, "project")
        for name in ("hello", "other"):
            (self.root / name).mkdir(parents=True)
            self.write(f"{name}/app.py", CODE.format('"first"'))
        self.write("template.yaml", TEMPLATE)

    def write(self, name, text):
        (self.root / name).write_text(text, encoding="utf-8")

    def environment(self, **more):
        clean = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        return {**clean, "HOME": self.stator.root, "XDG_CACHE_HOME": os.path.join(self.stator.root, "cache"), **more}

    def local(self):
        return ["--data", self.stator.data, "--listen", self.stator.listen]

    def deploy(self, *arguments, code=0, environment=None):
        """What it printed on both streams."""
        done = subprocess.run([BINARY, "deploy", *arguments, *([] if environment else self.local())], cwd=self.root,
                              env=environment or self.environment(), capture_output=True, text=True, timeout=120,
                              stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr + self.stator.log_text()[-2000:])
        return done.stdout, done.stderr

    def invoke(self, function):
        return json.loads(self.stator.cli("invoke", function).stdout)


class Deploy(Project):
    def test_the_plan_the_work_and_nothing_to_do(self):
        printed, _ = self.deploy()  # template.yaml here, a stack named after the directory
        self.assertRegex(printed, r"stack project: \d+ to add\n")
        self.assertIn("  + add      Things", printed)
        self.assertRegex(printed, r"  created  Things  AWS::DynamoDB::Table  \d\.\d\d s")
        self.assertIn("Table = things", printed)
        self.assertEqual(self.invoke("hello"), "first")

        printed, _ = self.deploy("template.yaml", "--stack", "project")
        self.assertIn("stack project: nothing has changed", printed)
        self.assertIn("Table = things", printed)

        printed, _ = self.deploy("--param", "Memory=256")
        self.assertIn("stack project: 1 to change\n", printed)
        self.assertRegex(printed, r"  ~ change   Hello  AWS::Lambda::Function\n +MemorySize: 128 -> 256")
        # A parameter that is not given stays as the stack has it.
        self.assertIn("nothing has changed", self.deploy()[0])

        self.write("other/app.py", CODE.format('"second"'))
        printed, _ = self.deploy()
        self.assertIn("uploaded 1 new package", printed)
        self.assertRegex(printed, r"  ~ change   Other  AWS::Lambda::Function\n +Code")
        self.assertEqual(self.invoke("other"), "second")

    def test_data_is_not_lost_without_being_asked(self):
        self.deploy()
        self.write("template.yaml", TEMPLATE.replace("TableName: things", "TableName: items"))
        printed, failure = self.deploy(code=1)
        self.assertIn("  ! replace  Things", printed)
        self.assertRegex(printed, r"TableName: things -> items  <- cannot be changed in place")
        self.assertIn("Things (AWS::DynamoDB::Table things) is replaced", printed)
        self.assertIn("nothing was done: this needs --yes", failure)
        printed, _ = self.deploy("--yes")
        self.assertIn("Table = items", printed)

        without = re.sub(r"  Things:.*?  Hello:", "  Hello:", TEMPLATE, flags=re.S).split("Outputs:")[0]
        self.write("template.yaml", without)
        printed, failure = self.deploy(code=1)
        self.assertIn("Things (AWS::DynamoDB::Table items) is deleted", printed)
        self.deploy("--yes")

    def test_failures_name_reason_and_line(self):
        self.write("template.yaml", TEMPLATE.replace("python3.11", "python3.7"))
        _, failure = self.deploy(code=1)
        self.assertRegex(failure, r"^stator: template\.yaml:\d+: (Hello|Other) \(AWS::Lambda::Function\): .*python3\.7")
        self.assertIn("stack project is ROLLBACK_COMPLETE", failure)
        # What never came to be does not stand in the way of the next attempt.
        self.write("template.yaml", TEMPLATE)
        self.assertIn("never came to be", self.deploy()[0])
        self.assertEqual(self.invoke("hello"), "first")

    def test_what_is_refused_beforehand_names_the_line(self):
        for change, line, words in (
                (("AWS::DynamoDB::Table", "AWS::DynamoDB::Tabel"), 5, "AWS::DynamoDB::Tabel"),
                (("      TableName: things", "      TableNam: things"), 8, "TableNam"),
                (("CodeUri: hello/", "CodeUri: nowhere/"), 19, "nowhere"),
                (("Handler: app.handler", "Handler: !Nonsense app"), None, "Nonsense")):
            self.write("template.yaml", TEMPLATE.replace(*change, 1))
            _, failure = self.deploy(code=1)
            self.assertIn(words, failure)
            self.assertIn("template.yaml:" + (f"{line}: " if line else ""), failure)
        self.assertNotIn("project", self.stator.cli("apis").stdout)

    def test_a_stack_that_is_not_there_is_not_deleted(self):
        self.assertIn("there is no stack", self.stator.cli("delete", "nothing", check=False).stderr)
        self.deploy()
        self.assertIn("is gone", self.stator.cli("delete", "project").stdout)


class Watch(Project):
    def setUp(self):
        super().setUp()
        self.process = subprocess.Popen([BINARY, "deploy", "--watch", *self.local()], cwd=self.root,
                                        env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        stdin=subprocess.DEVNULL, text=True)
        self.addCleanup(self.end)
        self.lines = []
        self.wait_for("Table = things")

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)
        self.process.stdout.close()

    def wait_for(self, words):
        """Reads on until a line has these words."""
        timer = threading.Timer(60, self.process.kill)
        timer.start()
        try:
            for line in self.process.stdout:
                self.lines.append(line)
                if re.search(words, line):
                    return line
        finally:
            timer.cancel()
        raise AssertionError(f"no {words!r} in:\n" + "".join(self.lines))

    def table(self):
        environment = self.stator.environment()
        import boto3
        client = boto3.client("dynamodb", endpoint_url=environment["AWS_ENDPOINT_URL"], region_name="us-east-1",
                              aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
                              aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"])
        return client.describe_table(TableName="things")["Table"]["TableId"]

    def test_what_changes_is_live_and_the_rest_stays(self):
        table = self.table()
        self.write("hello/app.py", CODE.format('"second"'))
        self.assertIn("Hello", self.wait_for("changed"))
        self.wait_for("live")
        self.assertEqual(self.invoke("hello"), "second")
        self.assertEqual(self.invoke("other"), "first")
        self.assertNotIn("updated  Other", "".join(self.lines))

        self.write("template.yaml", TEMPLATE + "    Description: [\n")
        self.wait_for("stator: template.yaml: ")
        self.write("template.yaml", TEMPLATE.replace("Default: 128", "Default: 256") + "  More:\n    Value: 1\n")
        self.wait_for("live")
        self.write("other/app.py", CODE.format('"third"'))
        self.wait_for("live")
        self.assertEqual(self.invoke("other"), "third")
        self.assertEqual(self.table(), table)


class Aws(Project):
    """The same stator by way of what leads to AWS: the credential chain, regions, endpoints, TLS."""

    flags = ("--tls-listen", "127.0.0.1:0")

    def keys(self, **more):
        found = self.stator.environment()
        return self.environment(AWS_ACCESS_KEY_ID=found["AWS_ACCESS_KEY_ID"], AWS_REGION="us-east-1",
                                AWS_SECRET_ACCESS_KEY=found["AWS_SECRET_ACCESS_KEY"], **more)

    def aws(self, *arguments, code=0, **more):
        return self.deploy("--target", "aws", *arguments, code=code,
                           environment=self.keys(AWS_ENDPOINT_URL=self.stator.url, **more))

    def test_keys_of_the_environment(self):
        printed, _ = self.aws()
        self.assertRegex(printed, r"AWS account \d{12}, us-east-1\n")
        self.assertIn("Table = things", printed)
        self.assertEqual(self.invoke("hello"), "first")
        self.assertIn("nothing has changed", self.aws()[0])

    def test_a_profile_with_a_role(self):
        found = self.stator.environment()
        import boto3
        iam = boto3.client("iam", endpoint_url=self.stator.url, region_name="us-east-1",
                           aws_access_key_id=found["AWS_ACCESS_KEY_ID"],
                           aws_secret_access_key=found["AWS_SECRET_ACCESS_KEY"])
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}]}
        role = iam.create_role(RoleName="deployer", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        user = iam.create_user(UserName="ann")["User"]["UserName"]
        allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        for put, name in ((iam.put_role_policy, {"RoleName": "deployer"}), (iam.put_user_policy, {"UserName": user})):
            put(PolicyName="all", PolicyDocument=json.dumps(allow), **name)
        key = iam.create_access_key(UserName=user)["AccessKey"]
        home = pathlib.Path(self.stator.root, ".aws")
        home.mkdir()
        (home / "credentials").write_text(
            f"[ann]\naws_access_key_id = {key['AccessKeyId']}\naws_secret_access_key = {key['SecretAccessKey']}\n")
        (home / "config").write_text(
            f"[profile prod]\nregion = us-east-1\nrole_arn = {role}\nsource_profile = ann\n"
            f"endpoint_url = {self.stator.url}\n[profile single]\nsso_session = us\n")
        environment = self.environment()
        printed, _ = self.deploy("--target", "aws", "--profile", "prod", environment=environment)
        self.assertIn("Table = things", printed)
        _, failure = self.deploy("--target", "aws", "--profile", "single", "--region", "us-east-1", code=1,
                                 environment=environment)
        self.assertIn("does not support IAM Identity Center (sso_session)", failure)
        _, failure = self.deploy("--target", "aws", "--profile", "nobody", code=1, environment=environment)
        self.assertIn("there is no profile nobody", failure)

    def test_tls_by_its_own_authority(self):
        port = re.search(r"TLS on 127\.0\.0\.1:(\d+)", self.stator.modes).group(1)
        bundle = os.path.join(self.stator.data, "tls", "ca.crt")
        url = f"https://localhost:{port}"
        found = self.keys(AWS_ENDPOINT_URL=url)
        _, failure = self.deploy("--target", "aws", code=1, environment=found)
        self.assertIn("does not answer", failure)  # nobody vouches for it
        printed, _ = self.deploy("--target", "aws", environment={**found, "AWS_CA_BUNDLE": bundle})
        self.assertIn("Table = things", printed)

    def test_flags_that_do_not_go_together(self):
        _, failure = self.aws("--watch", code=1)
        self.assertIn("--watch works on stator alone", failure)
        _, failure = self.deploy("--profile", "x", code=1)
        self.assertIn("go with --target aws", failure)


if __name__ == "__main__":
    unittest.main()
