"""Runs a stator of its own for a test: a free port, a directory of its own, and a clean end."""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import unittest
import urllib.error
import urllib.request
import zipfile

BUILD = os.environ.get("STATOR_BUILD", "build/release")
BINARY = os.path.join(BUILD, "stator")
ITEMS_TEMPLATE = os.path.join(BUILD, "examples", "items", "template.yaml")
READY = re.compile(r"stator is ready on (http://[^ ]+) \((.*)\)")


class Stator:
    """`with Stator() as stator:`. Start it again after kill() or stop(): its data stays until the end."""

    def __init__(self, *flags, wrapper=()):
        self.flags, self.wrapper = list(flags), list(wrapper)
        self.root = tempfile.mkdtemp(prefix="stator-e2e-")
        os.chmod(self.root, 0o755)
        self.data = os.path.join(self.root, "data")
        self.process = None
        self.url = self.modes = None
        self.log = []

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    def start(self, port=0):
        command = [*self.wrapper, BINARY, "serve", "--listen", f"127.0.0.1:{port}", "--data", self.data]
        self.process = subprocess.Popen([*command, *self.flags], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self._drain = threading.Thread(target=self._read_log, args=(self.process.stderr,), daemon=True)
        self._drain.start()
        for line in self.process.stdout:
            found = READY.match(line)
            if found:
                self.url, self.modes = found.groups()
                threading.Thread(target=self._drop, args=(self.process.stdout,), daemon=True).start()
                return self
        self.process.wait()
        self._drain.join()
        raise AssertionError("stator did not start: " + "".join(self.log))

    def start_or_skip(self):
        """For tests that run functions: a machine that forbids namespaces says so and is no failure of theirs."""
        try:
            return self.start()
        except AssertionError as error:
            if "namespace" in str(error):
                raise unittest.SkipTest(f"this machine forbids namespaces: {error}") from error
            raise

    @staticmethod
    def _drop(stream):
        with stream:
            stream.read()

    def _read_log(self, stream):
        for line in stream:
            self.log.append(line)

    def stop(self):
        """SIGTERM; the exit code."""
        if self.process is None:
            return None
        self.process.send_signal(signal.SIGTERM)
        return self._ended()

    def kill(self):
        """SIGKILL: what a power cut looks like to the process."""
        self.process.kill()
        self._ended()

    def _ended(self):
        code = self.process.wait(timeout=30)
        self._drain.join()
        self.process.stderr.close()
        self.process = None
        return code

    @property
    def listen(self):
        return self.url.removeprefix("http://")

    def environment(self):
        """The environment that `stator env` gives any AWS client."""
        exports = self.cli("env").stdout
        added = dict(re.findall(r"export (\w+)=(.*)", exports))
        clean = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        return {**clean, **added, "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": ""}

    def cli(self, command, *arguments, check=True, input=None):
        outcome = subprocess.run([BINARY, command, *arguments, "--data", self.data, "--listen", self.listen],
                                 capture_output=True, text=True, input=input, timeout=120)
        if check and outcome.returncode != 0:
            raise AssertionError(f"stator {command}: {outcome.stdout}{outcome.stderr}\n" + "".join(self.log[-20:]))
        return outcome

    def deploy_items(self, stack="items"):
        """Deploys the example; its API's URL."""
        printed = self.cli("deploy", ITEMS_TEMPLATE, "--stack", stack).stdout
        return re.search(r"ApiUrl = (\S+)", printed).group(1).rstrip("/")

    def path_url(self, api_url):
        """The API by path, for clients that cannot resolve names under localhost."""
        api_id = re.match(r"http://([a-z0-9]+)\.", api_url).group(1)
        return f"{self.url}/_aws/execute-api/{api_id}/$default"

    def log_text(self):
        return "".join(self.log)


def package(files):
    """A function's or a layer's zip of {name: bytes or text}, everything executable."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o100755 << 16
            archive.writestr(entry, content)
    return packed.getvalue()


def request(url, method="GET", body=None, headers=None):
    """(status, headers, body): JSON where it is JSON, text otherwise."""
    data = json.dumps(body).encode() if isinstance(body, (dict, list)) else body
    sent = urllib.request.Request(url, data=data, method=method, headers=headers or {})
    if data is not None and not sent.has_header("Content-type"):
        sent.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(sent, timeout=30) as answer:
            return answer.status, answer.headers, _decode(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, error.headers, _decode(error.read())


def _decode(raw):
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode("utf-8", "replace")
