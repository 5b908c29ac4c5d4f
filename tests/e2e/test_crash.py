"""SIGKILL at seeded moments under load: every write that was acknowledged is there after a restart."""

import http.client
import json
import os
import random
import threading
import time
import unittest

from stator import Stator

KILLS = int(os.environ.get("STATOR_CRASH_KILLS", "50"))
SEED = int(os.environ.get("STATOR_SEED", "20260102"))
WRITERS = 4


class Writer(threading.Thread):
    """Posts items one after another and notes which were acknowledged, until the server is gone."""

    def __init__(self, host, base, prefix):
        super().__init__(daemon=True)
        self.host, self.base, self.prefix = host, base, prefix
        self.acknowledged = {}

    def run(self):
        try:
            connection = http.client.HTTPConnection(self.host, timeout=10)
            for count in range(100_000):
                item_id, name = f"{self.prefix}-{count}", f"name of {self.prefix}-{count}"
                connection.request("POST", self.base + "/items", json.dumps({"id": item_id, "name": name}),
                                   {"Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                if answer.status == 201:
                    self.acknowledged[item_id] = name
        except (OSError, http.client.HTTPException):
            pass


def read_all(stator, base):
    """Every item by its id, through the API's pages."""
    connection = http.client.HTTPConnection(stator.listen, timeout=30)
    items, cursor = {}, ""
    while True:
        connection.request("GET", f"{base}/items?limit=100{cursor}")
        answer = connection.getresponse()
        page = json.loads(answer.read())
        assert answer.status == 200, page
        items.update((item["id"], item["name"]) for item in page["items"])
        if not page.get("cursor"):
            return items
        cursor = "&cursor=" + page["cursor"]


class Crash(unittest.TestCase):
    def test_acknowledged_writes_survive_sigkill(self):
        chance = random.Random(SEED)
        with Stator() as stator:
            api = stator.path_url(stator.deploy_items())
            base = api.removeprefix(stator.url)
            expected = {}
            for kill in range(KILLS):
                writers = [Writer(stator.listen, base, f"k{kill}w{i}") for i in range(WRITERS)]
                for writer in writers:
                    writer.start()
                time.sleep(chance.uniform(0.02, 0.25))
                stator.kill()
                for writer in writers:
                    writer.join(30)
                    expected.update(writer.acknowledged)
                stator.start()
                if kill % 10 == 9 or kill == KILLS - 1:
                    found = read_all(stator, base)
                    missing = {item_id for item_id, name in expected.items() if found.get(item_id) != name}
                    self.assertFalse(missing, f"seed {SEED}, kill {kill}: {len(missing)} of {len(expected)} are gone")
            print(f"{KILLS} kills, {len(expected)} acknowledged writes, none lost (seed {SEED})")
            self.assertGreater(len(expected), KILLS)


if __name__ == "__main__":
    unittest.main()
