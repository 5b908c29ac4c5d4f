"""The items example in Python: the same API, so the same tests, with its library from a layer.

The layer has PynamoDB where pip finds it (an index, or PIP_FIND_LINKS), and else boto3 as Debian has it.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import test_items
from stator import BINARY, Stator

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples" / "items-python"
DEBIAN = pathlib.Path("/usr/lib/python3/dist-packages")
# What boto3's client for DynamoDB needs of its package's data, which is large.
BOTOCORE_DATA = ("dynamodb", "endpoints.json", "partitions.json", "_retry.json", "sdk-default-configuration.json")


def is_wanted_data(path):
    parts = pathlib.Path(path).relative_to(DEBIAN).parts
    return parts[:2] != ("botocore", "data") or len(parts) == 2 or parts[2] in BOTOCORE_DATA


def ignore(directory, names):
    return [name for name in names if name == "__pycache__" or not is_wanted_data(os.path.join(directory, name))]


def boto3_layer(target):
    """boto3 and what it needs, from Debian's packages."""
    for name in ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3"):
        shutil.copytree(DEBIAN / name, target / name, ignore=ignore)
    shutil.copy(DEBIAN / "six.py", target / "six.py")


def prepare(target):
    """The example with what its layer needs: a template to deploy, and what the layer has."""
    wheels = os.environ.get("STATOR_PYNAMODB_WHEELS")
    if wheels:
        subprocess.run([BINARY, "package", EXAMPLE / "template.yaml", "--out", target, "--wheels", wheels], check=True)
        return target / "template.yaml", "PynamoDB"
    shutil.copytree(EXAMPLE, target, dirs_exist_ok=True)
    (target / "layer" / "requirements.txt").unlink()  # or deploying would look for PynamoDB
    boto3_layer(target / "layer" / "python")
    return target / "template.yaml", "boto3"


@unittest.skipUnless((DEBIAN / "boto3").is_dir() or os.environ.get("STATOR_PYNAMODB_WHEELS"),
                     "neither python3-boto3 nor wheels of PynamoDB (STATOR_PYNAMODB_WHEELS) are here")
class ItemsPython(test_items.Items):
    @classmethod
    def setUpClass(cls):
        cls.place = pathlib.Path(tempfile.mkdtemp(prefix="items-python-"))
        cls.addClassCleanup(shutil.rmtree, cls.place, ignore_errors=True)
        cls.template, cls.library = prepare(cls.place)
        cls.stator = Stator().start_or_skip()
        cls.addClassCleanup(cls.stator.__exit__)
        printed = cls.stator.cli("deploy", str(cls.template), "--stack", "items").stdout
        cls.api = re.search(r"ApiUrl = (\S+)", printed).group(1).rstrip("/")

    def test_deploying_again_changes_nothing(self):
        printed = self.stator.cli("deploy", str(self.template), "--stack", "items").stdout
        self.assertIn("nothing has changed", printed)

    def test_numbers_and_sets_come_back_as_they_went(self):
        given = '{"name": "lamp", "price": 9.50, "tags": ["b", "a"], "description": "caf\\u00e9"}'
        status, made = test_items.curl(self.api + "/items", "-X", "POST", "-d", given)
        self.assertEqual((status, made["tags"], made["description"]), (201, ["a", "b"], "caf\u00e9"), made)
        shown = subprocess.run(["curl", "-sS", "--resolve", self.resolve(), f"{self.api}/items/{made['id']}"],
                               capture_output=True, text=True, check=True).stdout
        self.assertRegex(shown, r'"price": 9\.50?[,}]')

    def test_ids_that_no_item_can_have_are_not_found(self):
        for method in ("GET", "DELETE"):
            self.assertEqual(test_items.curl(self.api + "/items/a%20b", "-X", method)[0], 404)

    def resolve(self):
        host, port = self.api.split("/")[2].split(":")
        return f"{host}:{port}:127.0.0.1"


if __name__ == "__main__":
    unittest.main()
