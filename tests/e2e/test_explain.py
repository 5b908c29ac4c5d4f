"""stator explains its locks: a denial of a function's role leads to the statement, file and line that did not
allow it; what a role was seen to do becomes the policy that allows that and nothing else; --auth audit lets
pass and tells; the audit log says who did what and holds no secret."""

import json
import os
import pathlib
import re
import shutil
import stat
import unittest

import sigv4
from stator import Stator, request

HERE = pathlib.Path(__file__).parent
SECRET = "a-word-that-no-log-may-hold"
TEMPLATE = f"""\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Notes:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: notes
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{{AttributeName: id, AttributeType: S}}]
      KeySchema: [{{AttributeName: id, KeyType: HASH}}]
  Writer:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: writer
      CodeUri: code/
      Runtime: provided.al2023
      Handler: bootstrap
      MemorySize: 128
      Timeout: 10
      Environment: {{Variables: {{PASSPHRASE: {SECRET}}}}}
      Policies:
        - Statement:
            - Sid: Read
              Effect: Allow
              Action: ["dynamodb:GetItem", "dynamodb:Scan"]
              Resource: !GetAtt Notes.Arn
            - Sid: WriteElsewhere
              Effect: Allow
              Action: dynamodb:PutItem
              Resource: !Sub "arn:aws:dynamodb:${{AWS::Region}}:${{AWS::AccountId}}:table/other"
            - Sid: Count
              Effect: Allow
              Action: dynamodb:UpdateItem
              Resource: !GetAtt Notes.Arn
            - Sid: Never
              Effect: Deny
              Action: dynamodb:DeleteItem
              Resource: "*"
"""
KEY = {"TableName": "notes", "Key": {"id": {"S": "1"}}}
PUT = {"TableName": "notes", "Item": {"id": {"S": "1"}}}


def line_of(text):
    return next(number for number, line in enumerate(TEMPLATE.splitlines(), 1) if text in line)


class Explain(unittest.TestCase):
    flags = ()

    def setUp(self):
        self.stator = Stator(*self.flags)
        self.addCleanup(self.stator.__exit__)
        self.stator.start()
        self.keys = sigv4.environment_keys(self.stator.environment())
        project = pathlib.Path(self.stator.root, "project")
        code = project / "code"
        code.mkdir(parents=True)
        shutil.copy(HERE / "sigv4.py", code)
        shutil.copy(HERE / "table_bootstrap.py", code / "bootstrap")
        (code / "bootstrap").chmod(0o755)
        self.template = project / "template.yaml"
        self.template.write_text(TEMPLATE)
        try:
            self.stator.cli("deploy", str(self.template), "--stack", "notes")
        except AssertionError as error:
            if "namespace" in str(error):
                raise unittest.SkipTest(str(error))
            raise

    def as_function(self, target, members):
        event = json.dumps({"target": target, "members": members})
        return json.loads(self.stator.cli("invoke", "writer", event).stdout)

    def iam(self, action, **members):
        status, _, text = sigv4.call_query(self.stator.url, "iam", action, "2010-05-08", members, self.keys)
        self.assertEqual(status, 200, text)
        return text

    def role(self):
        return re.search(r"<RoleName>([^<]*Writer[^<]*)</RoleName>", self.iam("ListRoles")).group(1)

    def audit_records(self):
        """Whole records, once the server has stopped and so written all."""
        text = "".join(path.read_text() for path in sorted(pathlib.Path(self.stator.data, "audit").iterdir()))
        return text, [json.loads(line) for line in text.splitlines()]

    def health(self):
        return request(self.stator.url + "/_stator/health")[2]


class Enforced(Explain):
    def test_a_denial_leads_to_statement_file_and_line(self):
        denied = self.as_function("PutItem", PUT)
        self.assertEqual(denied["status"], 400, denied)
        self.assertIn("no identity-based policy allows the dynamodb:PutItem action", denied["body"]["Message"])
        said = self.stator.cli("explain", denied["request_id"]).stdout
        self.assertIn(denied["body"]["Message"], said)
        self.assertIn("statement 2 (WriteElsewhere) of policy WriterRolePolicy0", said)
        self.assertIn("the resource does not match", said)
        self.assertIn(f"{self.template}:{line_of('Sid: WriteElsewhere')} (resource Writer of stack notes)", said)
        log = next(line for line in self.stator.log if denied["request_id"] in line)
        self.assertIn("nearest: statement 2 (WriteElsewhere)", log)

        denied = self.as_function("DeleteItem", KEY)
        said = self.stator.cli("explain", denied["request_id"]).stdout
        self.assertIn("the statement that denies it", said)
        self.assertIn("statement 4 (Never)", said)
        self.assertIn(f"{self.template}:{line_of('Sid: Never')} ", said)
        self.assertEqual(self.health()["denials"], 2)

        # Memory is gone after a restart; the audit log is not.
        self.stator.stop()
        self.template.unlink()
        self.stator.start()
        said = self.stator.cli("explain", denied["request_id"]).stdout
        self.assertIn("statement 4 (Never)", said)
        self.assertIn("of the template that the stack keeps", said)
        unknown = self.stator.cli("explain", "NOSUCHREQUEST", check=False)
        self.assertEqual(unknown.returncode, 1)
        self.assertIn("knows no denial", unknown.stderr)

    def test_the_suggested_policy_allows_what_was_done_and_nothing_else(self):
        role = self.role()
        nothing = self.stator.cli("policy", "suggest", role, check=False)
        self.assertEqual(nothing.returncode, 1, nothing.stdout)
        used = [("GetItem", KEY), ("UpdateItem", KEY)]
        for target, members in used:
            self.assertEqual(self.as_function(target, members)["status"], 200)
        self.stator.stop()
        self.stator.start()
        suggested = self.stator.cli("policy", "suggest", role, "--since", "1h")
        self.assertEqual(json.loads(suggested.stdout), {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:UpdateItem"],
             "Resource": ["arn:aws:dynamodb:us-east-1:000000000000:table/notes"]}]})
        self.assertIn("dynamodb:Scan", suggested.stderr)

        self.assertEqual(self.as_function("Scan", {"TableName": "notes"})["status"], 200)
        self.iam("DeleteRolePolicy", RoleName=role, PolicyName="WriterRolePolicy0")
        self.assertEqual(self.as_function(*used[0])["status"], 400)
        self.iam("PutRolePolicy", RoleName=role, PolicyName="least", PolicyDocument=suggested.stdout)
        for target, members in used:
            self.assertEqual(self.as_function(target, members)["status"], 200, target)
        self.assertEqual(self.as_function("Scan", {"TableName": "notes"})["status"], 400)
        self.assertEqual(self.as_function("PutItem", PUT)["status"], 400)

    def test_the_audit_log_tells_all_and_holds_no_secret(self):
        self.iam("CreateUser", UserName="ann")
        made = self.iam("CreateAccessKey", UserName="ann")
        key_id, secret = (re.search(f"<{name}>(.*)</{name}>", made).group(1)
                          for name in ("AccessKeyId", "SecretAccessKey"))
        denied = self.as_function("PutItem", PUT)
        forged = sigv4.call_json(self.stator.url, "dynamodb", "DynamoDB_20120810.GetItem", KEY,
                                 (key_id, "wrong" + secret, None))
        self.assertEqual(forged[0], 400)
        self.assertEqual(self.health()["authenticationFailures"], 1)
        self.stator.stop()

        text, records = self.audit_records()
        for word in (SECRET, secret, self.keys[1], "AWSTemplateFormatVersion", "SessionToken"):
            self.assertNotIn(word, text)
        by_name = {}
        for record in records:
            by_name.setdefault(record["eventName"], []).append(record)
        self.assertEqual(by_name["CreateUser"][0]["requestParameters"], {"userName": "ann"})
        self.assertEqual(by_name["CreateUser"][0]["userIdentity"]["type"], "Root")
        self.assertEqual(by_name["CreateFunction"][0]["sourceIPAddress"], "cloudformation.amazonaws.com")
        self.assertEqual(by_name["CreateAccessKey"][0]["responseElements"]["accessKey"]["accessKeyId"], key_id)
        put, = by_name["PutItem"]
        self.assertEqual((put["requestID"], put["errorCode"], put["eventCategory"]),
                         (denied["request_id"], "AccessDeniedException", "Data"))
        self.assertEqual(put["userIdentity"]["type"], "AssumedRole")
        self.assertEqual(put["additionalEventData"]["decision"]["nearest"][0]["sid"], "WriteElsewhere")
        get, = by_name["GetItem"]
        self.assertEqual(get["userIdentity"], {"type": "Unknown", "accessKeyId": key_id})
        for path in pathlib.Path(self.stator.data, "audit").iterdir():
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)


class Watched(Explain):
    flags = ("--auth", "audit")

    def test_what_would_be_denied_passes_and_is_told(self):
        self.assertIn("auth AUDIT", self.stator.modes)
        passed = self.as_function("PutItem", PUT)
        self.assertEqual(passed["status"], 200, passed)
        said = self.stator.cli("explain", passed["request_id"]).stdout
        self.assertIn("would be denied", said)
        self.assertIn("statement 2 (WriteElsewhere)", said)
        health = self.health()
        self.assertEqual((health["auth"], health["denials"], health["wouldBeDenials"]), ("audit", 0, 1))
        status, _, _ = sigv4.call_json(self.stator.url, "dynamodb", "DynamoDB_20120810.GetItem", KEY,
                                       (self.keys[0], "wrong", None))
        self.assertEqual(status, 400, "signatures are verified all the same")
        self.stator.stop()
        _, records = self.audit_records()
        put, = [record for record in records if record["eventName"] == "PutItem"]
        self.assertNotIn("errorCode", put)
        self.assertIn("no identity-based policy allows", put["additionalEventData"]["wouldBeDenied"])


if __name__ == "__main__":
    unittest.main()
