"""A table with an index and a stream through SIGKILLs: what was acknowledged is there, and index and stream agree."""

import http.client
import json
import os
import random
import threading
import time
import unittest

from stator import Stator

KILLS = int(os.environ.get("STATOR_CRASH_KILLS", "50")) // 5
SEED = int(os.environ.get("STATOR_SEED", "20260102"))
WRITERS = 4
KEYS = 12
STREAMS = "DynamoDBStreams_20120810."
TABLES = "DynamoDB_20120810."


class Connection:
    """Calls the API as curl would; the server runs with --auth off."""

    def __init__(self, listen):
        self.http = http.client.HTTPConnection(listen, timeout=30)

    def call(self, operation, body, prefix=TABLES):
        self.http.request("POST", "/", json.dumps(body), {
            "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": prefix + operation})
        answer = self.http.getresponse()
        return answer.status, json.loads(answer.read())

    def must(self, operation, body, prefix=TABLES):
        status, answer = self.call(operation, body, prefix)
        assert status == 200, (operation, answer)
        return answer


def plain(item):
    """{"id": "w0k3", "n": 7, "g": "g1"} or None."""
    return {name: int(value["N"]) if "N" in value else value["S"] for name, value in item.items()} if item else None


class Writer(threading.Thread):
    """Changes keys that nobody else touches, noting for each what was acknowledged and what may have happened."""

    def __init__(self, number, listen, seed, known):
        super().__init__(daemon=True)
        self.connection, self.chance, self.number = Connection(listen), random.Random(seed), number
        self.known, self.maybe, self.acknowledged, self.fault = dict(known), {}, 0, None

    def step(self):
        key = f"w{self.number}k{self.chance.randrange(KEYS)}"
        old = self.known.get(key)
        which = self.chance.randrange(4)
        if which == 0:
            new = None
            call = ("DeleteItem", {"TableName": "notes", "Key": {"id": {"S": key}}})
        elif which == 1:
            new = {**(old or {"id": key}), "n": (old or {}).get("n", 0) + 1}
            call = ("UpdateItem", {"TableName": "notes", "Key": {"id": {"S": key}}, "UpdateExpression": "ADD n :one",
                                   "ExpressionAttributeValues": {":one": {"N": "1"}}})
        else:
            new = {"id": key, "n": self.chance.randrange(1000), "g": f"g{self.chance.randrange(3)}"}
            item = {"id": {"S": key}, "n": {"N": str(new["n"])}, "g": {"S": new["g"]}}
            call = (("PutItem", {"TableName": "notes", "Item": item}) if which == 2 else
                    ("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": "notes", "Item": item}}]}))
        self.maybe = {key: new}
        status, answer = self.connection.call(*call)
        if status != 200:
            self.fault = (call, answer)
            return False
        self.known[key], self.maybe = new, {}
        self.acknowledged += 1
        return True

    def run(self):
        try:
            while self.step():
                pass
        except (OSError, http.client.HTTPException):
            pass


def scan(connection, **arguments):
    items, start = [], {}
    while True:
        page = connection.must("Scan", {"TableName": "notes", **arguments, **start})
        items += [plain(item) for item in page["Items"]]
        if "LastEvaluatedKey" not in page:
            return items
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def replay(connection, arn):
    """The table as its stream tells it."""
    items = {}
    shards = connection.must("DescribeStream", {"StreamArn": arn}, STREAMS)["StreamDescription"]["Shards"]
    for shard in shards:
        iterator = connection.must("GetShardIterator", {
            "StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"},
            STREAMS)["ShardIterator"]
        while iterator:
            page = connection.must("GetRecords", {"ShardIterator": iterator}, STREAMS)
            for record in page["Records"]:
                change = record["dynamodb"]
                key = change["Keys"]["id"]["S"]
                assert plain(change.get("OldImage")) == items.get(key), (record, items.get(key))
                items[key] = plain(change.get("NewImage"))
            iterator = page.get("NextShardIterator") if page["Records"] else None
    return {key: item for key, item in items.items() if item}


class TablesCrash(unittest.TestCase):
    def test_tables_indexes_and_streams_survive_sigkill(self):
        chance = random.Random(SEED)
        with Stator("--auth", "off") as stator:
            connection = Connection(stator.listen)
            arn = connection.must("CreateTable", {
                "TableName": "notes", "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"},
                                         {"AttributeName": "g", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "GlobalSecondaryIndexes": [{"IndexName": "by-g", "Projection": {"ProjectionType": "ALL"},
                                            "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}]}],
                "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            })["TableDescription"]["LatestStreamArn"]
            known, acknowledged = {}, 0
            for kill in range(KILLS):
                writers = [Writer(number, stator.listen, f"{SEED}-{kill}-{number}", known)
                           for number in range(WRITERS)]
                for writer in writers:
                    writer.start()
                time.sleep(chance.uniform(0.05, 0.4))
                stator.kill()
                for writer in writers:
                    writer.join(30)
                    self.assertIsNone(writer.fault)
                    acknowledged += writer.acknowledged
                stator.start()
                connection = Connection(stator.listen)
                found = {item["id"]: item for item in scan(connection)}
                for writer in writers:
                    for number in range(KEYS):
                        key = f"w{writer.number}k{number}"
                        allowed = [writer.known.get(key)] + ([writer.maybe[key]] if key in writer.maybe else [])
                        self.assertIn(found.get(key), allowed, f"seed {SEED}, kill {kill}: {key}")
                indexed = {item["id"]: item for item in scan(connection, IndexName="by-g")}
                self.assertEqual(indexed, {key: item for key, item in found.items() if "g" in item})
                self.assertEqual(replay(connection, arn), found)
                known = found
            print(f"{KILLS} kills, {acknowledged} acknowledged writes, none lost (seed {SEED})")
            self.assertGreater(acknowledged, KILLS)


if __name__ == "__main__":
    unittest.main()
