"""UpdateTimeToLive: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html"""

import time
import unittest

from conformance import Conformance, violations


class UpdateTimeToLive(Conformance):
    operation = "UpdateTimeToLive"

    def request(self, table, enabled=True, attribute="expires"):
        return {"TableName": table, "TimeToLiveSpecification": {"Enabled": enabled, "AttributeName": attribute}}

    def describe(self, table):
        return self.ok({"TableName": table}, "DescribeTimeToLive")["TimeToLiveDescription"]

    def test_switches_on(self):
        """The answer repeats the request; DescribeTimeToLive tells the attribute only while it is on."""
        table = self.own_table()
        self.assertEqual(self.describe(table), {"TimeToLiveStatus": "DISABLED"})
        self.refused(self.request(table, enabled=False), "TimeToLive is already disabled")
        request = self.request(table)
        self.assertEqual(self.ok(request), {"TimeToLiveSpecification": request["TimeToLiveSpecification"]})
        self.eventually(lambda: self.describe(table) == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"})

    def test_refuses(self):
        """Both members are needed, also to switch off."""
        table = self.own_table()
        null = "Value null at '{}' failed to satisfy constraint: Member must not be null".format
        self.all_refused([
            ({"TimeToLiveSpecification": None}, violations(null("timeToLiveSpecification"))),
            ({"TimeToLiveSpecification": {"Enabled": False}}, violations(null("timeToLiveSpecification.attributeName"))),
            ({"TimeToLiveSpecification": {"AttributeName": "a"}}, violations(null("timeToLiveSpecification.enabled"))),
        ], base=self.request(table))
        self.refused({**self.request(table), "TableName": table + "x"},
                     f"Requested resource not found: Table: {table}x not found", "ResourceNotFoundException")

    def test_expired_items_go(self):
        """Items whose time is over are deleted, others stay; what is no number of seconds is no time."""
        if self.service.stator is None:
            self.skipTest("the service takes up to some days")
        table, now = self.own_table(), int(time.time())
        self.put(table, id={"S": "before"}, expires={"N": str(now - 10)})
        self.ok(self.request(table))
        for key, value in (("over", {"N": str(now - 10)}), ("later", {"N": str(now + 3600)}),
                           ("text", {"S": str(now - 10)}), ("ancient", {"N": str(now - 6 * 365 * 86400)})):
            self.put(table, id={"S": key}, expires=value)
        self.put(table, id={"S": "lasting"})
        self.eventually(lambda: not any(self.stored(table, id={"S": key}) for key in ("over", "before")))
        for key in ("later", "text", "ancient", "lasting"):
            self.assertIsNotNone(self.stored(table, id={"S": key}), key)

    def test_one_attribute_at_a_time(self):
        """Another attribute only after the first was switched off; AWS lets an hour pass between two changes."""
        if self.service.stator is None:
            self.skipTest("the service refuses two changes within an hour")
        table = self.own_table()
        self.ok(self.request(table))
        self.refused(self.request(table), "TimeToLive is already enabled")
        self.refused(self.request(table, attribute="other"),
                     "TimeToLive is active on a different AttributeName: current AttributeName is expires")
        self.ok(self.request(table, enabled=False))
        self.assertEqual(self.describe(table), {"TimeToLiveStatus": "DISABLED"})


if __name__ == "__main__":
    unittest.main()
