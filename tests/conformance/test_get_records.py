"""GetRecords, with GetShardIterator: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html"""

import re
import unittest

from conformance import Conformance, schema, violations


class GetRecords(Conformance):
    operation = "GetRecords"

    def streamed_table(self, view="NEW_AND_OLD_IMAGES"):
        name = self.own_table(**schema(id="S"), StreamSpecification={"StreamEnabled": True, "StreamViewType": view})
        return name, self.dynamodb.describe_table(TableName=name)["Table"]["LatestStreamArn"]

    def shards(self, arn):
        """Of an enabled stream, whose first shard may take a moment to appear."""
        found = []
        self.eventually(lambda: found.extend(
            self.ok({"StreamArn": arn}, "DescribeStream")["StreamDescription"]["Shards"]) or found)
        return found

    def iterator(self, arn, shard, kind, **more):
        return self.ok({"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": kind, **more},
                       "GetShardIterator")["ShardIterator"]

    def read(self, arn, count):
        """All records from the beginning, once there are `count`."""
        records = []
        iterators = [self.iterator(arn, shard, "TRIM_HORIZON") for shard in self.shards(arn)]

        def read_on():
            for number, at in enumerate(iterators):
                if at:
                    answer = self.ok({"ShardIterator": at})
                    records.extend(answer["Records"])
                    iterators[number] = answer.get("NextShardIterator")
            return len(records) >= count
        self.eventually(read_on)
        return sorted(records, key=lambda record: int(record["dynamodb"]["SequenceNumber"]))

    def test_views(self):
        """A record holds the keys, and the images that the stream's view names."""
        for view, old, new in (("KEYS_ONLY", 0, 0), ("NEW_IMAGE", 0, 1), ("OLD_IMAGE", 1, 0),
                               ("NEW_AND_OLD_IMAGES", 1, 1)):
            with self.subTest(view=view):
                table, arn = self.streamed_table(view)
                first = self.put(table, id={"S": "a"}, n={"N": "1"})
                second = self.put(table, id={"S": "a"}, n={"N": "2"})
                self.ok({"TableName": table, "Key": {"id": {"S": "a"}}}, "DeleteItem")
                records = self.read(arn, 3)
                self.assertEqual([record["eventName"] for record in records], ["INSERT", "MODIFY", "REMOVE"])
                for record, (before, after) in zip(records, ((None, first), (first, second), (second, None))):
                    change = record["dynamodb"]
                    self.assertEqual(change["Keys"], {"id": {"S": "a"}})
                    self.assertEqual(change.get("OldImage"), before if old else None)
                    self.assertEqual(change.get("NewImage"), after if new else None)
                    self.assertEqual(change["StreamViewType"], view)
                    self.assertRegex(change["SequenceNumber"], r"^\d{21,40}$")
                    self.assertEqual(record["eventSource"], "aws:dynamodb")
                    self.assertEqual(record["eventVersion"], "1.1")
                    self.assertEqual(record["awsRegion"], self.service.region)
                    self.assertNotIn("userIdentity", record)

    def test_size(self):
        """SizeBytes counts keys and images as items are counted."""
        table, arn = self.streamed_table("NEW_IMAGE")
        self.put(table, id={"S": "a"}, Message={"S": "New item!"}, n={"N": "101"})
        self.assertEqual(self.read(arn, 1)[0]["dynamodb"]["SizeBytes"], 3 + 3 + 16 + 4)

    def test_a_write_that_changes_nothing(self):
        """Nothing is recorded when an item stays as it was, or when none was there to delete."""
        table, arn = self.streamed_table()
        for n in ("1", "1.0", "2"):
            self.put(table, id={"S": "a"}, n={"N": n})
        self.ok({"TableName": table, "Key": {"id": {"S": "b"}}}, "DeleteItem")
        self.put(table, id={"S": "c"})
        self.assertEqual([record["dynamodb"]["Keys"]["id"]["S"] for record in self.read(arn, 3)], ["a", "a", "c"])

    def test_positions(self):
        """AT begins with the record itself, AFTER with the next, LATEST with what is yet to come."""
        table, arn = self.streamed_table()
        for n in "12":
            self.put(table, id={"S": "a"}, n={"N": n})
        first, second = (record["dynamodb"]["SequenceNumber"] for record in self.read(arn, 2))
        shard = next(shard for shard in self.shards(arn)
                     if self.ok({"ShardIterator": self.iterator(arn, shard, "TRIM_HORIZON")})["Records"])

        def numbers(kind, **more):
            answer = self.ok({"ShardIterator": self.iterator(arn, shard, kind, **more)})
            return [record["dynamodb"]["SequenceNumber"] for record in answer["Records"]]
        self.assertEqual(numbers("AT_SEQUENCE_NUMBER", SequenceNumber=first), [first, second])
        self.assertEqual(numbers("AFTER_SEQUENCE_NUMBER", SequenceNumber=first), [second])
        self.assertEqual(numbers("LATEST"), [])
        page = self.ok({"ShardIterator": self.iterator(arn, shard, "TRIM_HORIZON"), "Limit": 1})
        self.assertEqual([record["dynamodb"]["SequenceNumber"] for record in page["Records"]], [first])
        page = self.ok({"ShardIterator": page["NextShardIterator"]})
        self.assertEqual([record["dynamodb"]["SequenceNumber"] for record in page["Records"]], [second])

    def test_off_and_on(self):
        """A stream that is off can be read to its end; the next one has another ARN."""
        table, arn = self.streamed_table()
        self.put(table, id={"S": "a"})
        self.read(arn, 1)
        update = {"TableName": table, "StreamSpecification": {"StreamEnabled": False}}
        self.ok(update, "UpdateTable")
        self.dynamodb.get_waiter("table_exists").wait(TableName=table, WaiterConfig={"Delay": 1})
        self.refused(update, f"Table has no stream to disable: TableName: {table}", operation="UpdateTable")
        self.eventually(lambda: self.ok({"StreamArn": arn}, "DescribeStream")[
            "StreamDescription"]["StreamStatus"] == "DISABLED")
        self.assertEqual(len(self.read(arn, 1)), 1)
        update["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
        answer = self.ok(update, "UpdateTable")["TableDescription"]
        self.assertNotEqual(answer["LatestStreamArn"], arn)
        self.assertTrue(answer["LatestStreamArn"].endswith(answer["LatestStreamLabel"]))
        listed = self.ok({"TableName": table}, "ListStreams")["Streams"]
        self.assertEqual({stream["StreamArn"] for stream in listed}, {arn, answer["LatestStreamArn"]})

    def test_refuses(self):
        """Members are checked, iterators cannot be made up, and what is missing is named."""
        table, arn = self.streamed_table()
        at = self.iterator(arn, self.shards(arn)[0], "TRIM_HORIZON")
        self.refused({}, violations("Value null at 'shardIterator' failed to satisfy constraint: "
                                    "Member must not be null"))
        self.refused({"ShardIterator": at, "Limit": 0},
                     re.compile("Member must have value greater than or equal to 1"))
        self.refused({"ShardIterator": "nonsense"}, "Invalid ShardIterator")
        nowhere = arn.replace(table, table + "x")
        self.refused({"StreamArn": nowhere}, f"Requested resource not found: Stream: {nowhere} not found",
                     "ResourceNotFoundException", "DescribeStream")


if __name__ == "__main__":
    unittest.main()
