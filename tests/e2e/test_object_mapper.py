"""The kit's object mapper against stator, and against an endpoint that is not ours where there is one.

dynalite is found by DYNALITE, the path of its cli.js (npm install dynalite).
"""

import os
import re
import subprocess
import unittest

from stator import BUILD, Stator

LIVE_TEST = os.path.join(BUILD, "sdk", "tests", "sdk_live_test")


@unittest.skipUnless(os.path.exists(LIVE_TEST), f"{LIVE_TEST} is not built")
class ObjectMapper(unittest.TestCase):
    def run_against(self, url, environment, *arguments):
        outcome = subprocess.run([LIVE_TEST, "--url", url, "--gtest_brief=1", *arguments], env=environment,
                                 capture_output=True, text=True, timeout=250)
        self.assertEqual(outcome.returncode, 0, outcome.stdout + outcome.stderr)
        return outcome.stdout

    def test_stator(self):
        with Stator() as stator:
            told = self.run_against(stator.url, stator.environment())
        self.assertNotIn("SKIPPED", told)

    @unittest.skipUnless(os.environ.get("DYNALITE"), "DYNALITE does not name dynalite's cli.js")
    def test_dynalite(self):
        server = subprocess.Popen(["node", os.environ["DYNALITE"], "--port", "0", "--createTableMs", "1",
                                   "--deleteTableMs", "1"], stdout=subprocess.PIPE, text=True)
        try:
            url = re.search(r"http://\S+", server.stdout.readline()).group(0)
            keys = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "us-east-1"}
            self.run_against(url, {**os.environ, **keys})
        finally:
            server.terminate()
            server.wait()
            server.stdout.close()


if __name__ == "__main__":
    unittest.main()
