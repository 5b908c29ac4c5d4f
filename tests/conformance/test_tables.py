"""The control plane of tables: what clients read and wait for, and what is refused.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
"""

import unittest

from conformance import Conformance, SERIALIZATION, schema, violations


class Tables(Conformance):
    operation = "CreateTable"

    def test_life(self):
        """CREATING, then ACTIVE; DELETING without keys and date; then not found."""
        name = self.service.prefix + "-life"
        made = self.ok({"TableName": name, **schema(id="S", sk="N")})["TableDescription"]
        self.assertEqual(made["TableStatus"], "CREATING")
        self.assertEqual(made["KeySchema"], [{"AttributeName": "id", "KeyType": "HASH"},
                                             {"AttributeName": "sk", "KeyType": "RANGE"}])
        self.assertEqual(made["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST")
        self.assertEqual((made["ItemCount"], made["TableSizeBytes"]), (0, 0))
        self.assertRegex(made["TableArn"], r"^arn:aws:dynamodb:[a-z0-9-]+:\d{12}:table/" + name + "$")
        self.dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
        self.refused({"TableName": name, **schema(id="S")}, f"Table already exists: {name}", "ResourceInUseException")
        self.assertIn(name, self.dynamodb.list_tables()["TableNames"])
        gone = self.ok({"TableName": name}, "DeleteTable")["TableDescription"]
        self.assertEqual(gone["TableStatus"], "DELETING")
        for member in ("KeySchema", "AttributeDefinitions", "CreationDateTime"):
            self.assertNotIn(member, gone)
        self.dynamodb.get_waiter("table_not_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
        for operation in ("DescribeTable", "DeleteTable"):
            self.refused({"TableName": name}, f"Requested resource not found: Table: {name} not found",
                         "ResourceNotFoundException", operation)

    def test_constraints(self):
        """Nested members by their paths."""
        self.refused({"TableName": "abc", "KeySchema": [{}], "AttributeDefinitions": [{}], "BillingMode": ""}, violations(
            ("null at 'attributeDefinitions.1.member.attributeType'", "Member must not be null"),
            ("null at 'attributeDefinitions.1.member.attributeName'", "Member must not be null"),
            ("'' at 'billingMode'", "Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]"),
            ("null at 'keySchema.1.member.attributeName'", "Member must not be null"),
            ("null at 'keySchema.1.member.keyType'", "Member must not be null")))
        self.refused({"TableName": "abc", "KeySchema": [], "AttributeDefinitions": []}, violations(
            ("'[]' at 'keySchema'", "Member must have length greater than or equal to 1")))
        self.refused({"TableName": ""}, violations(
            ("'' at 'tableName'", "Member must have length greater than or equal to 3"),
            ("'' at 'tableName'", "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+")),
            operation="DescribeTable")
        self.refused({"Limit": 0}, violations(("'0' at 'limit'", "Member must have value greater than or equal to 1")),
                     operation="ListTables")
        self.refused({"Limit": 101}, violations(("'101' at 'limit'", "Member must have value less than or equal to 100")),
                     operation="ListTables")

    def test_rules(self):
        """Definitions are for keys, keys have definitions, throughput fits the billing mode."""
        one = "One or more parameter values were invalid: "
        id_key = [{"AttributeName": "id", "KeyType": "HASH"}]
        self.all_refused(base={"TableName": "abc", "BillingMode": "PAY_PER_REQUEST", "KeySchema": id_key}, cases=[
            ({"AttributeDefinitions": [{"AttributeName": "x", "AttributeType": "S"}]},
             one + "Some index key attributes are not defined in AttributeDefinitions. Keys: [id], AttributeDefinitions: [x]"),
            ({"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
              "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}},
             one + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"),
        ])

    def test_serialization(self):
        """Types, at any depth, before everything else."""
        self.all_refused(kind=SERIALIZATION, cases=[
            ({"TableName": 1}, "NUMBER_VALUE cannot be converted to String"),
            ({"KeySchema": "HASH"}, "Unexpected field type"),
            ({"KeySchema": {}}, "Start of structure or map found where not expected"),
            ({"KeySchema": ["HASH"]}, "Unexpected value type in payload"),
            ({"KeySchema": [[]]},
             "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.KeySchemaElement"),
            ({"ProvisionedThroughput": []},
             "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.ProvisionedThroughput"),
            ({"ProvisionedThroughput": {"ReadCapacityUnits": "1"}}, "STRING_VALUE cannot be converted to Long"),
        ])

    def test_unknown_operation(self):
        """An operation that the service does not have."""
        status, answer = self.service.send("Frobnicate", {})
        self.assertEqual((status, answer["__type"]), (400, "com.amazon.coral.service#UnknownOperationException"))


if __name__ == "__main__":
    unittest.main()
