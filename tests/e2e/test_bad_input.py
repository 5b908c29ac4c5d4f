"""Whatever comes in that is malformed: an error of AWS's shape that names the problem, and nothing half made."""

import io
import json
import socket
import unittest
import zipfile

from stator import Stator, request

try:
    import boto3
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.exceptions import ClientError
except ImportError:
    boto3 = None

TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})


def zipped(**files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator().start()
        cls.addClassCleanup(cls.stator.__exit__)
        environment = cls.stator.environment()
        cls.session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                                    region_name="us-east-1")

    def client(self, service):
        return self.session.client(service, endpoint_url=self.stator.url)

    def refused(self, code, words, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        error = caught.exception.response["Error"]
        self.assertEqual(error["Code"], code, error)
        self.assertRegex(error["Message"], words)
        self.assertLess(caught.exception.response["ResponseMetadata"]["HTTPStatusCode"], 500)

    def tearDown(self):
        self.assertEqual(request(self.stator.url + "/_stator/health")[0], 200)

    def test_http(self):
        port = int(self.stator.url.rsplit(":", 1)[1])
        for bad in (b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
                    b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", b"GET / HTTP/1.1\nHost: a\n\n",
                    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                    b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 100_000 + b"\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                connection.sendall(bad)
                answer = connection.recv(4096)
                self.assertRegex(answer, rb"^HTTP/1\.1 (400|431|505) ", bad[:60])

    def test_signature(self):
        url, target = self.stator.url + "/", {"X-Amz-Target": "DynamoDB_20120810.ListTables"}
        for authorization, code in (
            (None, "MissingAuthenticationTokenException"),
            ("", "MissingAuthenticationTokenException|IncompleteSignatureException"),
            ("Basic YTpi", "IncompleteSignatureException|MissingAuthenticationTokenException"),
            ("AWS4-HMAC-SHA256 Credential", "IncompleteSignatureException"),
            ("AWS4-HMAC-SHA256 Credential=a/b/c/dynamodb/e, SignedHeaders=host, Signature=0", "IncompleteSignatureException"),
        ):
            headers = dict(target) if authorization is None else {**target, "Authorization": authorization}
            status, _, body = request(url, "POST", b"{}", headers)
            self.assertEqual(status, 400, body)
            self.assertRegex(body["__type"], code)

    def test_json(self):
        keys = self.session.get_credentials()
        for broken in (b"", b"{", b"[]", b"nonsense", b'{"TableName":', b"\xff\xfe", b'{"Limit":"1"}'):
            signed = AWSRequest("POST", self.stator.url + "/", data=broken, headers={
                "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.ListTables"})
            SigV4Auth(keys, "dynamodb", "us-east-1").add_auth(signed)
            status, _, body = request(signed.url, "POST", broken, dict(signed.headers))
            self.assertEqual(status, 400, body)
            self.assertIn("SerializationException", body["__type"], broken)

    def test_tables_and_items(self):
        dynamodb = self.client("dynamodb")
        key = [{"AttributeName": "id", "KeyType": "HASH"}]
        self.refused("ValidationException", ".", dynamodb.create_table, TableName="half", KeySchema=key,
                     AttributeDefinitions=[], BillingMode="PAY_PER_REQUEST")
        self.assertEqual(dynamodb.list_tables()["TableNames"], [])
        dynamodb.create_table(TableName="whole", KeySchema=key, BillingMode="PAY_PER_REQUEST",
                              AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
        for item in ({}, {"id": {"N": "1"}}, {"id": {"S": ""}}, {"id": {"S": "a"}, "n": {"N": "x"}},
                     {"id": {"S": "a"}, "big": {"S": "x" * 410_000}}):
            self.refused("ValidationException", ".", dynamodb.put_item, TableName="whole", Item=item)
        self.refused("ValidationException", "Syntax error", dynamodb.update_item, TableName="whole",
                     Key={"id": {"S": "a"}}, UpdateExpression="SET a =")
        self.refused("ResourceNotFoundException", "Requested resource not found", dynamodb.get_item, TableName="none",
                     Key={"id": {"S": "a"}})
        self.assertEqual(dynamodb.scan(TableName="whole")["Count"], 0)
        dynamodb.delete_table(TableName="whole")

    def test_policies(self):
        iam = self.client("iam")
        for document in ("{", "[]", '{"Statement":[{}]}', '{"Version":"2020-01-01","Statement":[]}'):
            self.refused("MalformedPolicyDocument", ".", iam.create_role, RoleName="half",
                         AssumeRolePolicyDocument=document)
        self.assertEqual([role for role in iam.list_roles()["Roles"] if role["RoleName"] == "half"], [])

    def test_packages(self):
        iam, functions = self.client("iam"), self.client("lambda")
        role = iam.create_role(RoleName="package", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        common = {"FunctionName": "half", "Runtime": "provided.al2023", "Handler": "bootstrap", "Role": role}
        good = zipped(bootstrap="#!/bin/sh\n")
        for code in (b"not a zip", good[:40], zipped(**{"../escape": "x"}), zipped(**{"/absolute": "x"})):
            self.refused("InvalidParameterValueException", ".", functions.create_function, Code={"ZipFile": code}, **common)
        self.refused("InvalidParameterValueException", "python9.9|runtime", functions.create_function,
                     Code={"ZipFile": good}, **{**common, "Runtime": "python9.9"})
        self.refused("InvalidParameterValueException", "cannot be assumed", functions.create_function,
                     Code={"ZipFile": good}, **{**common, "Role": "arn:aws:iam::000000000000:role/nobody"})
        self.assertEqual(functions.list_functions()["Functions"], [])

    def test_templates(self):
        stacks = self.client("cloudformation")
        for body, words in (
            ("{", "JSON not well-formed"), ("a: [", "YAML not well-formed"), ("Resources: {}", "At least one"),
            ("Resources: {A: {}}", "Type"), ("Resources: {A: {Type: 'AWS::EC2::VPC'}}", "AWS::EC2::VPC"),
            ("Resources: {A: {Type: 'AWS::DynamoDB::Table', Properties: {Nonsense: 1}}}", "Nonsense"),
            ("Resources: {A: {Type: 'AWS::Logs::LogGroup', Properties: {LogGroupName: !Ref B}}}", "B"),
        ):
            self.refused("ValidationError", words, stacks.create_stack, StackName="half", TemplateBody=body)
        with self.assertRaisesRegex(ClientError, "does not exist"):
            stacks.describe_stacks(StackName="half")


if __name__ == "__main__":
    unittest.main()
