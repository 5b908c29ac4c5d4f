"""UpdateItem: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html"""

import unittest

from conformance import Conformance, violations


class UpdateItem(Conformance):
    operation = "UpdateItem"

    def update(self, expression=None, values=None, **more):
        body = {"TableName": self.table(), "Key": {"id": {"S": self.key}}, **more}
        if expression:
            body["UpdateExpression"] = expression
        if values:
            body["ExpressionAttributeValues"] = values
        return body

    def test_creates_and_changes(self):
        """An update of an item that is not there creates it, also without an expression; a mere REMOVE does not."""
        self.ok(self.update("REMOVE a"))
        self.assertIsNone(self.stored(self.table(), id={"S": self.key}))
        self.ok(self.update())
        self.assertEqual(self.stored(self.table(), id={"S": self.key}), {"id": {"S": self.key}})
        self.ok(self.update("SET a = :a, b = if_not_exists(b, :b) ADD n :n", {
            ":a": {"L": [{"S": "x"}]}, ":b": {"M": {}}, ":n": {"N": "2"}}))
        self.ok(self.update("SET a = list_append(a, :a), b.c = :n, n = n - :n", {
            ":a": {"L": [{"S": "y"}]}, ":n": {"N": "0.5"}}))
        self.assertEqual(self.stored(self.table(), id={"S": self.key}), {
            "id": {"S": self.key}, "a": {"L": [{"S": "x"}, {"S": "y"}]}, "b": {"M": {"c": {"N": "0.5"}}}, "n": {"N": "1.5"}})

    def test_return_values(self):
        """ALL_* give whole items, UPDATED_* only the paths that the update touched."""
        self.put(self.table(), id={"S": self.key}, a={"N": "1"}, b={"M": {"x": {"N": "1"}, "y": {"N": "2"}}})
        whole = {"id": {"S": self.key}, "a": {"N": "1"}, "b": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}}}
        for wanted, expected in (("NONE", None), ("ALL_OLD", whole), ("ALL_NEW", whole),
                                 ("UPDATED_OLD", {"b": {"M": {"x": {"N": "1"}}}}),
                                 ("UPDATED_NEW", {"b": {"M": {"x": {"N": "1"}}}})):
            answer = self.ok(self.update("SET b.x = :x", {":x": {"N": "1"}}, ReturnValues=wanted))
            self.assertEqual(answer.get("Attributes"), expected, wanted)

    def test_sets(self):
        """ADD unites sets, DELETE subtracts; an attribute goes with its set's last member."""
        self.put(self.table(), id={"S": self.key}, s={"SS": ["a", "b"]})
        self.ok(self.update("ADD s :s", {":s": {"SS": ["c"]}}))
        self.assertEqual(sorted(self.stored(self.table(), id={"S": self.key})["s"]["SS"]), ["a", "b", "c"])
        self.ok(self.update("DELETE s :s", {":s": {"SS": ["a", "b", "c", "d"]}}))
        self.assertNotIn("s", self.stored(self.table(), id={"S": self.key}))

    def test_list_indexes_mean_the_list_as_it_was(self):
        """Indexes refer to the item before the update, whatever the order of the clauses."""
        self.put(self.table(), id={"S": self.key}, l={"L": [{"N": str(i)} for i in range(5)]})
        self.ok(self.update("REMOVE l[0], l[2] SET l[1] = :x, l[9] = :y", {":x": {"S": "x"}, ":y": {"S": "y"}}))
        self.assertEqual(self.stored(self.table(), id={"S": self.key})["l"]["L"],
                         [{"S": "x"}, {"N": "3"}, {"N": "4"}, {"S": "y"}])

    def test_condition(self):
        """Nothing changes, and nothing is created, when the condition does not hold."""
        failed = "ConditionalCheckFailedException"
        self.refused(self.update("SET a = :a", {":a": {"S": "x"}}, ConditionExpression="attribute_exists(id)"),
                     "The conditional request failed", failed)
        self.assertIsNone(self.stored(self.table(), id={"S": self.key}))

    def test_what_the_item_does_not_allow(self):
        """Paths that lead nowhere, operands that are not there or of the wrong type."""
        self.put(self.table(), id={"S": self.key}, s={"S": "x"}, n={"N": "1"}, big={"N": "9" * 38})
        one, value = {":v": {"N": "1"}}, "An operand in the update expression has an incorrect data type"
        for expression, values, message in (
            ("SET a.b = :v", one, "The document path provided in the update expression is invalid for update"),
            ("SET s.b = :v", one, "The document path provided in the update expression is invalid for update"),
            ("SET a = b", None, "The provided expression refers to an attribute that does not exist in the item"),
            ("SET a = s + :v", one, value), ("ADD s :v", one, value),
            ("SET a = list_append(s, :v)", {":v": {"L": []}}, value),
            ("SET big = big + :v", {":v": {"N": "0.1"}}, "Attempting to store more than 38 significant digits in a Number"),
        ):
            with self.subTest(expression=expression):
                self.refused(self.update(expression, values), message)

    def test_expressions_are_judged_before_the_table(self):
        """Syntax, functions, reserved words, names, values, overlaps: each with its own words."""
        bad = "Invalid UpdateExpression: "
        self.all_refused(base={"TableName": "no-such-table", "Key": {"id": {"S": "a"}}}, cases=[
            ({"UpdateExpression": ""}, bad + "The expression can not be empty;"),
            ({"UpdateExpression": "whatever"}, bad + 'Syntax error; token: "whatever", near: "whatever"'),
            ({"UpdateExpression": "SET a"}, bad + 'Syntax error; token: "<EOF>", near: "a"'),
            ({"UpdateExpression": "SET a = :b SET c = :d"}, bad + 'The "SET" section can only be used once in an update '
             'expression;'),
            ({"UpdateExpression": "SET a = :b"}, bad + "An expression attribute value used in expression is not defined; "
             "attribute value: :b"),
            ({"UpdateExpression": "SET a = b, a = c"}, bad + "Two document paths overlap with each other; must remove or "
             "rewrite one of these paths; path one: [a], path two: [a]"),
            ({"UpdateExpression": "SET a.b = b, a = c"}, bad + "Two document paths overlap with each other; must remove "
             "or rewrite one of these paths; path one: [a, b], path two: [a]"),
            ({"UpdateExpression": "SET a = something(b)"}, bad + "Invalid function name; function: something"),
            ({"UpdateExpression": "SET a = size(b)"}, bad + "The function is not allowed in an update expression; "
             "function: size"),
            ({"UpdateExpression": "SET a = if_not_exists(b)"}, bad + "Incorrect number of operands for operator or "
             "function; operator or function: if_not_exists, number of operands: 1"),
            ({"UpdateExpression": "ADD a :a", "ExpressionAttributeValues": {":a": {"S": "x"}}},
             bad + "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND"),
            ({"UpdateExpression": "DELETE a :a", "ExpressionAttributeValues": {":a": {"N": "1"}}},
             bad + "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND"),
            ({"UpdateExpression": "SET a = :a", "ExpressionAttributeValues": {":a": {"S": "x"}, ":b": {"S": "y"}}},
             "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}"),
        ])

    def test_keys_never_change(self):
        """An update may not touch a key attribute."""
        self.refused(self.update("SET id = :v", {":v": {"S": "x"}}),
                     "One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key")

    def test_constraints(self):
        """In the order of the service's model."""
        self.refused({"ReturnValues": "hi", "ReturnItemCollectionMetrics": "hi"}, violations(
            ("null at 'tableName'", "Member must not be null"),
            ("'hi' at 'returnItemCollectionMetrics'", "Member must satisfy enum value set: [SIZE, NONE]"),
            ("'hi' at 'returnValues'",
             "Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"),
            ("null at 'key'", "Member must not be null")))


if __name__ == "__main__":
    unittest.main()
