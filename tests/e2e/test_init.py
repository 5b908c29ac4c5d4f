"""`stator init`, then `stator up` in what it wrote: a project that works, live while its files change."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from stator import BINARY as BUILT
from stator import request

BINARY = os.path.abspath(BUILT)


class Up:
    """`stator up` in a directory, with its output by lines."""

    def __init__(self, root, *flags):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        self.process = subprocess.Popen([BINARY, "up", "--listen", "127.0.0.1:0", *flags], cwd=root,
                                        env={**environment, "XDG_CACHE_HOME": str(root / ".cache")},
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        text=True)
        self.lines, self.changed = [], threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line)
                self.changed.notify_all()

    def wait_for(self, pattern, since=0):
        """The first match in the lines from number `since` on, which may be still to come."""
        end = time.monotonic() + 90
        with self.changed:
            while True:
                for line in self.lines[since:]:
                    if found := re.search(pattern, line):
                        return found
                if not self.changed.wait_for(lambda: False, timeout=0.1) and time.monotonic() > end:
                    raise AssertionError(f"no {pattern!r} in:\n" + self.text())
                if self.process.poll() is not None and not self.reader.is_alive():
                    text = self.text()
                    if "namespace" in text:
                        raise unittest.SkipTest(text)
                    raise AssertionError("stator up ended:\n" + text)

    def text(self):
        return "".join(self.lines)

    def end(self, times=1):
        """Ctrl-C; the exit code."""
        for _ in range(times):
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=30)
        self.reader.join()
        self.process.stdout.close()
        return code


class Init(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="stator-init-"))
        os.chmod(self.root, 0o755)
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)

    def init(self, *arguments, code=0):
        done = subprocess.run([BINARY, "init", *arguments], cwd=self.root, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def up(self, project, *flags):
        started = Up(self.root / project, *flags)
        self.addCleanup(lambda: started.process.poll() is None and started.process.kill())
        return started

    def crud(self, url):
        status, _, made = request(url + "/items", "POST", {"name": "lamp", "price": 12.5})
        self.assertEqual(status, 201, made)
        one = f"{url}/items/{made['id']}"
        self.assertEqual(request(one)[::2], (200, made))
        self.assertIn(made["id"], [item["id"] for item in request(url + "/items")[2]["items"]])
        changed = {"name": "chair", **({"version": made["version"]} if "version" in made else {})}
        self.assertEqual(request(one, "PUT", changed)[2]["name"], "chair")
        self.assertEqual(request(url + "/items", "POST", {"price": 1})[0], 400)
        self.assertEqual(request(one, "DELETE")[0], 204)
        self.assertEqual(request(one)[0], 404)
        self.assertEqual(request(one, "DELETE")[0], 404)

    @staticmethod
    def address(started):
        """The API by path, for resolvers that know no names under localhost."""
        listen = started.wait_for(r"ready on (http://\S+)").group(1)
        api = started.wait_for(r"ApiUrl = http://([a-z0-9]+)\.").group(1)
        return f"{listen}/_aws/execute-api/{api}/$default"

    def test_a_python_project(self):
        printed = self.init("items", "--template", "python")
        self.assertIn("items/template.yaml", printed)
        self.assertIn("next: cd items && stator up", printed)
        if "has boto3" in printed:
            self.skipTest("no Python of this machine has boto3")
        self.assertIn("is there already; nothing was written", self.init("items", "--template", "python", code=1))
        started = self.up("items")
        url = self.address(started)
        self.crud(url)
        started.wait_for(r"POST +/items +201")

        # A file that is saved is live, and what it prints is shown.
        code = self.root / "items" / "get" / "app.py"
        since = len(started.lines)
        code.write_text(code.read_text().replace("    item = table", "    print('looked for', item_id)\n    item = table"))
        started.wait_for(r"  changed: GetFunction", since)
        started.wait_for(r"  live ", since)
        self.assertEqual(request(url + "/items/none")[0], 404)
        started.wait_for(r"looked for none")

        # So are mistakes, and the project goes on.
        template = self.root / "items" / "template.yaml"
        good, since = template.read_text(), len(started.lines)
        template.write_text(good.replace("AWS::DynamoDB::Table", "AWS::DynamoDB::Tabel"))
        started.wait_for(r"stator: template\.yaml:\d+: .*Tabel", since)
        self.assertEqual(request(url + "/items")[0], 200)
        template.write_text(good)
        kept = request(url + "/items", "POST", {"name": "kept"})[2]["id"]
        self.assertEqual(started.end(), 0, started.text())

        again = self.up("items")
        self.assertEqual(request(f"{self.address(again)}/items/{kept}")[2]["name"], "kept")
        again.end(times=2)

    def test_an_empty_project(self):
        self.init(".", "--template", "empty")
        started = self.up(".")
        started.wait_for(r"TableName = ")
        self.assertEqual(started.end(), 0, started.text())

    @unittest.skipUnless(shutil.which("cmake") and shutil.which("g++"), "no CMake or no compiler")
    def test_a_cpp_project(self):
        prefix = os.environ.get("STATOR_SDK_PREFIX")
        if not prefix:
            build = pathlib.Path(os.path.dirname(BINARY))
            prefix = self.root / "kit"
            installed = subprocess.run(["cmake", "--install", str(build), "--component", "sdk", "--prefix", str(prefix)],
                                       capture_output=True, text=True, timeout=120)
            if installed.returncode != 0:
                self.skipTest("the kit is not built: " + installed.stderr.strip().splitlines()[-1])
        self.init("items", "--template", "cpp")
        project = self.root / "items"
        for command in (["cmake", "-B", "build", f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Release"],
                        ["cmake", "--build", "build"]):
            done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=600)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        started = self.up("items")
        self.crud(self.address(started))
        self.assertEqual(started.end(), 0, started.text())

    def test_what_is_checked_before_a_server_starts(self):
        (self.root / "none").mkdir()
        started = self.up("none")
        self.assertEqual(started.process.wait(timeout=30), 1)
        started.reader.join()
        self.assertIn("there is no template.yaml", started.text())


if __name__ == "__main__":
    unittest.main()
