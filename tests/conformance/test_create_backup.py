"""CreateBackup and what follows from it:
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html"""

import uuid

from conformance import MODELLED, Conformance, violations


class CreateBackup(Conformance):
    operation = "CreateBackup"

    def back_up(self, table):
        arn = self.ok({"TableName": table, "BackupName": "conformance"})["BackupDetails"]["BackupArn"]
        self.addCleanup(lambda: self.service.send("DeleteBackup", {"BackupArn": arn}))
        self.eventually(lambda: self.describe(arn)["BackupDetails"]["BackupStatus"] == "AVAILABLE", 600)
        return arn

    def describe(self, arn):
        return self.ok({"BackupArn": arn}, "DescribeBackup")["BackupDescription"]

    def test_restores_the_items(self):
        """A backup outlives its table and makes a new one with the same items."""
        table, target = self.own_table(), f"{self.service.prefix}-{uuid.uuid4().hex[:8]}"
        item = self.put(table, id={"S": "a"}, n={"N": "1"})
        arn = self.back_up(table)
        self.put(table, id={"S": "a"}, n={"N": "2"})
        details = self.describe(arn)
        self.assertEqual(details["SourceTableDetails"]["TableName"], table)
        self.assertEqual(details["BackupDetails"]["BackupType"], "USER")
        listed = self.ok({"TableName": table}, "ListBackups")["BackupSummaries"]
        self.assertEqual([summary["BackupArn"] for summary in listed], [arn])
        self.ok({"TableName": table}, "DeleteTable")
        answer = self.ok({"TargetTableName": target, "BackupArn": arn}, "RestoreTableFromBackup")
        self.addCleanup(lambda: self.service.send("DeleteTable", {"TableName": target}))
        self.assertEqual(answer["TableDescription"]["TableStatus"], "CREATING")
        self.assertEqual(answer["TableDescription"]["RestoreSummary"]["SourceBackupArn"], arn)
        self.eventually(lambda: self.ok({"TableName": target}, "DescribeTable")["Table"]["TableStatus"] == "ACTIVE",
                        1800)
        self.assertEqual(self.stored(target, id={"S": "a"}), item)

    def test_refuses(self):
        """Names have 3 to 255 characters; what is missing is told by its own exception."""
        self.refused({"TableName": self.table()}, violations(
            "Value null at 'backupName' failed to satisfy constraint: Member must not be null"))
        self.refused({"TableName": "no-such-table", "BackupName": "abc"}, "Table not found: no-such-table",
                     MODELLED + "TableNotFoundException")
        arn = self.ok({"TableName": self.table()}, "DescribeTable")["Table"]["TableArn"]
        arn += "/backup/01489602797149-73d8d5bc"
        self.refused({"BackupArn": arn}, f"Backup not found: {arn}", MODELLED + "BackupNotFoundException",
                     "DescribeBackup")
