"""TransactWriteItems: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html"""

import unittest
import uuid

from conformance import Conformance, violations

CANCELLED = "TransactionCanceledException"
FAILED = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
MISSING = {"ConditionExpression": "attribute_not_exists(id)"}


class TransactWriteItems(Conformance):
    operation = "TransactWriteItems"

    def key_of(self, suffix):
        return {"id": {"S": self.key + suffix}}

    def put_action(self, suffix, **more):
        return {"Put": {"TableName": self.table(), "Item": self.key_of(suffix), **more}}

    def keyed(self, kind, suffix, **more):
        return {kind: {"TableName": self.table(), "Key": self.key_of(suffix), **more}}

    def add_one(self, suffix):
        return self.keyed("Update", suffix, UpdateExpression="ADD n :one",
                          ExpressionAttributeValues={":one": {"N": "1"}})

    def cancelled(self, items, *reasons, **more):
        codes = ", ".join(reason["Code"] for reason in reasons)
        answer = self.refused(
            {"TransactItems": items, **more},
            f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]", CANCELLED)
        self.assertEqual(answer["CancellationReasons"], list(reasons))
        self.assertNotIn("ConsumedCapacity", answer)

    def test_does_all_or_nothing_in_several_tables(self):
        """Put, Update, Delete and ConditionCheck of one transaction happen together."""
        self.put(self.table(), **self.key_of("gone"))
        self.put(self.table("range"), **self.key_of("p"), sk={"S": "s"})
        check = {"ConditionCheck": {"TableName": self.table("range"), "Key": {**self.key_of("p"), "sk": {"S": "s"}},
                                    "ConditionExpression": "attribute_exists(id)"}}
        self.assertEqual(self.ok({"TransactItems": [self.put_action("a"), self.add_one("b"),
                                                    self.keyed("Delete", "gone"), check]}), {})
        self.assertEqual(self.stored(self.table(), **self.key_of("b"))["n"], {"N": "1"})
        self.assertIsNone(self.stored(self.table(), **self.key_of("gone")))

    def test_reasons_come_in_the_order_of_the_call(self):
        """One reason for each action, "None" for those that did not fail; the old item only where asked."""
        self.put(self.table(), **self.key_of("old"), v={"N": "1"})
        self.cancelled([self.put_action("new"), self.put_action("old", **MISSING)], {"Code": "None"}, FAILED)
        self.cancelled([self.keyed("Delete", "old", ReturnValuesOnConditionCheckFailure="ALL_OLD", **MISSING),
                        self.put_action("new")],
                       {**FAILED, "Item": {**self.key_of("old"), "v": {"N": "1"}}}, {"Code": "None"})
        self.assertIsNone(self.stored(self.table(), **self.key_of("new")))

    def test_faults_that_need_the_table_are_reasons(self):
        """A key of the wrong type and a change of a key cancel with ValidationError."""
        invalid = {"Code": "ValidationError"}
        table = self.table()
        self.cancelled([{"Put": {"TableName": table, "Item": {"id": {"N": "5"}}}}],
                       {**invalid, "Message": "One or more parameter values were invalid: "
                                              "Type mismatch for key id expected: S actual: N"})
        self.cancelled([{"Delete": {"TableName": table, "Key": {"id": {"N": "5"}}}}],
                       {**invalid, "Message": "The provided key element does not match the schema"})
        self.cancelled([self.keyed("Update", "a", UpdateExpression="SET id = :v",
                                   ExpressionAttributeValues={":v": {"S": "b"}})],
                       {**invalid, "Message": "One or more parameter values were invalid: Cannot update attribute id. "
                                              "This attribute is part of the key"})

    def test_empty_keys_are_refused_as_a_whole(self):
        """An empty key value is a ValidationException of the request, not a reason."""
        message = ("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain "
                   "an empty string value. Key: id")
        for action in ({"Put": {"TableName": self.table(), "Item": {"id": {"S": ""}}}},
                       {"Delete": {"TableName": self.table(), "Key": {"id": {"S": ""}}}}):
            self.refused({"TransactItems": [self.put_action("a"), action]}, message)

    def test_what_needs_no_table_is_refused_as_a_whole(self):
        """Constraints, expressions and unused values are judged before the transaction begins."""
        for items, message in (
                ([], violations(("'[]' at 'transactItems'", "Member must have length greater than or equal to 1"))),
                ([self.put_action("a"), {"Delete": {"TableName": "bad!name", "Key": self.key_of("b")}}],
                 violations(("'bad!name' at 'transactItems.2.member.delete.tableName'",
                             "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"))),
                ([self.put_action("a", ConditionExpression="")],
                 "Invalid ConditionExpression: The expression can not be empty;"),
                ([self.put_action("a"), self.keyed("Delete", "b", ConditionExpression="attribute_exists(id)",
                                                   ExpressionAttributeValues={":v": {"S": "x"}})],
                 "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}"),
                ([self.put_action("a"), self.keyed("Delete", "a")],
                 "Transaction request cannot include multiple operations on one item"),
                ([{**self.put_action("a"), **self.keyed("Delete", "b")}],
                 "TransactItems can only contain one of Check, Put, Update or Delete")):
            with self.subTest(message=message):
                self.refused({"TransactItems": items}, message)
        self.refused({"TransactItems": [{"Put": {"TableName": "no-such-table", "Item": {"id": {"S": "a"}}}}]},
                     "Requested resource not found", "ResourceNotFoundException")
        self.assertIsNone(self.stored(self.table(), **self.key_of("a")))

    def test_takes_a_hundred_actions(self):
        """Up to 100 actions."""
        self.ok({"TransactItems": [self.put_action(str(i)) for i in range(100)]})
        answer = self.service.send(self.operation, {"TransactItems": [self.put_action(str(i)) for i in range(101)]})
        self.assertEqual(answer[0], 400)
        self.assertIn("Member must have length less than or equal to 100", answer[1].get("message"))

    def test_a_token_makes_it_happen_once(self):
        """The same ClientRequestToken within ten minutes: nothing new, and an error for another request."""
        token = uuid.uuid4().hex
        for _ in range(2):
            self.assertEqual(self.ok({"TransactItems": [self.add_one("n")], "ClientRequestToken": token}), {})
        self.assertEqual(self.stored(self.table(), **self.key_of("n"))["n"], {"N": "1"})
        status, answer = self.service.send(self.operation, {"TransactItems": [self.put_action("other")],
                                                            "ClientRequestToken": token})
        self.assertEqual((status, answer["__type"].rpartition("#")[2]), (400, "IdempotentParameterMismatchException"))

    def test_capacity(self):
        """Two units for each KB of each item, checks included; a repetition costs reads."""
        item = {"Put": {"TableName": self.table(), "Item": {**self.key_of("c"), "v": {"S": "x" * 1536}}}}
        body = {"TransactItems": [item], "ClientRequestToken": uuid.uuid4().hex, "ReturnConsumedCapacity": "TOTAL"}
        [first] = self.ok(body)["ConsumedCapacity"]
        self.assertEqual((first["CapacityUnits"], first["WriteCapacityUnits"]), (4.0, 4.0))
        [again] = self.ok(body)["ConsumedCapacity"]
        self.assertEqual((again["CapacityUnits"], again["ReadCapacityUnits"]), (2.0, 2.0))
        self.assertNotIn("WriteCapacityUnits", again)

    def test_boto3_reads_the_reasons(self):
        """The SDK finds the reasons in the error."""
        self.put(self.table(), **self.key_of("old"))
        with self.assertRaises(self.dynamodb.exceptions.TransactionCanceledException) as caught:
            self.dynamodb.transact_write_items(TransactItems=[self.put_action("old", **MISSING)])
        self.assertEqual(caught.exception.response["CancellationReasons"], [FAILED])
        self.assertIn("[ConditionalCheckFailed]", caught.exception.response["Error"]["Message"])


if __name__ == "__main__":
    unittest.main()
