"""IAM over the wire, as boto3 reads it: shapes that only XML can get wrong, pages, errors with their status."""

import json
import unittest

from stator import Stator

try:
    import boto3
    from botocore.exceptions import ClientError
except ImportError:
    boto3 = None

READ = json.dumps({"Version": "2012-10-17",
                   "Statement": {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}})
TRUST = json.dumps({"Version": "2012-10-17",
                    "Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"},
                                  "Action": "sts:AssumeRole"}})


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class Iam(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator().start()
        cls.addClassCleanup(cls.stator.__exit__)
        environment = cls.stator.environment()
        cls.session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                                    region_name="us-east-1")
        cls.iam = cls.session.client("iam", endpoint_url=cls.stator.url)

    def refused(self, code, status, call, **arguments):
        with self.assertRaises(ClientError) as raised:
            call(**arguments)
        answer = raised.exception.response
        self.assertEqual((answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]), (code, status))

    def test_a_group_gives_its_members_what_it_may(self):
        self.iam.create_user(UserName="gina")
        self.iam.create_group(GroupName="readers")
        self.iam.add_user_to_group(UserName="gina", GroupName="readers")
        self.iam.put_group_policy(GroupName="readers", PolicyName="read", PolicyDocument=READ)
        self.assertEqual([u["UserName"] for u in self.iam.get_group(GroupName="readers")["Users"]], ["gina"])
        key = self.iam.create_access_key(UserName="gina")["AccessKey"]
        gina = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="us-east-1")
        dynamodb = gina.client("dynamodb", endpoint_url=self.stator.url)
        self.refused("ResourceNotFoundException", 400, dynamodb.get_item, TableName="items", Key={"id": {"S": "1"}})
        self.refused("AccessDeniedException", 400, dynamodb.delete_item, TableName="items", Key={"id": {"S": "1"}})
        used = self.iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["AccessKeyLastUsed"]
        self.assertEqual((used["ServiceName"], used["Region"]), ("dynamodb", "us-east-1"))
        self.refused("DeleteConflict", 409, self.iam.delete_group, GroupName="readers")

    def test_a_summary_is_a_map_of_numbers(self):
        summary = self.iam.get_account_summary()["SummaryMap"]
        self.assertEqual(summary["GroupsQuota"], 300)
        self.assertIsInstance(summary["Users"], int)

    def test_details_read_back_as_documents(self):
        self.iam.create_role(RoleName="detailed", AssumeRolePolicyDocument=TRUST, Tags=[{"Key": "a", "Value": ""}])
        self.iam.put_role_policy(RoleName="detailed", PolicyName="read", PolicyDocument=READ)
        pages = self.iam.get_paginator("get_account_authorization_details").paginate(Filter=["Role"])
        roles = {role["RoleName"]: role for page in pages for role in page["RoleDetailList"]}
        self.assertEqual(roles["detailed"]["RolePolicyList"][0]["PolicyDocument"], json.loads(READ))
        self.assertEqual(roles["detailed"]["Tags"], [{"Key": "a", "Value": ""}])
        self.assertEqual(roles["detailed"]["AttachedManagedPolicies"], [])

    def test_lists_have_pages(self):
        for number in range(5):
            self.iam.create_instance_profile(InstanceProfileName=f"p{number}", Path="/pages/")
        pages = list(self.iam.get_paginator("list_instance_profiles").paginate(
            PathPrefix="/pages/", PaginationConfig={"PageSize": 2}))
        self.assertEqual([len(page["InstanceProfiles"]) for page in pages], [2, 2, 1])
        self.assertEqual(pages[0]["InstanceProfiles"][0]["Roles"], [])

    def test_a_simulation_reads_as_aws_writes_it(self):
        answer = self.iam.simulate_custom_policy(
            PolicyInputList=[READ], ActionNames=["dynamodb:GetItem", "dynamodb:PutItem"],
            ContextEntries=[{"ContextKeyName": "aws:SourceIp", "ContextKeyType": "ip",
                             "ContextKeyValues": ["10.0.0.1"]}])
        self.assertEqual([r["EvalDecision"] for r in answer["EvaluationResults"]], ["allowed", "implicitDeny"])
        self.assertFalse(answer["IsTruncated"])

    def test_errors_have_their_names_and_status(self):
        self.refused("NoSuchEntity", 404, self.iam.get_group, GroupName="none")
        self.refused("NoSuchEntity", 404, self.iam.get_account_password_policy)
        self.refused("ValidationError", 400, self.iam.get_policy, PolicyArn="a-policy-that-is-not-an-arn")
        self.iam.create_user(UserName="twice")
        self.refused("EntityAlreadyExists", 409, self.iam.create_user, UserName="twice")


if __name__ == "__main__":
    unittest.main()
