"""BatchGetItem: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html"""

import unittest

from conformance import Conformance, violations


class BatchGetItem(Conformance):
    operation = "BatchGetItem"

    def keys(self, *suffixes):
        return [{"id": {"S": self.key + suffix}} for suffix in suffixes]

    def batch(self, keys, **more):
        return {"RequestItems": {self.table(): {"Keys": keys, **more}}}

    def test_answers_by_table(self):
        """Responses holds what was found of each table; UnprocessedKeys is there even when empty."""
        first = self.put(self.table(), id={"S": self.key + "a"}, v={"N": "1"})
        second = self.put(self.table("range"), id={"S": self.key}, sk={"S": "s"}, v={"S": "x"})
        answer = self.ok({"RequestItems": {
            self.table(): {"Keys": self.keys("none", "a")},
            self.table("range"): {"Keys": [{"id": {"S": self.key}, "sk": {"S": "s"}}], "ProjectionExpression": "#v",
                                  "ExpressionAttributeNames": {"#v": "v"}}}})
        self.assertEqual(answer, {"UnprocessedKeys": {}, "Responses": {
            self.table(): [first], self.table("range"): [{"v": second["v"]}]}})
        self.assertEqual(self.ok(self.batch(self.keys("none")))["Responses"], {self.table(): []})

    def test_capacity(self):
        """Each item is rounded by itself, also one that is not there; half without ConsistentRead."""
        self.put(self.table(), id={"S": self.key + "a"}, v={"S": "x" * 5000})
        body = {**self.batch(self.keys("a", "none")), "ReturnConsumedCapacity": "TOTAL"}
        self.assertEqual(self.ok(body)["ConsumedCapacity"], [{"TableName": self.table(), "CapacityUnits": 1.5}])
        body["RequestItems"][self.table()]["ConsistentRead"] = True
        self.assertEqual(self.ok(body)["ConsumedCapacity"], [{"TableName": self.table(), "CapacityUnits": 3.0}])

    def test_hands_back_what_does_not_fit(self):
        """16 MB an answer: the rest is in UnprocessedKeys, with what the request said of its table."""
        table = self.own_table()
        for i in range(60):
            self.put(table, id={"S": str(i)}, v={"S": "x" * 300_000})
        request = {table: {"Keys": [{"id": {"S": str(i)}} for i in range(60)], "ConsistentRead": True,
                           "ProjectionExpression": "#i", "ExpressionAttributeNames": {"#i": "id"}}}
        found = []
        for _ in range(5):
            answer = self.ok({"RequestItems": request})
            found += [item["id"]["S"] for item in answer["Responses"][table]]
            request = answer["UnprocessedKeys"]
            if not request:
                break
            self.assertEqual((request[table]["ConsistentRead"], request[table]["ProjectionExpression"]), (True, "#i"))
        self.assertEqual(sorted(found, key=int), [str(i) for i in range(60)])

    def test_refuses(self):
        """100 different keys; duplicates are found before the table is looked for."""
        self.refused({}, violations(
            "Value null at 'requestItems' failed to satisfy constraint: Member must not be null"))
        self.refused({"RequestItems": {"abc": {"Keys": []}}}, violations(
            ("'[]' at 'requestItems.abc.member.keys'", "Member must have length greater than or equal to 1")))
        many = [{"id": {"S": str(i)}} for i in range(100)]
        self.refused({"RequestItems": {"abc": {"Keys": many}, "abd": {"Keys": many[:1]}}},
                     "Too many items requested for the BatchGetItem call")
        self.refused({"RequestItems": {"abc": {"Keys": self.keys("a", "b", "a")}}},
                     "Provided list of item keys contains duplicates")
        self.refused({"RequestItems": {"no-such-table": {"Keys": [{}]}}}, "Requested resource not found",
                     "ResourceNotFoundException")
        self.refused(self.batch([{"id": {"N": "1"}}]), "The provided key element does not match the schema")
        self.refused(self.batch([{}], ProjectionExpression=""),
                     "Invalid ProjectionExpression: The expression can not be empty;")


if __name__ == "__main__":
    unittest.main()
