"""ExportTableToPointInTime and ImportTable, which reads what the other writes:
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ImportTable.html"""

import gzip
import json
import uuid

from conformance import Conformance, schema


class ImportTable(Conformance):
    operation = "ImportTable"

    def setUp(self):
        super().setUp()
        if self.service.stator is None:
            self.skipTest("exports and imports take AWS many minutes")
        self.s3 = self.service.make_client("s3")
        self.bucket = "conformance-" + uuid.uuid4().hex[:8]
        self.s3.create_bucket(Bucket=self.bucket)

    def bring_in(self, prefix, **more):
        target = f"{self.service.prefix}-{uuid.uuid4().hex[:8]}"
        arn = self.ok({"S3BucketSource": {"S3Bucket": self.bucket, "S3KeyPrefix": prefix},
                       "TableCreationParameters": {"TableName": target, **schema(id="S")}, **more})[
            "ImportTableDescription"]["ImportArn"]
        self.addCleanup(lambda: self.service.send("DeleteTable", {"TableName": target}))
        self.eventually(lambda: self.describe(arn)["ImportStatus"] != "IN_PROGRESS")
        return target, self.describe(arn)

    def describe(self, arn):
        return self.ok({"ImportArn": arn}, "DescribeImport")["ImportTableDescription"]

    def test_reads_an_export(self):
        """Lines {"Item": ...} in gzip, found through the manifests."""
        table = self.own_table()
        item = self.put(table, id={"S": "a"}, m={"M": {"l": {"L": [{"NULL": True}, {"B": "AAE="}]}}})
        self.ok({"TableName": table, "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}},
                "UpdateContinuousBackups")
        table_arn = self.ok({"TableName": table}, "DescribeTable")["Table"]["TableArn"]
        export = self.ok({"TableArn": table_arn, "S3Bucket": self.bucket, "S3Prefix": "out"},
                         "ExportTableToPointInTime")["ExportDescription"]["ExportArn"]

        def described():
            return self.ok({"ExportArn": export}, "DescribeExport")["ExportDescription"]
        self.eventually(lambda: described()["ExportStatus"] != "IN_PROGRESS")
        self.assertEqual(described()["ExportStatus"], "COMPLETED", described())

        def read(key):
            return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        summary = json.loads(read(described()["ExportManifest"]))
        [line] = read(summary["manifestFilesS3Key"]).splitlines()
        data = json.loads(line)["dataFileS3Key"]
        self.assertEqual(json.loads(gzip.decompress(read(data))), {"Item": item})

        target, outcome = self.bring_in(data, InputFormat="DYNAMODB_JSON", InputCompressionType="GZIP")
        self.assertEqual((outcome["ImportStatus"], outcome["ImportedItemCount"], outcome["ErrorCount"]),
                         ("COMPLETED", 1, 0), outcome)
        self.assertEqual(self.stored(target, id={"S": "a"}), item)

    def test_reads_csv(self):
        """The first line names the attributes; all but keys are strings."""
        self.s3.put_object(Bucket=self.bucket, Key="in.csv", Body=b"id,n\na,1\n")
        target, _ = self.bring_in("in.csv", InputFormat="CSV")
        self.assertEqual(self.stored(target, id={"S": "a"}), {"id": {"S": "a"}, "n": {"S": "1"}})
