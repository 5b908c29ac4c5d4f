"""Parameters that came before expressions, in every operation that takes them.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
"""

import unittest

from conformance import Conformance, violations

COMPARISONS = "[IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS]"
MIXED = "Can not use both expression and non-expression parameters in the same request: "


def condition(operator, *arguments):
    return {"ComparisonOperator": operator, "AttributeValueList": list(arguments)}


class Legacy(Conformance):
    operation = "UpdateItem"

    def test_expected(self):
        """Expected compares like expressions do; EQ with lists too; NE holds for what is missing."""
        self.put(self.table(), id={"S": self.key}, s={"S": "hello"}, l={"L": [{"S": "q"}]}, ss={"SS": ["a", "b"]})
        base = {"TableName": self.table(), "Key": {"id": {"S": self.key}}}
        for name, entry, holds in (
            ("s", {"Value": {"S": "hello"}}, True), ("s", {"Exists": False}, False), ("no", {"Exists": False}, True),
            ("s", condition("BEGINS_WITH", {"S": "he"}), True), ("l", condition("CONTAINS", {"S": "q"}), True),
            ("no", condition("NE", {"S": "x"}), True), ("no", condition("NOT_CONTAINS", {"S": "x"}), False),
            ("ss", condition("NOT_CONTAINS", {"S": "c"}), True), ("s", condition("IN", {"S": "x"}, {"S": "hello"}), True),
            ("l", condition("EQ", {"L": [{"S": "q"}]}), True), ("no", condition("NULL"), True),
            ("s", condition("BETWEEN", {"S": "a"}, {"S": "b"}), False),
        ):
            with self.subTest(name=name, entry=entry):
                body = {**base, "Expected": {name: entry}}
                if holds:
                    self.ok(body)
                else:
                    self.refused(body, "The conditional request failed", "ConditionalCheckFailedException")

    def test_attribute_updates(self):
        """PUT is the default; ADD knows numbers, sets and lists; DELETE takes away members or the attribute."""
        self.put(self.table(), id={"S": self.key}, n={"N": "1"}, s={"SS": ["a", "b"]}, x={"S": "x"})
        answer = self.ok({"TableName": self.table(), "Key": {"id": {"S": self.key}}, "ReturnValues": "ALL_NEW",
                          "AttributeUpdates": {
                              "n": {"Action": "ADD", "Value": {"N": "2"}}, "s": {"Action": "DELETE", "Value": {"SS": ["a"]}},
                              "l": {"Action": "ADD", "Value": {"L": [{"S": "r"}]}}, "x": {"Action": "DELETE"},
                              "p": {"Value": {"BOOL": True}}}})
        self.assertEqual(answer["Attributes"], {"id": {"S": self.key}, "n": {"N": "3"}, "s": {"SS": ["b"]},
                                                "l": {"L": [{"S": "r"}]}, "p": {"BOOL": True}})

    def test_delete_creates_nothing(self):
        """An update that only deletes leaves a missing item missing."""
        self.ok({"TableName": self.table(), "Key": {"id": {"S": self.key}}, "AttributeUpdates": {"a": {"Action": "DELETE"}}})
        self.assertIsNone(self.stored(self.table(), id={"S": self.key}))

    def test_rules(self):
        """Argument counts and types have messages of their own."""
        one = "One or more parameter values were invalid: "
        self.all_refused(base={"TableName": "no-such-table", "Key": {"id": {"S": "a"}}}, cases=[
            ({"Expected": {"a": {}}}, one + "Value must be provided when Exists is null for Attribute: a"),
            ({"Expected": {"a": {"Exists": True}}}, one + "Value must be provided when Exists is true for Attribute: a"),
            ({"Expected": {"a": {"Exists": False, "Value": {"S": "b"}}}},
             one + "Value cannot be used when Exists is false for Attribute: a"),
            ({"Expected": {"a": condition("EQ")}}, one + "Invalid number of argument(s) for the EQ ComparisonOperator"),
            ({"Expected": {"a": condition("BETWEEN", {"N": "1"}, {"S": "a"})}},
             one + "AttributeValues inside AttributeValueList must be of same type"),
            ({"AttributeUpdates": {"a": {}}}, one + "Only DELETE action is allowed when no attribute value is specified"),
            ({"AttributeUpdates": {"a": {"Action": "ADD", "Value": {"S": "b"}}}},
             one + "ADD action is not supported for the type S"),
            ({"AttributeUpdates": {}, "Expected": {}, "UpdateExpression": "SET a = b"},
             MIXED + "Non-expression parameters: {AttributeUpdates, Expected} Expression parameters: {UpdateExpression}"),
        ])

    def test_constraints(self):
        """Operators are an enumeration of the service's model."""
        body = {"TableName": self.table(), "Key": {"id": {"S": "a"}}, "Expected": {"a": {"ComparisonOperator": "LIKE"}}}
        self.refused(body, violations(("'LIKE' at 'expected.a.member.comparisonOperator'",
                                       "Member must satisfy enum value set: " + COMPARISONS)))
        self.refused({"TableName": self.table(), "ScanFilter": {"a": {}}}, violations(
            ("null at 'scanFilter.a.member.comparisonOperator'", "Member must not be null")), operation="Scan")

    def test_query_and_scan(self):
        """KeyConditions find what KeyConditionExpression finds; filters join by AND or OR."""
        table = self.table("range")
        for sort in "abc":
            self.put(table, id={"S": self.key}, sk={"S": sort}, n={"N": str(ord(sort))}, m={"S": sort})
        keys = {"id": condition("EQ", {"S": self.key}), "sk": condition("GE", {"S": "b"})}
        answer = self.ok({"TableName": table, "KeyConditions": keys, "AttributesToGet": ["m"]}, "Query")
        self.assertEqual(answer["Items"], [{"m": {"S": "b"}}, {"m": {"S": "c"}}])
        filters = {"n": condition("EQ", {"N": "97"}), "m": condition("EQ", {"S": "c"})}
        for operator, count in (("AND", 0), ("OR", 2)):
            answer = self.ok({"TableName": table, "KeyConditions": {"id": keys["id"]}, "QueryFilter": filters,
                              "ConditionalOperator": operator}, "Query")
            self.assertEqual((answer["Count"], answer["ScannedCount"]), (count, 3))
        self.refused({"TableName": table, "KeyConditions": {**keys, "sk": condition("NE", {"S": "b"})}},
                     "Attempted conditional constraint is not an indexable operation", operation="Query")
        self.refused({"TableName": table, "KeyConditions": {"id": keys["id"]}, "QueryFilter": {"sk": condition("NULL")}},
                     "QueryFilter can only contain non-primary key attributes: Primary key attribute: sk",
                     operation="Query")
        self.refused({"TableName": table, "QueryFilter": filters}, "Either the KeyConditions or KeyConditionExpression "
                     "parameter must be specified in the request.", operation="Query")

    def test_attributes_to_get(self):
        """Names, not paths; each once; not beside an expression."""
        self.put(self.table(), **{"id": {"S": self.key}, "a": {"S": "1"}, "b.c": {"S": "2"}})
        base = {"TableName": self.table(), "Key": {"id": {"S": self.key}}}
        answer = self.ok({**base, "AttributesToGet": ["b.c", "none"]}, "GetItem")
        self.assertEqual(answer, {"Item": {"b.c": {"S": "2"}}})
        self.refused({**base, "AttributesToGet": ["a", "a"]},
                     "One or more parameter values were invalid: Duplicate value in attribute name: a", operation="GetItem")
        self.refused({**base, "AttributesToGet": ["a"], "ProjectionExpression": "a"},
                     MIXED + "Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}",
                     operation="GetItem")


if __name__ == "__main__":
    unittest.main()
