"""The kit's documentation, done: its recipes against stator, its tutorial from an empty directory."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import test_items
from stator import BINARY, BUILD, Stator

ROOT = pathlib.Path(__file__).resolve().parents[2]
SNIPPETS = ROOT / "tools" / "snippets.py"
COOKBOOK = os.path.join(BUILD, "sdk", "tests", "sdk_cookbook")
STOP_S = 240


def done(*command, cwd=None, env=None):
    outcome = subprocess.run([str(word) for word in command], cwd=cwd, env=env, capture_output=True, text=True,
                             timeout=STOP_S)
    if outcome.returncode != 0:
        raise AssertionError(f"{command}: {outcome.returncode}\n{outcome.stdout}{outcome.stderr}")
    return outcome.stdout


class Cookbook(unittest.TestCase):
    @unittest.skipUnless(os.path.exists(COOKBOOK), "sdk_cookbook is not built")
    def test_every_recipe_does_what_it_says(self):
        recipes = len(re.findall(r"^```cpp$", (ROOT / "docs" / "kit" / "cookbook.md").read_text(), re.M))
        with Stator() as stator:
            self.assertIn(f"{recipes} recipes", done(COOKBOOK, env=stator.environment()))


class Reference(unittest.TestCase):
    def test_it_says_what_the_headers_say(self):
        self.assertEqual(done(sys.executable, ROOT / "tools" / "reference.py", "--check").strip(), "fresh")


def has_init():
    known = subprocess.run([BINARY, "--help"], capture_output=True, text=True, check=False).stdout
    return re.search(r"^  init\b", known, re.M) is not None


class Tutorial(unittest.TestCase):
    """The commands of docs/kit/tutorial.md, in its order."""

    @unittest.skipUnless(has_init(), "this stator has no `init`")
    @unittest.skipUnless(shutil.which("cmake"), "cmake is not installed")
    def test_it_leads_to_an_api(self):
        place = pathlib.Path(tempfile.mkdtemp(prefix="stator-tutorial-"))
        self.addCleanup(shutil.rmtree, place, ignore_errors=True)
        done("cmake", "--install", BUILD, "--component", "sdk", "--prefix", place / "kit")
        done(BINARY, "init", "shop", "--template", "cpp", cwd=place)
        shop = place / "shop"
        done(sys.executable, SNIPPETS, "files", ROOT / "docs" / "kit" / "tutorial.md", shop)
        done("cmake", "-B", "build", f"-DCMAKE_PREFIX_PATH={place / 'kit'}", cwd=shop)
        done("cmake", "--build", "build", cwd=shop)
        with Stator() as stator:
            printed = stator.cli("deploy", str(shop / "template.yaml"), "--stack", "shop").stdout
            api = re.search(r"ApiUrl = (\S+)", printed).group(1).rstrip("/")
            status, made = test_items.curl(api + "/items", "-X", "POST", "-d", '{"name": "lamp", "price": 12.5}')
            self.assertEqual(status, 201, made)
            self.assertEqual(test_items.curl(api + "/value"), (200, {"items": 1, "value": 12.5}))


if __name__ == "__main__":
    unittest.main()
