"""The JavaScript SDK, version 3, against the same endpoint: js/*.mjs. Skipped where npm's packages are not there."""

import os
import pathlib
import shutil
import subprocess
import unittest
import uuid

from conformance import Conformance

HERE = pathlib.Path(__file__).resolve().parent / "js"


class JavaScript(Conformance):
    def test_round(self):
        """An application's day with the document client: items, pages, batches, transactions, typed errors."""
        self.run_script("round.mjs", f"{self.service.prefix}-js-{uuid.uuid4().hex[:6]}")

    def test_every_operation(self):
        """Each operation that the SDK knows answers as its types say, and refuses with an error of its reference."""
        if self.service.stator is None:
            self.skipTest("backups, restores, exports and imports take AWS many minutes")
        bucket = "conformance-" + uuid.uuid4().hex[:8]
        self.service.make_client("s3").create_bucket(Bucket=bucket)
        self.run_script("operations.mjs", f"{self.service.prefix}-js-{uuid.uuid4().hex[:6]}", bucket)

    def run_script(self, name, *arguments):
        if shutil.which("node") is None or not (HERE / "node_modules").is_dir():
            self.skipTest("the JavaScript SDK is not installed: tools/dev conformance installs it, if npm is there")
        keys = self.service.session.get_credentials().get_frozen_credentials()
        environment = {**os.environ, "AWS_REGION": self.service.region, "AWS_ACCESS_KEY_ID": keys.access_key,
                       "AWS_SECRET_ACCESS_KEY": keys.secret_key}
        if keys.token:
            environment["AWS_SESSION_TOKEN"] = keys.token
        if "amazonaws.com" not in self.service.url:
            environment["STATOR_URL"] = self.service.url
        outcome = subprocess.run(["node", name, *arguments], cwd=HERE, env=environment, capture_output=True, text=True,
                                 timeout=120)
        self.assertEqual(outcome.returncode, 0, outcome.stderr)


if __name__ == "__main__":
    unittest.main()
