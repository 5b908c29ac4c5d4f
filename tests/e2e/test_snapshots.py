"""Snapshots: kept while the server runs, restored while it does not, branched into a second server."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

from stator import BINARY, READY, Stator, request

try:
    import boto3
except ImportError:
    boto3 = None


class Branch:
    """`stator snapshot branch` of a server, until the end of the block."""

    def __init__(self, stator, *name):
        self.root = tempfile.mkdtemp(prefix="stator-branch-")
        os.chmod(self.root, 0o755)
        self.process = subprocess.Popen(
            [BINARY, "snapshot", "branch", *name, "--from", stator.data, "--from-listen", stator.listen,
             "--data", os.path.join(self.root, "data"), "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        line = self.process.stdout.readline()
        found = READY.match(line)
        if not found:
            self.process.wait(timeout=30)
            raise AssertionError("no branch: " + line + self.process.stderr.read())
        self.url = found.group(1)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=30)
        shutil.rmtree(self.root, ignore_errors=True)


def names(stator):
    return re.findall(r"^\S+  (\S+)$", stator.cli("snapshot", "list").stdout, re.M)


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class Snapshots(unittest.TestCase):
    def setUp(self):
        self.stator = Stator().start()
        self.addCleanup(self.stator.__exit__)
        self.create_table()

    def dynamodb(self, url=None):
        environment = self.stator.environment()
        return boto3.client("dynamodb", endpoint_url=url or self.stator.url, region_name="us-east-1",
                            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
                            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"])

    def create_table(self):
        self.dynamodb().create_table(
            TableName="items", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}])

    def put(self, key, url=None):
        self.dynamodb(url).put_item(TableName="items", Item={"k": {"S": key}})

    def keys(self, url=None):
        return sorted(item["k"]["S"] for item in self.dynamodb(url).scan(TableName="items")["Items"])

    def test_a_restore_brings_back_what_was_and_keeps_what_is(self):
        self.put("a")
        self.stator.cli("snapshot", "create", "first")
        self.put("b")
        running = self.stator.cli("snapshot", "restore", "first", check=False)
        self.assertEqual(running.returncode, 1)
        self.assertIn("in use by another stator", running.stderr)
        self.stator.stop()
        restored = subprocess.run([BINARY, "snapshot", "restore", "first", "--data", self.stator.data],
                                  capture_output=True, text=True, timeout=60)
        self.assertEqual(restored.returncode, 0, restored.stderr)
        self.stator.start()
        self.assertEqual(self.keys(), ["a"])
        kept = re.search(r"is snapshot (\S+)$", restored.stdout.strip()).group(1)
        self.assertEqual(names(self.stator), ["first", kept])
        with Branch(self.stator, kept) as branch:
            self.assertEqual(self.keys(branch.url), ["a", "b"])

    def test_a_branch_is_a_server_of_its_own(self):
        self.put("a")
        self.stator.cli("snapshot", "create", "first")
        self.put("b")
        with Branch(self.stator, "first") as first, Branch(self.stator) as now:
            self.put("c", first.url)
            self.put("d", now.url)
            self.assertEqual(self.keys(first.url), ["a", "c"])
            self.assertEqual(self.keys(now.url), ["a", "b", "d"])
            self.assertEqual(self.keys(), ["a", "b"])
        self.assertEqual(names(self.stator), ["first"], "a branch leaves no snapshot behind")

    def test_functions_and_their_code_are_in_a_branch(self):
        if not os.path.exists(os.path.join(os.path.dirname(BINARY), "examples")):
            self.skipTest("the items example is not built")
        url = self.stator.path_url(self.stator.deploy_items())
        status, _, _ = request(url + "/items", "POST", {"id": "1", "name": "one"})
        self.assertEqual(status, 201)
        with Branch(self.stator) as branch:
            copy = url.replace(self.stator.url, branch.url)
            status, _, item = request(copy + "/items/1")
            self.assertEqual((status, item["name"]), (200, "one"))
            self.assertEqual(request(copy + "/items/1", "DELETE")[0], 204)
        self.assertEqual(request(url + "/items/1")[0], 200)

    def test_what_is_wrong_is_said(self):
        for arguments, told in ((("create", "a/b"), "letters, digits"), (("delete", "none"), "no snapshot none"),
                                (("restore", "none"), "in use")):
            outcome = self.stator.cli("snapshot", *arguments, check=False)
            self.assertEqual(outcome.returncode, 1, arguments)
            self.assertIn(told, outcome.stderr)
        self.stator.cli("snapshot", "create", "one")
        again = self.stator.cli("snapshot", "create", "one", check=False)
        self.assertIn("already", again.stderr)
        self.stator.cli("snapshot", "delete", "one")
        self.assertEqual(names(self.stator), [])


if __name__ == "__main__":
    unittest.main()
