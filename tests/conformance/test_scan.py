"""Scan: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html"""

import unittest

from conformance import Conformance, schema


class Scan(Conformance):
    operation = "Scan"

    def test_pages_and_segments_see_everything_once(self):
        """Segments divide the table; pages of a segment follow each other."""
        table = self.own_table(**schema(id="S"))
        ids = {str(number) for number in range(40)}
        for name in ids:
            self.put(table, id={"S": name})
        for segments in (1, 4):
            seen = []
            for segment in range(segments):
                start = {}
                for _ in range(50):
                    answer = self.ok({"TableName": table, "Segment": segment, "TotalSegments": segments, "Limit": 7, **start})
                    seen += [item["id"]["S"] for item in answer["Items"]]
                    if "LastEvaluatedKey" not in answer:
                        break
                    start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
            self.assertEqual(sorted(seen), sorted(ids))

    def test_filter_and_projection(self):
        """Filters may test keys; a projection shows what it names."""
        self.put(self.table(), id={"S": self.key}, a={"N": "1"}, b={"N": "2"})
        answer = self.ok({"TableName": self.table(), "FilterExpression": "id = :k", "ProjectionExpression": "b",
                          "ExpressionAttributeValues": {":k": {"S": self.key}}})
        self.assertEqual((answer["Items"], answer["Count"]), ([{"b": {"N": "2"}}], 1))

    def test_rules(self):
        """Segments come in pairs with their total; Select must fit the other parameters."""
        one = "One or more parameter values were invalid: "
        self.all_refused(base={"TableName": "no-such-table"}, cases=[
            ({"Segment": 0}, "The TotalSegments parameter is required but was not present in the request when Segment "
             "parameter is present"),
            ({"TotalSegments": 2}, "The Segment parameter is required but was not present in the request when parameter "
             "TotalSegments is present"),
            ({"Segment": 2, "TotalSegments": 2}, "The Segment parameter is zero-based and must be less than parameter "
             "TotalSegments: Segment: 2 is not less than TotalSegments: 2"),
            ({"ProjectionExpression": "a", "Select": "ALL_ATTRIBUTES"},
             one + "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES"),
            ({"FilterExpression": "a = :a"}, "Invalid FilterExpression: An expression attribute value used in expression is "
             "not defined; attribute value: :a"),
            ({"FilterExpression": "a = :a", "ExpressionAttributeValues": {":a": {}}}, "ExpressionAttributeValues contains "
             "invalid value: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes for key :a"),
        ])


if __name__ == "__main__":
    unittest.main()
