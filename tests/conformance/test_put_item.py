"""PutItem: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html"""

import unittest

from conformance import Conformance, SERIALIZATION, violations


class PutItem(Conformance):
    operation = "PutItem"

    def test_answers_nothing_unless_asked(self):
        """ReturnValues is NONE by default; ALL_OLD of an item that was not there has no Attributes at all."""
        body = {"TableName": self.table(), "Item": {"id": {"S": self.key}}}
        self.assertEqual(self.ok(body), {})
        self.assertEqual(self.ok({**body, "Item": {"id": {"S": self.key + "b"}}, "ReturnValues": "ALL_OLD"}), {})

    def test_replaces_the_whole_item(self):
        """PutItem replaces; ALL_OLD returns what was replaced."""
        first = {"id": {"S": self.key}, "a": {"N": "1"}, "b": {"L": [{"BOOL": True}, {"NULL": True}]}}
        self.ok({"TableName": self.table(), "Item": first})
        second = {"id": {"S": self.key}, "c": {"SS": ["x"]}}
        answer = self.ok({"TableName": self.table(), "Item": second, "ReturnValues": "ALL_OLD"})
        self.assertEqual(answer, {"Attributes": first})
        self.assertEqual(self.stored(self.table(), id={"S": self.key}), second)

    def test_condition(self):
        """A condition that does not hold is ConditionalCheckFailedException, with the item only where asked."""
        self.put(self.table(), id={"S": self.key}, n={"N": "1"})
        body = {"TableName": self.table(), "Item": {"id": {"S": self.key}},
                "ConditionExpression": "attribute_not_exists(id)"}
        failed = "ConditionalCheckFailedException"
        answer = self.refused(body, "The conditional request failed", failed)
        self.assertNotIn("Item", answer)
        answer = self.refused({**body, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"},
                              "The conditional request failed", failed)
        self.assertEqual(answer["Item"], {"id": {"S": self.key}, "n": {"N": "1"}})
        self.assertEqual(self.stored(self.table(), id={"S": self.key})["n"], {"N": "1"})

    def test_constraints_are_reported_together(self):
        """What the service model says of members is checked first and reported at once."""
        self.refused({"ReturnValues": "hi"}, violations(
            "Value null at 'tableName' failed to satisfy constraint: Member must not be null",
            "Value null at 'item' failed to satisfy constraint: Member must not be null",
            "Value 'hi' at 'returnValues' failed to satisfy constraint: "
            "Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"))

    def test_rules_before_the_table_is_looked_at(self):
        """Rules of values and parameters are judged one at a time, before the table's existence."""
        one = "One or more parameter values were invalid: "
        self.all_refused(base={"TableName": "no-such-table", "Item": {"id": {"S": "a"}}}, cases=[
            ({"ReturnValues": "ALL_NEW"}, "ReturnValues can only be ALL_OLD or NONE"),
            ({"Item": {"id": {}}}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
            ({"Item": {"id": {"S": "a", "N": "1"}}},
             "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"),
            ({"Item": {"id": {"NULL": False}}}, one + "Null attribute value types must have the value of true"),
            ({"Item": {"id": {"SS": []}}}, one + "An string set  may not be empty"),
            ({"Item": {"id": {"NS": []}}}, one + "An number set  may not be empty"),
            ({"Item": {"id": {"BS": []}}}, one + "Binary sets should not be empty"),
            ({"Item": {"id": {"SS": ["a", "b", "a"]}}}, one + "Input collection [a, b, a] contains duplicates."),
            ({"Item": {"id": {"NS": ["1", "1.0"]}}}, "Input collection contains duplicates"),
            ({"Item": {"id": {"BS": ["Yg==", "Yg=="]}}},
             one + "Input collection [Yg==, Yg==]of type BS contains duplicates."),
            ({"Item": {"id": {"N": ""}}}, "The parameter cannot be converted to a numeric value"),
            ({"Item": {"id": {"N": "b"}}}, "The parameter cannot be converted to a numeric value: b"),
            ({"Item": {"id": {"N": "1" * 39}}},
             "Attempting to store more than 38 significant digits in a Number"),
            ({"Item": {"id": {"N": "1e126"}}},
             "Number overflow. Attempting to store a number with magnitude larger than supported range"),
            ({"Item": {"id": {"N": "1e-131"}}},
             "Number underflow. Attempting to store a number with magnitude smaller than supported range"),
            ({"Item": {"id": {"S": "a"}, "b": {"S": "x" * 410_000}}},
             "Item size has exceeded the maximum allowed size"),
            ({"ExpressionAttributeNames": {}},
             "ExpressionAttributeNames can only be specified when using expressions"),
            ({"ExpressionAttributeValues": {}},
             "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null"),
            ({"ConditionExpression": ""}, "Invalid ConditionExpression: The expression can not be empty;"),
        ])

    def test_keys(self):
        """The item must hold the table's keys, of their types, neither empty nor too long."""
        one = "One or more parameter values were invalid: "
        empty = "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an " \
            "empty string value. Key: "
        self.all_refused(base={"TableName": self.table("range")}, cases=[
            ({"Item": {"a": {"S": "a"}}}, one + "Missing the key id in the item"),
            ({"Item": {"id": {"S": "a"}}}, one + "Missing the key sk in the item"),
            ({"Item": {"id": {"N": "1"}, "sk": {"S": "a"}}}, one + "Type mismatch for key id expected: S actual: N"),
            ({"Item": {"id": {"S": ""}, "sk": {"S": "a"}}}, empty + "id"),
            ({"Item": {"id": {"S": "a"}, "sk": {"S": ""}}}, empty + "sk"),
            ({"Item": {"id": {"S": "a" * 2049}, "sk": {"S": "a"}}},
             one + "Size of hashkey has exceeded the maximum size limit of2048 bytes"),
            ({"Item": {"id": {"S": "a"}, "sk": {"S": "a" * 1025}}},
             one + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes"),
        ])

    def test_limits_are_reached_exactly(self):
        """Keys of 2048 and 1024 bytes, items of 409,600 bytes and 32 levels of nesting are taken."""
        self.put(self.table("range"), id={"S": "a" * 2048}, sk={"S": "b" * 1024})
        size = 400 * 1024 - len("id") - len(self.key) - len("big")
        self.put(self.table(), id={"S": self.key}, big={"S": "x" * size})
        self.refused({"TableName": self.table(), "Item": {"id": {"S": self.key}, "big": {"S": "x" * (size + 1)}}},
                     "Item size has exceeded the maximum allowed size")
        for levels, is_fine in ((32, True), (33, False)):
            value = {"S": "deep"}
            for level in range(levels):
                value = {"L": [value]} if level % 2 else {"M": {"m": value}}
            body = {"TableName": self.table(), "Item": {"id": {"S": self.key}, "v": value}}
            if is_fine:
                self.ok(body)
            else:
                self.refused(body, "Nesting Levels have exceeded supported limits")

    def test_missing_table(self):
        """Operations on items do not say which table is missing."""
        self.refused({"TableName": "no-such-table", "Item": {"id": {"S": "a"}}}, "Requested resource not found",
                     "ResourceNotFoundException")

    def test_values_survive(self):
        """Every type comes back as it went, numbers normalized, sets without order."""
        item = {"id": {"S": self.key}, "s": {"S": "\u00e9\u2603\U0001f600\\\""}, "n": {"N": "-12.5"}, "b": {"B": "AAECAw=="},
                "t": {"BOOL": True}, "f": {"BOOL": False}, "z": {"NULL": True}, "e": {"S": ""}, "eb": {"B": ""},
                "l": {"L": []}, "m": {"M": {"x": {"L": [{"N": "0"}]}}}, "ns": {"NS": ["3"]}, "bs": {"BS": ["Yg=="]}}
        self.put(self.table(), **item)
        self.assertEqual(self.stored(self.table(), id={"S": self.key}), item)
        for sent, kept in (("1e2", "100"), ("0100.50", "100.5"), ("-0", "0"), ("+5", "5"), ("1E-3", "0.001"),
                           ("123456789012345678901234567890.12345678", "123456789012345678901234567890.12345678")):
            self.put(self.table(), id={"S": self.key}, n={"N": sent})
            self.assertEqual(self.stored(self.table(), id={"S": self.key})["n"], {"N": kept})

    def test_serialization(self):
        """JSON of the wrong shape is a SerializationException, before any constraint is looked at."""
        self.all_refused(kind=SERIALIZATION, cases=[
            ({"TableName": 23}, "NUMBER_VALUE cannot be converted to String"),
            ({"TableName": True}, "TRUE_VALUE cannot be converted to String"),
            ({"Item": {"a": {"S": 1}}}, "NUMBER_VALUE cannot be converted to String"),
            ({"Item": {"a": {"N": 1}}}, "NUMBER_VALUE cannot be converted to String"),
            ({"Item": {"a": {"BOOL": "maybe"}}}, "Unexpected token received from parser"),
            ({"Item": {"a": {"B": "a"}}}, "Base64 encoded length is expected a multiple of 4 bytes but found: 1"),
            ({"Item": {"a": {"B": "a==="}}}, "Invalid last non-pad Base64 character dectected"),
            ({"Item": {"a": {"B": "aa!a"}}}, "Invalid Base64 character: '!'"),
        ])


if __name__ == "__main__":
    unittest.main()
