"""BatchWriteItem: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html"""

import unittest

from conformance import Conformance, violations


class BatchWriteItem(Conformance):
    operation = "BatchWriteItem"

    def put_request(self, suffix, **more):
        return {"PutRequest": {"Item": {"id": {"S": self.key + suffix}, **more}}}

    def delete_request(self, suffix):
        return {"DeleteRequest": {"Key": {"id": {"S": self.key + suffix}}}}

    def batch(self, *requests):
        return {"RequestItems": {self.table(): list(requests)}}

    def test_puts_and_deletes_in_several_tables(self):
        """UnprocessedItems is there even when empty."""
        self.put(self.table(), id={"S": self.key + "old"})
        body = self.batch(self.put_request("new", v={"N": "1"}), self.delete_request("old"))
        body["RequestItems"][self.table("range")] = [
            {"PutRequest": {"Item": {"id": {"S": self.key}, "sk": {"S": "s"}}}}]
        self.assertEqual(self.ok(body), {"UnprocessedItems": {}})
        self.assertEqual(self.stored(self.table(), id={"S": self.key + "new"})["v"], {"N": "1"})
        self.assertIsNone(self.stored(self.table(), id={"S": self.key + "old"}))
        self.assertIsNotNone(self.stored(self.table("range"), id={"S": self.key}, sk={"S": "s"}))

    def test_capacity(self):
        """One unit for each KB of each item."""
        body = {**self.batch(self.put_request("a", v={"S": "x" * 1500}), self.put_request("b")),
                "ReturnConsumedCapacity": "TOTAL"}
        self.assertEqual(self.ok(body)["ConsumedCapacity"], [{"TableName": self.table(), "CapacityUnits": 3.0}])

    def test_takes_twenty_five(self):
        """Up to 25 requests, over all tables."""
        self.ok(self.batch(*[self.put_request(str(i)) for i in range(25)]))
        status, answer = self.service.send(self.operation, self.batch(*[self.put_request(str(i)) for i in range(26)]))
        self.assertEqual(status, 400)
        self.assertIn("Member must have length less than or equal to 25", answer["message"])

    def test_refuses(self):
        """One of PutRequest and DeleteRequest each; each item once; nothing is written when one is refused."""
        one_of = ("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
                  "datatypes")
        mismatch = "The provided key element does not match the schema"
        self.refused({}, violations(
            "Value null at 'requestItems' failed to satisfy constraint: Member must not be null"))
        for requests, message in (
                ([{}], one_of),
                ([{**self.put_request("a"), **self.delete_request("b")}], one_of),
                ([self.put_request("a"), self.delete_request("a")], "Provided list of item keys contains duplicates"),
                ([self.put_request("a"), {"PutRequest": {"Item": {"id": {"N": "5"}}}}], mismatch),
                ([self.put_request("a"), {"PutRequest": {"Item": {"other": {"S": "x"}}}}], mismatch),
                ([self.put_request("a"), {"PutRequest": {"Item": {"id": {"S": ""}}}}],
                 "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
                 "empty string value. Key: id"),
                ([self.put_request("a"), self.put_request("b", v={"S": "x" * 409_600})],
                 "Item size has exceeded the maximum allowed size")):
            with self.subTest(message=message):
                self.refused(self.batch(*requests), message)
        self.assertIsNone(self.stored(self.table(), id={"S": self.key + "a"}))
        self.refused({"RequestItems": {"no-such-table": [self.put_request("a"), self.delete_request("a")]}},
                     "Requested resource not found", "ResourceNotFoundException")


if __name__ == "__main__":
    unittest.main()
