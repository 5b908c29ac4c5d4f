"""The items example through a JavaScript client: fetch, as browsers and Node.js have it."""

import json
import shutil
import subprocess
import unittest

from stator import Stator

NODE = shutil.which("node", path="/usr/bin:/bin")
SCRIPT = """
const base = process.argv[2];
const call = async (method, path, body) => {
  const answer = await fetch(base + path, {
    method, body: body && JSON.stringify(body), headers: body && { "content-type": "application/json" } });
  const text = await answer.text();
  return { status: answer.status, type: answer.headers.get("content-type"), body: text && JSON.parse(text) };
};
const steps = [];
const made = await call("POST", "/items", { name: "l\\u00e4mp \\u706f", price: 12.5 });
steps.push(made);
const path = `/items/${encodeURIComponent(made.body.id)}`;
steps.push(await call("GET", path));
steps.push(await call("PUT", path, { name: "lamp", price: 9, version: made.body.version }));
steps.push(await call("DELETE", path));
steps.push(await call("GET", path));
steps.push(await call("GET", "/nothing/here"));
const many = await Promise.all([...Array(20).keys()].map((n) => call("POST", "/items", { name: `n${n}` })));
steps.push({ status: many.filter((answer) => answer.status === 201).length,
             body: new Set(many.map((answer) => answer.body.id)).size });
console.log(JSON.stringify(steps));
"""


@unittest.skipIf(NODE is None, "nodejs is not installed")
class JavaScript(unittest.TestCase):
    def test_round_trip(self):
        with Stator() as stator:
            base = stator.path_url(stator.deploy_items())
            outcome = subprocess.run([NODE, "--no-warnings", "--input-type=module", "-", base], input=SCRIPT,
                                     capture_output=True, text=True, timeout=60)
            self.assertEqual(outcome.returncode, 0, outcome.stderr)
            made, got, changed, deleted, gone, missing, many = json.loads(outcome.stdout)
            self.assertEqual((made["status"], made["body"]["name"]), (201, "l\u00e4mp \u706f"))
            self.assertEqual((got["status"], got["body"], got["type"]), (200, made["body"], made["type"]))
            self.assertEqual((changed["status"], changed["body"]["price"]), (200, 9))
            self.assertEqual((deleted["status"], gone["status"]), (204, 404))
            self.assertEqual((missing["status"], missing["body"]), (404, {"message": "Not Found"}))
            self.assertEqual((many["status"], many["body"]), (20, 20))


if __name__ == "__main__":
    unittest.main()
