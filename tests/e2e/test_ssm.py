"""Parameter Store as boto3 and the AWS CLI use it, across a restart and a crash."""

import json
import os
import shutil
import subprocess
import unittest

from stator import Stator

try:
    import boto3
except ImportError:
    boto3 = None

AWS = shutil.which("aws", path="/usr/bin:/usr/local/bin") or shutil.which("aws")


def client(stator, service):
    environment = stator.environment()
    return boto3.client(service, endpoint_url=stator.url, region_name="us-east-1",
                        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
                        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"])


@unittest.skipIf(boto3 is None, "boto3 is not installed")
class Parameters(unittest.TestCase):
    def setUp(self):
        self.stator = Stator().start()
        self.addCleanup(self.stator.__exit__)
        self.ssm = client(self.stator, "ssm")

    def test_parameters_survive_a_crash(self):
        self.ssm.put_parameter(Name="/app/url", Value="one", Type="String", Tags=[{"Key": "k", "Value": "v"}])
        self.ssm.put_parameter(Name="/app/url", Value="two", Type="String", Overwrite=True)
        self.ssm.put_parameter(Name="/app/secret", Value="swordfish", Type="SecureString")
        self.stator.kill()
        for directory, _, files in os.walk(self.stator.data):
            for name in files:
                with open(os.path.join(directory, name), "rb") as file:
                    self.assertNotIn(b"swordfish", file.read(), name)
        self.stator.start()
        ssm = client(self.stator, "ssm")
        self.assertEqual(ssm.get_parameter(Name="/app/url")["Parameter"]["Value"], "two")
        self.assertEqual(ssm.get_parameter(Name="/app/url:1")["Parameter"]["Value"], "one")
        secret = ssm.get_parameter(Name="/app/secret", WithDecryption=True)["Parameter"]
        self.assertEqual(secret["Value"], "swordfish")
        self.assertNotEqual(ssm.get_parameter(Name="/app/secret")["Parameter"]["Value"], "swordfish")
        tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/app/url")["TagList"]
        self.assertEqual(tags, [{"Key": "k", "Value": "v"}])

    def test_paginators_and_errors_are_boto3s(self):
        for number in range(12):
            self.ssm.put_parameter(Name=f"/many/{number:02}", Value=str(number), Type="String")
        pages = self.ssm.get_paginator("get_parameters_by_path").paginate(Path="/many")
        found = [one["Value"] for page in pages for one in page["Parameters"]]
        self.assertEqual(found, [str(number) for number in range(12)])
        pages = self.ssm.get_paginator("describe_parameters").paginate(PaginationConfig={"PageSize": 5})
        self.assertEqual(sum(len(page["Parameters"]) for page in pages), 12)
        with self.assertRaises(self.ssm.exceptions.ParameterNotFound):
            self.ssm.get_parameter(Name="/none")
        with self.assertRaises(self.ssm.exceptions.ParameterAlreadyExists):
            self.ssm.put_parameter(Name="/many/00", Value="x", Type="String")

    @unittest.skipIf(AWS is None, "the AWS CLI is not installed")
    def test_the_cli(self):
        def aws(*arguments):
            ran = subprocess.run([AWS, "--endpoint-url", self.stator.url, "ssm", *arguments], env=self.stator.environment(), capture_output=True,
                                 text=True, timeout=60)
            self.assertEqual(ran.returncode, 0, ran.stderr)
            return json.loads(ran.stdout) if ran.stdout.strip() else None

        aws("put-parameter", "--name", "/cli/p", "--value", "a,b", "--type", "StringList")
        self.assertEqual(aws("get-parameter", "--name", "/cli/p")["Parameter"]["Value"], "a,b")
        self.assertEqual(aws("get-parameter-history", "--name", "/cli/p")["Parameters"][0]["Version"], 1)
        aws("delete-parameter", "--name", "/cli/p")
        self.assertEqual(aws("describe-parameters")["Parameters"], [])


@unittest.skipIf(boto3 is None, "boto3 is not installed")
class Repositories(unittest.TestCase):
    def test_settings_of_repositories(self):
        with Stator() as stator:
            ecr = client(stator, "ecr")
            made = ecr.create_repository(repositoryName="team/app")["repository"]
            self.assertEqual(ecr.describe_repositories()["repositories"], [made])
            with self.assertRaises(ecr.exceptions.RepositoryAlreadyExistsException):
                ecr.create_repository(repositoryName="team/app")
            with self.assertRaisesRegex(Exception, "GetAuthorizationToken"):
                ecr.get_authorization_token()
            ecr.delete_repository(repositoryName="team/app")
            self.assertEqual(ecr.describe_repositories()["repositories"], [])


if __name__ == "__main__":
    unittest.main()
