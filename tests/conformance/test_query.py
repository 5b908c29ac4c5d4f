"""Query: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html"""

import unittest

from conformance import Conformance, violations


class Query(Conformance):
    operation = "Query"

    def fill(self, kind="number", count=10):
        for number in range(count):
            self.put(self.table(kind), id={"S": self.key}, sk={"N": str(number)}, even={"BOOL": number % 2 == 0})
        return {"TableName": self.table(kind), "KeyConditionExpression": "id = :id",
                "ExpressionAttributeValues": {":id": {"S": self.key}}}

    @staticmethod
    def sorts(answer):
        return [int(item["sk"]["N"]) for item in answer["Items"]]

    def test_key_conditions(self):
        """Every comparison that a sort key allows; numbers order by value."""
        base = self.fill(count=12)
        for condition, wanted in (("sk = :a", [2]), ("sk < :a", [0, 1]), ("sk <= :a", [0, 1, 2]), ("sk > :b", [11]),
                                  (":b <= sk", [10, 11]), ("sk BETWEEN :a AND :b", list(range(2, 11)))):
            values = {**base["ExpressionAttributeValues"]}
            if ":a" in condition:
                values[":a"] = {"N": "2"}
            if ":b" in condition:
                values[":b"] = {"N": "10"}
            answer = self.ok({**base, "KeyConditionExpression": "id = :id AND " + condition,
                              "ExpressionAttributeValues": values})
            self.assertEqual(self.sorts(answer), wanted, condition)

    def test_direction_and_pages(self):
        """Limit counts items read; LastEvaluatedKey goes on, in both directions, until it is absent."""
        base = self.fill()
        for forward in (True, False):
            seen, start = [], {}
            for _ in range(20):
                answer = self.ok({**base, "Limit": 3, "ScanIndexForward": forward, **start})
                seen += self.sorts(answer)
                if "LastEvaluatedKey" not in answer:
                    break
                self.assertEqual(answer["Count"], 3)
                start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
            self.assertEqual(seen, sorted(range(10), reverse=not forward))

    def test_filter_counts_what_was_read(self):
        """A filter is applied after reading: ScannedCount and Limit do not see it."""
        base = self.fill()
        base["ExpressionAttributeValues"][":t"] = {"BOOL": True}
        answer = self.ok({**base, "FilterExpression": "even = :t", "Limit": 4})
        self.assertEqual((self.sorts(answer), answer["ScannedCount"]), ([0, 2], 4))
        answer = self.ok({**base, "FilterExpression": "even = :t", "Select": "COUNT"})
        self.assertEqual(answer, {"Count": 5, "ScannedCount": 10})

    def test_begins_with(self):
        """begins_with on a string sort key; bytes order."""
        for sort in ("a", "ab", "ab1", "b", "\u00e9"):
            self.put(self.table("range"), id={"S": self.key}, sk={"S": sort})
        answer = self.ok({"TableName": self.table("range"), "KeyConditionExpression": "id = :id AND begins_with(sk, :p)",
                          "ExpressionAttributeValues": {":id": {"S": self.key}, ":p": {"S": "ab"}}})
        self.assertEqual([item["sk"]["S"] for item in answer["Items"]], ["ab", "ab1"])

    def test_key_condition_rules(self):
        """What a key condition may not contain, judged before the table is looked at."""
        values = {":a": {"S": "a"}}
        for expression, message in (
            ("id <> :a", "Invalid operator used in KeyConditionExpression: <>"),
            ("id = :a OR sk = :a", "Invalid operator used in KeyConditionExpression: OR"),
            ("NOT id = :a", "Invalid operator used in KeyConditionExpression: NOT"),
            ("id IN (:a)", "Invalid operator used in KeyConditionExpression: IN"),
            ("contains(id, :a)", "Invalid operator used in KeyConditionExpression: contains"),
            ("id = sk AND id = :a",
             "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"),
            ("a.b = :a", "KeyConditionExpressions cannot have conditions on nested attributes"),
            ("id = :a AND id = :a", "KeyConditionExpressions must only contain one condition per key"),
            (":a = :a", "Invalid condition in KeyConditionExpression: No key attribute specified"),
        ):
            with self.subTest(expression=expression):
                self.refused({"TableName": "no-such-table", "KeyConditionExpression": expression,
                              "ExpressionAttributeValues": values}, message)

    def test_key_conditions_and_the_schema(self):
        """A partition key by equality, then the sort key, of the schema's types."""
        base = {"TableName": self.table("range"), "ExpressionAttributeValues": {":a": {"S": "a"}}}
        for expression, message in (
            ("sk = :a", "Query condition missed key schema element: id"),
            ("id > :a", "Query key condition not supported"),
            ("id = :a AND third = :a", "Query condition missed key schema element: sk"),
        ):
            with self.subTest(expression=expression):
                self.refused({**base, "KeyConditionExpression": expression}, message)
        self.refused({**base, "KeyConditionExpression": "id = :a", "ExpressionAttributeValues": {":a": {"N": "1"}}},
                     "One or more parameter values were invalid: Condition parameter type does not match schema type")
        self.refused({**base, "KeyConditionExpression": "id = :a", "FilterExpression": "sk = :a"}, "Filter Expression can "
                     "only contain non-primary key attributes: Primary key attribute: sk")
        self.refused({**base, "KeyConditionExpression": "id = :a", "IndexName": "none"},
                     "The table does not have the specified index: none")

    def test_start_key(self):
        """ExclusiveStartKey is a key inside the range that is asked for."""
        base = {"TableName": self.table("range"), "KeyConditionExpression": "id = :a",
                "ExpressionAttributeValues": {":a": {"S": "a"}}}
        self.refused({**base, "ExclusiveStartKey": {"id": {"S": "a"}}}, "The provided starting key is invalid")
        self.refused({**base, "ExclusiveStartKey": {"id": {"S": "b"}, "sk": {"S": "b"}}},
                     "The provided starting key is outside query boundaries based on provided conditions")

    def test_constraints(self):
        """Gathered in the order of the service's model."""
        self.refused({"Select": "hi", "Limit": 0, "IndexName": "a;"}, violations(
            ("'hi' at 'select'", "Member must satisfy enum value set: "
             "[SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]"),
            ("'a;' at 'indexName'", "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
            ("'a;' at 'indexName'", "Member must have length greater than or equal to 3"),
            ("null at 'tableName'", "Member must not be null"),
            ("'0' at 'limit'", "Member must have value greater than or equal to 1")))
        self.refused({"TableName": "no-such-table"}, "Either the KeyConditions or KeyConditionExpression parameter must be "
                     "specified in the request.")


if __name__ == "__main__":
    unittest.main()
