"""Tables as files: export-data, import-data, and AWS's own export and import operations on the same files."""

import glob
import gzip
import os
import time
import unittest

from stator import Stator

try:
    import boto3
except ImportError:
    boto3 = None


def deep(levels):
    value = {"S": "x"}
    for _ in range(levels):
        value = {"L": [value]}
    return value


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class DataTransfer(unittest.TestCase):
    def setUp(self):
        self.first, self.second = Stator().start(), Stator().start()
        self.addCleanup(self.first.__exit__)
        self.addCleanup(self.second.__exit__)
        self.files = os.path.join(self.first.root, "files")

    def client(self, stator, service="dynamodb"):
        environment = stator.environment()
        client = boto3.client(service, endpoint_url=stator.url, region_name="us-east-1",
                              aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
                              aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"])
        self.addCleanup(client._endpoint.http_session.close)
        return client

    def fill(self, table, count):
        dynamodb = self.client(self.first)
        dynamodb.create_table(
            TableName=table, KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("k", "g")],
            ProvisionedThroughput={"ReadCapacityUnits": 7, "WriteCapacityUnits": 8},
            GlobalSecondaryIndexes=[{
                "IndexName": "by-g", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
                "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2}}])
        for i in range(count):
            dynamodb.put_item(TableName=table, Item={
                "k": {"S": f"key-{i}"}, "g": {"S": "é"}, "n": {"N": "1.50"}, "b": {"B": bytes([0, i % 256])},
                "set": {"NS": ["1", "2"]}, "null": {"NULL": True}, "deep": deep(31), "pad": {"S": "p" * 20_000}})

    def items(self, stator, table):
        pages = self.client(stator).get_paginator("scan").paginate(TableName=table)
        return sorted((item for page in pages for item in page["Items"]), key=lambda item: item["k"]["S"])

    def test_tables_come_back_as_they_were(self):
        self.fill("big", 120)
        self.fill("empty", 0)
        printed = self.first.cli("export-data", self.files).stdout
        self.assertIn("big: 120 items", printed)
        self.second.cli("import-data", self.files)
        self.assertEqual(self.items(self.second, "big"), self.items(self.first, "big"))
        self.assertEqual(self.items(self.second, "empty"), [])
        table = self.client(self.second).describe_table(TableName="big")["Table"]
        self.assertEqual(table["ProvisionedThroughput"]["WriteCapacityUnits"], 8)
        self.assertEqual(table["GlobalSecondaryIndexes"][0]["Projection"], {"ProjectionType": "KEYS_ONLY"})
        again = self.second.cli("import-data", self.files, check=False)
        self.assertEqual(again.returncode, 1)
        self.assertIn("--merge", again.stderr)
        self.second.cli("import-data", self.files, "--merge", "--table", "big")
        self.assertEqual(len(self.items(self.second, "big")), 120)
        full = self.first.cli("export-data", self.files, check=False)
        self.assertIn("is not empty", full.stderr)

    def test_a_damaged_file_is_not_imported(self):
        self.fill("small", 3)
        self.first.cli("export-data", self.files, "--table", "small")
        data, = glob.glob(os.path.join(self.files, "small/AWSDynamoDB/*/data/*.json.gz"))
        with open(data, "r+b") as file:
            file.seek(20)
            file.write(b"\0\0\0\0")
        outcome = self.second.cli("import-data", self.files, check=False)
        self.assertEqual(outcome.returncode, 1)
        self.assertIn("checksum", outcome.stderr)
        self.assertEqual(self.items(self.second, "small"), [])

    def test_awss_import_reads_what_export_data_wrote(self):
        self.fill("small", 3)
        self.first.cli("export-data", self.files, "--table", "small")
        bucket = self.client(self.second, "s3")
        bucket.create_bucket(Bucket="transfer")
        data, = glob.glob(os.path.join(self.files, "small/AWSDynamoDB/*/data/*.json.gz"))
        with open(data, "rb") as file:
            bucket.put_object(Bucket="transfer", Key="small/data/one.json.gz", Body=file.read())
        dynamodb = self.client(self.second)
        arn = dynamodb.import_table(
            S3BucketSource={"S3Bucket": "transfer", "S3KeyPrefix": "small/data/"}, InputFormat="DYNAMODB_JSON",
            InputCompressionType="GZIP", TableCreationParameters={
                "TableName": "copy", "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}]},
        )["ImportTableDescription"]["ImportArn"]
        for _ in range(100):
            described = dynamodb.describe_import(ImportArn=arn)["ImportTableDescription"]
            if described["ImportStatus"] != "IN_PROGRESS":
                break
            time.sleep(0.1)
        self.assertEqual(described["ImportStatus"], "COMPLETED", described)
        self.assertEqual(self.items(self.second, "copy"), self.items(self.first, "small"))

    def test_an_export_of_aws_needs_a_tables_name(self):
        place = os.path.join(self.files, "AWSDynamoDB", "01-ab")
        os.makedirs(os.path.join(place, "data"))
        with gzip.open(os.path.join(place, "data", "x.json.gz"), "wt") as file:
            file.write('{"Item":{"k":{"S":"a"}}}\n')
        with open(os.path.join(place, "manifest-files.json"), "w", encoding="utf-8") as file:
            file.write('{"itemCount":1,"dataFileS3Key":"p/AWSDynamoDB/01-ab/data/x.json.gz"}\n')
        nameless = self.second.cli("import-data", self.files, check=False)
        self.assertIn("--table", nameless.stderr)
        missing = self.second.cli("import-data", self.files, "--table", "items", check=False)
        self.assertIn("create it first", missing.stderr)
        self.client(self.second).create_table(
            TableName="items", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}])
        self.second.cli("import-data", self.files, "--table", "items", "--merge")
        self.assertEqual(self.items(self.second, "items"), [{"k": {"S": "a"}}])


if __name__ == "__main__":
    unittest.main()
