"""GetItem: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html"""

import unittest

from conformance import Conformance, SERIALIZATION, violations


class GetItem(Conformance):
    operation = "GetItem"

    def test_an_item_and_none(self):
        """An answer without Item when there is none."""
        item = self.put(self.table(), id={"S": self.key}, a={"N": "1"})
        self.assertEqual(self.ok({"TableName": self.table(), "Key": {"id": {"S": self.key}}}), {"Item": item})
        self.assertEqual(self.ok({"TableName": self.table(), "Key": {"id": {"S": self.key + "x"}}}), {})

    def test_projection(self):
        """ProjectionExpression selects paths; what is not there is left out; elements of lists close ranks."""
        self.put(self.table(), id={"S": self.key}, a={"N": "1"}, b={"M": {"c": {"S": "x"}, "d": {"S": "y"}}},
                 l={"L": [{"N": "0"}, {"N": "1"}, {"N": "2"}]})
        base = {"TableName": self.table(), "Key": {"id": {"S": self.key}}}
        for expression, wanted in (("a", {"a": {"N": "1"}}), ("b.c, #l[2], #l[0]",
                                   {"b": {"M": {"c": {"S": "x"}}}, "l": {"L": [{"N": "0"}, {"N": "2"}]}}),
                                   ("nothing, b.nothing", {})):
            body = {**base, "ProjectionExpression": expression}
            if "#l" in expression:
                body["ExpressionAttributeNames"] = {"#l": "l"}
            self.assertEqual(self.ok(body), {"Item": wanted})

    def test_consumed_capacity(self):
        """4 KB a read unit, half of it when eventually consistent, at least one unit."""
        self.put(self.table(), id={"S": self.key}, big={"S": "x" * 4096})
        body = {"TableName": self.table(), "Key": {"id": {"S": self.key}}, "ReturnConsumedCapacity": "TOTAL"}
        for consistent, units in ((False, 1.0), (True, 2.0)):
            answer = self.ok({**body, "ConsistentRead": consistent})
            self.assertEqual(answer["ConsumedCapacity"], {"TableName": self.table(), "CapacityUnits": units})
        body["Key"] = {"id": {"S": self.key + "-none"}}
        self.assertEqual(self.ok(body)["ConsumedCapacity"]["CapacityUnits"], 0.5)
        answer = self.ok({**body, "ReturnConsumedCapacity": "INDEXES"})
        self.assertEqual(answer["ConsumedCapacity"],
                         {"TableName": self.table(), "CapacityUnits": 0.5, "Table": {"CapacityUnits": 0.5}})

    def test_constraints(self):
        """Constraints are gathered in the order of the service's model."""
        self.refused({"ReturnConsumedCapacity": "hi"}, violations(
            ("'hi' at 'returnConsumedCapacity'", "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"),
            ("null at 'tableName'", "Member must not be null"), ("null at 'key'", "Member must not be null")))
        self.refused({"TableName": "abc;", "Key": {}}, violations(
            ("'abc;' at 'tableName'", "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+")))
        self.refused({"TableName": "a;", "Key": {}}, violations(
            ("'a;' at 'tableName'", "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
            ("'a;' at 'tableName'", "Member must have length greater than or equal to 3")))
        self.refused({"TableName": "abc", "Key": {}, "AttributesToGet": []}, violations(
            ("'[]' at 'attributesToGet'", "Member must have length greater than or equal to 1")))

    def test_rules(self):
        """Expressions are judged before the table is looked at, one rule at a time."""
        base = {"TableName": "no-such-table", "Key": {"id": {"S": "a"}}}
        bad = "Invalid ProjectionExpression: "
        self.all_refused(base=base, cases=[
            ({"Key": {"id": {}}}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
            ({"ExpressionAttributeNames": {"#a": "a"}},
             "ExpressionAttributeNames can only be specified when using expressions"),
            ({"ExpressionAttributeNames": {}, "ProjectionExpression": "a"}, "ExpressionAttributeNames must not be empty"),
            ({"ExpressionAttributeNames": {"a": "a"}, "ProjectionExpression": "a"},
             'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"'),
            ({"ProjectionExpression": ""}, bad + "The expression can not be empty;"),
            ({"ProjectionExpression": "a..b"}, bad + 'Syntax error; token: ".", near: "..b"'),
            ({"ProjectionExpression": "a, b, abort"},
             bad + "Attribute name is a reserved keyword; reserved keyword: abort"),
            ({"ProjectionExpression": "#b"}, bad + "An expression attribute name used in the document path is not "
             "defined; attribute name: #b"),
            ({"ProjectionExpression": "a.b, a"}, bad + "Two document paths overlap with each other; must remove or "
             "rewrite one of these paths; path one: [a, b], path two: [a]"),
            ({"ProjectionExpression": "a[0], a.b"}, bad + "Two document paths conflict with each other; must remove or "
             "rewrite one of these paths; path one: [a, [0]], path two: [a, b]"),
            ({"ProjectionExpression": "a", "ExpressionAttributeNames": {"#b": "b"}},
             "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}"),
        ])
        self.refused(base, "Requested resource not found", "ResourceNotFoundException")

    def test_keys(self):
        """The key has exactly the key attributes, of their types, neither empty nor too long."""
        one = "One or more parameter values were invalid: "
        mismatch = "The provided key element does not match the schema"
        self.all_refused(base={"TableName": self.table("range")}, cases=[
            ({"Key": {}}, mismatch),
            ({"Key": {"id": {"S": "a"}}}, mismatch),
            ({"Key": {"id": {"S": "a"}, "sk": {"S": "b"}, "c": {"S": "c"}}}, mismatch),
            ({"Key": {"id": {"S": "a"}, "no": {"S": "b"}}}, mismatch),
            ({"Key": {"id": {"S": "a"}, "sk": {"N": "1"}}}, mismatch),
            ({"Key": {"id": {"S": "a" * 2049}, "sk": {"S": "a"}}},
             one + "Size of hashkey has exceeded the maximum size limit of2048 bytes"),
            ({"Key": {"id": {"S": "a"}, "sk": {"S": "a" * 1025}}},
             one + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes"),
        ])

    def test_serialization(self):
        """Types first."""
        self.all_refused(kind=SERIALIZATION, cases=[
            ({"TableName": 1.5}, "DECIMAL_VALUE cannot be converted to String"),
            ({"TableName": []}, "Unrecognized collection type class java.lang.String"),
            ({"TableName": {}}, "Start of structure or map found where not expected"),
            ({"ConsistentRead": 1}, "NUMBER_VALUE cannot be converted to Boolean"),
            ({"ConsistentRead": []}, "Unrecognized collection type class java.lang.Boolean"),
            ({"Key": "a"}, "Unexpected field type"),
            ({"Key": []}, "Unrecognized collection type java.util.Map<java.lang.String, "
             "com.amazonaws.dynamodb.v20120810.AttributeValue>"),
            ({"Key": {"a": "a"}}, "Unexpected value type in payload"),
            ({"Key": {"a": []}}, "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue"),
            ({"Key": {"a": {"L": {}}}}, "Start of structure or map found where not expected"),
            ({"Key": {"a": {"SS": "a"}}}, "Unexpected field type"),
            ({"ExpressionAttributeNames": []},
             "Unrecognized collection type java.util.Map<java.lang.String, java.lang.String>"),
        ])


if __name__ == "__main__":
    unittest.main()
