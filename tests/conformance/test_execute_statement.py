"""ExecuteStatement: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html"""

import unittest

from conformance import Conformance

MALFORMED = "Statement wasn't well formed, can't be processed: "


class ExecuteStatement(Conformance):
    operation = "ExecuteStatement"

    def run_statement(self, statement, *parameters, **more):
        """`statement` has {t} for the table and {k} for this test's key."""
        body = {"Statement": statement.format(t=f'"{self.table()}"', k=self.key), **more}
        if parameters:
            body["Parameters"] = list(parameters)
        return self.ok(body)

    def refused_statement(self, statement, message, kind=None, **more):
        body = {"Statement": statement.format(t=f'"{self.table()}"', k=self.key), **more}
        return self.refused(body, message, *([kind] if kind else []))

    def test_insert_select_update_delete(self):
        """An item's whole life; a write without RETURNING answers no items."""
        key = {"id": {"S": self.key}}
        self.assertEqual(self.run_statement("INSERT INTO {t} VALUE {{'id': '{k}', 'n': 1, 'l': [1, 'a']}}"),
                         {"Items": []})
        self.assertEqual(self.run_statement("SELECT n, l[1] FROM {t} WHERE id = '{k}'", ConsistentRead=True),
                         {"Items": [{"n": {"N": "1"}, "l[1]": {"S": "a"}}]})
        self.assertEqual(self.run_statement("UPDATE {t} SET n = n + ? REMOVE l WHERE id = ? RETURNING ALL NEW *",
                                            {"N": "2"}, {"S": self.key}),
                         {"Items": [{**key, "n": {"N": "3"}}]})
        self.assertEqual(self.run_statement("DELETE FROM {t} WHERE id = '{k}' RETURNING ALL OLD *"),
                         {"Items": [{**key, "n": {"N": "3"}}]})
        self.assertEqual(self.run_statement("DELETE FROM {t} WHERE id = '{k}'"), {"Items": []})

    def test_conditions(self):
        """INSERT is no upsert, UPDATE needs its item, and the rest of WHERE is a condition on the write."""
        failed = "The conditional request failed", "ConditionalCheckFailedException"
        self.refused_statement("UPDATE {t} SET n = 1 WHERE id = '{k}'", *failed)
        self.run_statement("INSERT INTO {t} VALUE {{'id': '{k}', 'n': 1}}")
        self.refused_statement("INSERT INTO {t} VALUE {{'id': '{k}'}}", "Duplicate primary key exists in table",
                               "DuplicateItemException")
        self.refused_statement("UPDATE {t} SET n = 1 WHERE id = '{k}' AND n > 5", *failed)
        self.refused_statement("DELETE FROM {t} WHERE id = '{k}' AND attribute_not_exists(n)", *failed)
        self.run_statement("FROM {t} WHERE id = '{k}' AND n = 1 SET n = 2")

    def test_pages(self):
        """Limit counts items read; NextToken goes on, for this statement only."""
        for n in range(3):
            self.put(self.table("number"), id={"S": self.key}, sk={"N": str(n)})
        statement = f'SELECT sk FROM "{self.table("number")}" WHERE id = \'{self.key}\''
        page = self.ok({"Statement": statement, "Limit": 2})
        self.assertEqual([item["sk"]["N"] for item in page["Items"]], ["0", "1"])
        self.assertEqual(page["LastEvaluatedKey"], {"id": {"S": self.key}, "sk": {"N": "1"}})
        rest = self.ok({"Statement": statement, "NextToken": page["NextToken"]})
        self.assertEqual(rest, {"Items": [{"sk": {"N": "2"}}]})
        self.assertEqual(self.refused({"Statement": statement + " AND sk < 9", "NextToken": page["NextToken"]},
                                      "Invalid NextToken")["message"], "Invalid NextToken")

    def test_refuses(self):
        """What the parser cannot read, what DynamoDB leaves out of SQL, and keys that are not whole."""
        for statement, message in (
                ("SELECT * FROM {t} WHERE", MALFORMED + "Unexpected term"),
                ("SELECT * FROM {t} WHERE id = 'a' foo", MALFORMED + "Unexpected token after expression"),
                ("SLECT * FROM {t}", MALFORMED + "Expected data manipulation"),
                ("SELECT * FROM {t} WHERE id = 1e2147483648", MALFORMED),
                ("SELECT * FROM {t} t WHERE id = 'a'", "Aliasing is not supported"),
                ("SELECT * FROM {t} WHERE id = 1",
                 "Key attribute's data type should match its data type in table's schema: Key id"),
                ("SELECT * FROM {t} WHERE id IN ['a', 'a']",
                 "Overlapping conditions with range keys are not supported in where clause"),
                ("UPDATE {t} SET n = 1 WHERE n = 1",
                 "Where clause does not contain a mandatory equality on all key attributes"),
                ("DELETE FROM {t} WHERE id = 'a' RETURNING ALL NEW *",
                 "Invalid returning clause: RETURNING ALL NEW *. Only RETURNING ALL OLD * is allowed in DELETE "
                 "statements.")):
            self.refused_statement(statement, message)
        self.refused({"Statement": "SELECT * FROM \"no-such-table\""}, "Requested resource not found",
                     "ResourceNotFoundException")


if __name__ == "__main__":
    unittest.main()
