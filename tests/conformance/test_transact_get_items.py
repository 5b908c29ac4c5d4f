"""TransactGetItems: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html"""

import unittest

from conformance import Conformance, violations


class TransactGetItems(Conformance):
    operation = "TransactGetItems"

    def get(self, suffix, **more):
        return {"Get": {"TableName": self.table(), "Key": {"id": {"S": self.key + suffix}}, **more}}

    def test_answers_in_order_with_gaps(self):
        """Responses stand in the order of the gets; an item that is not there is {}."""
        item = self.put(self.table(), id={"S": self.key + "a"}, v={"N": "1"}, w={"N": "2"})
        answer = self.ok({"TransactItems": [self.get("none"), self.get("a", ProjectionExpression="w"),
                                            {"Get": {"TableName": self.table("range"),
                                                     "Key": {"id": {"S": self.key}, "sk": {"S": "x"}}}}]})
        self.assertEqual(answer, {"Responses": [{}, {"Item": {"w": item["w"]}}, {}]})

    def test_capacity(self):
        """Two read units for each 4 KB, missing items included."""
        self.put(self.table(), id={"S": self.key + "a"})
        [entry] = self.ok({"TransactItems": [self.get("a"), self.get("none")],
                           "ReturnConsumedCapacity": "INDEXES"})["ConsumedCapacity"]
        self.assertEqual((entry["CapacityUnits"], entry["ReadCapacityUnits"]), (4.0, 4.0))
        self.assertEqual(entry["Table"]["ReadCapacityUnits"], 4.0)

    def test_refuses(self):
        """Constraints name the position; one item may be read once; a key that does not fit cancels."""
        self.refused({"TransactItems": []}, violations(
            ("'[]' at 'transactItems'", "Member must have length greater than or equal to 1")))
        self.refused({"TransactItems": [self.get("a"), {"Get": {"TableName": "bad!name", "Key": {}}}]}, violations(
            ("'bad!name' at 'transactItems.2.member.get.tableName'",
             "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+")))
        self.refused({"TransactItems": [self.get("a", ProjectionExpression="!!!")]},
                     'Invalid ProjectionExpression: Syntax error; token: "!", near: "!!"')
        self.refused({"TransactItems": [self.get("a"), self.get("a")]},
                     "Transaction request cannot include multiple operations on one item")
        self.refused({"TransactItems": [{"Get": {"TableName": "no-such-table", "Key": {"id": {"S": "a"}}}}]},
                     "Requested resource not found", "ResourceNotFoundException")
        answer = self.refused(
            {"TransactItems": [{"Get": {"TableName": self.table(), "Key": {}}}, self.get("a")]},
            "Transaction cancelled, please refer cancellation reasons for specific reasons [ValidationError, None]",
            "TransactionCanceledException")
        self.assertEqual(answer["CancellationReasons"][0]["Message"],
                         "The provided key element does not match the schema")


if __name__ == "__main__":
    unittest.main()
