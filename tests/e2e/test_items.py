"""The main job: the items example deployed with one command and used as a person would, with curl."""

import json
import subprocess
import unittest

from stator import ITEMS_TEMPLATE, Stator, request


def curl(url, *arguments):
    """(status, body) as curl sees them, by the API's own host name."""
    host, port = url.split("/")[2].split(":")
    printed = subprocess.run(
        ["curl", "-sS", "--max-time", "20", "--resolve", f"{host}:{port}:127.0.0.1", "-w", "\n%{http_code}",
         *arguments, url], capture_output=True, text=True, check=True).stdout
    body, status = printed.rsplit("\n", 1)
    return int(status), json.loads(body) if body else None


class Items(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator().start()
        cls.api = cls.stator.deploy_items()
        cls.addClassCleanup(cls.stator.__exit__)

    def post(self, item):
        return curl(self.api + "/items", "-X", "POST", "-H", "content-type: application/json", "-d", json.dumps(item))

    def put(self, item_id, item):
        return curl(f"{self.api}/items/{item_id}", "-X", "PUT", "-d", json.dumps(item))

    def test_round_trip(self):
        status, made = self.post({"name": "lamp", "price": 12.5})
        self.assertEqual(status, 201, made)
        url = f"{self.api}/items/{made['id']}"
        self.assertEqual(curl(url), (200, made))

        status, listed = curl(self.api + "/items")
        self.assertEqual(status, 200)
        self.assertIn(made["id"], [item["id"] for item in listed["items"]])

        status, changed = self.put(made["id"], {"name": "lamp", "price": 9, "version": made["version"]})
        self.assertEqual(status, 200, changed)
        self.assertEqual(changed["price"], 9)
        self.assertGreater(changed["version"], made["version"])

        self.assertEqual(curl(url, "-X", "DELETE")[0], 204)
        self.assertEqual(curl(url)[0], 404)
        self.assertEqual(curl(url, "-X", "DELETE")[0], 404)

    def test_second_post_with_the_same_id_conflicts(self):
        self.assertEqual(self.post({"id": "twice", "name": "a"})[0], 201)
        self.assertEqual(self.post({"id": "twice", "name": "b"})[0], 409)
        self.assertEqual(curl(self.api + "/items/twice")[1]["name"], "a")

    def test_put_with_a_stale_version_is_refused(self):
        _, made = self.post({"name": "chair"})
        self.assertEqual(self.put(made["id"], {"name": "chair 2", "version": made["version"]})[0], 200)
        self.assertEqual(self.put(made["id"], {"name": "chair 3", "version": made["version"]})[0], 409)
        self.assertEqual(curl(f"{self.api}/items/{made['id']}")[1]["name"], "chair 2")

    def test_bad_input_is_told_apart(self):
        for body in ("", "{", "[]", "{}", '{"name": 5}', '{"name": ""}', '{"name": "x", "price": "much"}'):
            status, answer = curl(self.api + "/items", "-X", "POST", "-d", body)
            self.assertEqual(status, 400, body)
            self.assertTrue(answer["message"], body)
        self.assertEqual(self.put("nobody", {"name": "x", "version": 1})[0], 404)

    def test_list_pages_by_cursor(self):
        made = {self.post({"name": f"page {i}"})[1]["id"] for i in range(7)}
        seen, cursor = [], None
        for _ in range(100):
            status, page = curl(self.api + "/items?limit=3" + (f"&cursor={cursor}" if cursor else ""))
            self.assertEqual(status, 200)
            self.assertLessEqual(len(page["items"]), 3)
            seen += [item["id"] for item in page["items"]]
            cursor = page.get("cursor")
            if not cursor:
                break
        self.assertEqual(len(seen), len(set(seen)))
        self.assertLessEqual(made, set(seen))
        self.assertEqual(curl(self.api + "/items?cursor=nonsense")[0], 400)

    def test_unknown_routes_are_not_found(self):
        self.assertEqual(curl(self.api + "/nothing"), (404, {"message": "Not Found"}))
        self.assertEqual(curl(self.api + "/items", "-X", "PATCH")[0], 404)

    def test_path_address_serves_the_same_api(self):
        status, _, page = request(self.stator.path_url(self.api) + "/items?limit=1")
        self.assertEqual(status, 200)
        self.assertIn("items", page)

    def test_deploying_again_changes_nothing(self):
        printed = self.stator.cli("deploy", ITEMS_TEMPLATE, "--stack", "items").stdout
        self.assertIn("nothing has changed", printed)


class Lifecycle(unittest.TestCase):
    def test_data_survives_a_restart_and_a_stack_can_be_deleted(self):
        with Stator() as stator:
            api = stator.deploy_items()
            base = stator.path_url(api)
            status, _, made = request(base + "/items", "POST", {"name": "kept"})
            self.assertEqual(status, 201)
            self.assertEqual(stator.stop(), 0)
            stator.start()
            status, _, kept = request(f"{stator.path_url(api)}/items/{made['id']}")
            self.assertEqual((status, kept), (200, made))

            stator.cli("delete", "items")
            self.assertEqual(request(f"{stator.path_url(api)}/items")[0], 404)
            self.assertNotEqual(stator.cli("delete", "items", check=False).returncode, 0)


if __name__ == "__main__":
    unittest.main()
