"""SAM templates come out of `stator template expand` as they come out of AWS's translator.

The templates and the translator's output are in src/cloudformation/sam/golden. Where a python3 with
aws-sam-translator is installed, the output is made anew and compared with what is checked in;
`test_sam_translator.py --write` checks in what the translator gives now.
"""

import glob
import json
import os
import shutil
import subprocess
import sys
import unittest

from stator import BINARY

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDENS = os.path.join(HERE, "..", "..", "src", "cloudformation", "sam", "golden")

TRANSLATE = """
import json, os, sys
os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse
out = {}
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        out[path] = Translator({}, Parser()).translate(yaml_parse(file), {})
json.dump(out, sys.stdout)
"""


def templates():
    return sorted(glob.glob(os.path.join(GOLDENS, "*.yaml")))


def golden_of(template):
    with open(template[:-len("yaml")] + "json", encoding="utf-8") as file:
        return json.load(file)


def translator():
    """A python3 that has the translator, or None."""
    for python in (shutil.which("python3"), sys.executable):
        if python is None:
            continue
        found = subprocess.run([python, "-c", "import samtranslator, boto3"], capture_output=True, check=False)
        if found.returncode == 0:
            return python
    return None


def translated(python, paths):
    done = subprocess.run([python, "-c", TRANSLATE, *paths], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def differences(ours, theirs, place=""):
    """A line for each place where two documents differ; the order of members does not count."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted(set(ours) | set(theirs)):
            if name not in ours or name not in theirs:
                yield f"{place}/{name}: only in {'ours' if name in ours else 'theirs'}"
            else:
                yield from differences(ours[name], theirs[name], f"{place}/{name}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, pair in enumerate(zip(ours, theirs)):
            yield from differences(*pair, f"{place}/{number}")
    elif ours != theirs or isinstance(ours, bool) != isinstance(theirs, bool):
        yield f"{place}: {ours!r} against {theirs!r}"


class SamTranslator(unittest.TestCase):
    def test_stator_expands_as_the_checked_in_output(self):
        self.assertGreaterEqual(len(templates()), 30)
        for template in templates():
            with self.subTest(os.path.basename(template)):
                done = subprocess.run([BINARY, "template", "expand", template, "--format", "json"],
                                      capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(list(differences(json.loads(done.stdout), golden_of(template))), [])

    def test_the_checked_in_output_is_the_translators(self):
        python = translator()
        if python is None:
            self.skipTest("no python3 on this machine has aws-sam-translator and boto3")
        for template, theirs in translated(python, templates()).items():
            with self.subTest(os.path.basename(template)):
                self.assertEqual(list(differences(golden_of(template), theirs)), [])


def write():
    for template, theirs in translated(translator(), templates()).items():
        with open(template[:-len("yaml")] + "json", "w", encoding="utf-8") as file:
            json.dump(theirs, file, indent=1, sort_keys=True)
            file.write("\n")


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    else:
        unittest.main()
