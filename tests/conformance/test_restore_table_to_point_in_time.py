"""RestoreTableToPointInTime:
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html"""

import uuid

from conformance import MODELLED, Conformance


class RestoreTableToPointInTime(Conformance):
    operation = "RestoreTableToPointInTime"

    def test_restores_the_latest_state(self):
        """A table whose recovery is on can be had again as it is; the copy has no recovery of its own."""
        table, target = self.own_table(), f"{self.service.prefix}-{uuid.uuid4().hex[:8]}"
        described = self.ok({"TableName": table}, "DescribeContinuousBackups")["ContinuousBackupsDescription"]
        self.assertEqual(described["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"], "DISABLED")
        self.refused({"SourceTableName": table, "TargetTableName": target, "UseLatestRestorableTime": True},
                     f"Point in time recovery is not enabled for table '{table}'",
                     MODELLED + "PointInTimeRecoveryUnavailableException")
        described = self.ok({"TableName": table, "PointInTimeRecoverySpecification": {
            "PointInTimeRecoveryEnabled": True}}, "UpdateContinuousBackups")["ContinuousBackupsDescription"]
        self.assertEqual(described["ContinuousBackupsStatus"], "ENABLED")
        self.assertEqual(described["PointInTimeRecoveryDescription"]["RecoveryPeriodInDays"], 35)
        if self.service.stator is None:
            return  # AWS can restore only what is five minutes old
        item = self.put(table, id={"S": "a"}, n={"N": "1"})
        self.ok({"SourceTableName": table, "TargetTableName": target, "UseLatestRestorableTime": True})
        self.addCleanup(lambda: self.service.send("DeleteTable", {"TableName": target}))
        self.put(table, id={"S": "a"}, n={"N": "2"})
        self.eventually(lambda: self.ok({"TableName": target}, "DescribeTable")["Table"]["TableStatus"] == "ACTIVE")
        self.assertEqual(self.stored(target, id={"S": "a"}), item)
        described = self.ok({"TableName": target}, "DescribeContinuousBackups")["ContinuousBackupsDescription"]
        self.assertEqual(described["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"], "DISABLED")
