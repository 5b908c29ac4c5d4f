"""AWS::DynamoDB::Table with everything it can have, made and changed by a stack while its items stay."""

import os
import unittest

from stator import Stator
from test_tables_crash import Connection

FIRST = """
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: notes
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - {AttributeName: id, AttributeType: S}
        - {AttributeName: at, AttributeType: N}
        - {AttributeName: owner, AttributeType: S}
      KeySchema:
        - {AttributeName: id, KeyType: HASH}
        - {AttributeName: at, KeyType: RANGE}
      LocalSecondaryIndexes:
        - IndexName: by-owner-here
          KeySchema: [{AttributeName: id, KeyType: HASH}, {AttributeName: owner, KeyType: RANGE}]
          Projection: {ProjectionType: KEYS_ONLY}
      GlobalSecondaryIndexes:
        - IndexName: by-owner
          KeySchema: [{AttributeName: owner, KeyType: HASH}, {AttributeName: at, KeyType: RANGE}]
          Projection: {ProjectionType: ALL}
      StreamSpecification: {StreamViewType: NEW_IMAGE}
      TimeToLiveSpecification: {AttributeName: expires, Enabled: true}
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
      Tags: [{Key: team, Value: notes}]
Outputs:
  Stream: {Value: !GetAtt Table.StreamArn}
"""

SECOND = (FIRST
          .replace("        - IndexName: by-owner\n", "        - IndexName: by-time\n")
          .replace("[{AttributeName: owner, KeyType: HASH}, {AttributeName: at, KeyType: RANGE}]\n          "
                   "Projection: {ProjectionType: ALL}",
                   "[{AttributeName: at, KeyType: HASH}]\n          Projection: {ProjectionType: KEYS_ONLY}")
          .replace("{StreamViewType: NEW_IMAGE}", "{StreamViewType: KEYS_ONLY}")
          .replace("AttributeName: expires", "AttributeName: ends")
          .replace("Value: notes", "Value: papers"))


class TableStack(unittest.TestCase):
    def deploy(self, stator, text):
        path = os.path.join(stator.root, "template.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return stator.cli("deploy", path, "--stack", "notes").stdout

    def test_a_table_is_made_whole_and_changed_in_place(self):
        with Stator("--auth", "off") as stator:
            connection = Connection(stator.listen)
            self.assertIn("/stream/", self.deploy(stator, FIRST))
            table = connection.must("DescribeTable", {"TableName": "notes"})["Table"]
            first_id, first_stream = table["TableId"], table["LatestStreamArn"]
            self.assertEqual([index["IndexName"] for index in table["GlobalSecondaryIndexes"]], ["by-owner"])
            self.assertEqual([index["IndexName"] for index in table["LocalSecondaryIndexes"]], ["by-owner-here"])
            for number in range(30):
                connection.must("PutItem", {"TableName": "notes", "Item": {
                    "id": {"S": "n"}, "at": {"N": str(number)}, "owner": {"S": f"o{number % 3}"}}})

            self.deploy(stator, SECOND)
            table = connection.must("DescribeTable", {"TableName": "notes"})["Table"]
            self.assertEqual(table["TableId"], first_id, "the table was replaced")
            self.assertEqual([index["IndexName"] for index in table["GlobalSecondaryIndexes"]], ["by-time"])
            self.assertNotEqual(table["LatestStreamArn"], first_stream)
            self.assertEqual(table["StreamSpecification"]["StreamViewType"], "KEYS_ONLY")
            found = connection.must("Query", {
                "TableName": "notes", "IndexName": "by-time", "KeyConditionExpression": "#at = :seven",
                "ExpressionAttributeNames": {"#at": "at"}, "ExpressionAttributeValues": {":seven": {"N": "7"}}})
            self.assertEqual(found["Items"], [{"id": {"S": "n"}, "at": {"N": "7"}}])
            expiry = connection.must("DescribeTimeToLive", {"TableName": "notes"})["TimeToLiveDescription"]
            self.assertEqual(expiry["AttributeName"], "ends")
            tags = connection.must("ListTagsOfResource", {"ResourceArn": table["TableArn"]})["Tags"]
            self.assertIn({"Key": "team", "Value": "papers"}, tags)
            recovery = connection.must("DescribeContinuousBackups", {"TableName": "notes"})
            self.assertEqual(recovery["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
                             ["PointInTimeRecoveryStatus"], "ENABLED")


if __name__ == "__main__":
    unittest.main()
