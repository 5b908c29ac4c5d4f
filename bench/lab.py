"""What the benchmarks of the services over HTTP share: a server with functions, callers, figures."""

import io
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
os.chdir(ROOT)

import boto3  # noqa: E402
import stator as harness  # noqa: E402
from botocore.auth import SigV4Auth  # noqa: E402
from botocore.awsrequest import AWSRequest  # noqa: E402

BENCH = pathlib.Path(harness.BUILD) / "bench"
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def show(what, figure, beside=""):
    print(f"  {what:<34} {figure:<58} {beside}", flush=True)


def zipped(files):
    """A package of {name: bytes or path}, everything executable."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o755 << 16
            package.writestr(entry, content if isinstance(content, bytes) else pathlib.Path(content).read_bytes())
    return out.getvalue()


class Lab:
    """A running stator with a role and a layer, and functions as they are asked for."""

    def __init__(self, server):
        self.server = server
        environment = server.environment()
        self.session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                                     region_name="us-east-1")
        self.functions = self.session.client("lambda", endpoint_url=server.url)
        iam = self.session.client("iam", endpoint_url=server.url)
        self.role = iam.create_role(RoleName="bench", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        libraries = BENCH / "layer" / "lib"
        self.layer = self.functions.publish_layer_version(
            LayerName="bench", Content={"ZipFile": zipped({f"lib/{file.name}": file for file in libraries.iterdir()})}
        )["LayerVersionArn"]

    def make(self, name, runtime, handler, package, layers=()):
        self.functions.create_function(FunctionName=name, Runtime=runtime, Role=self.role, Handler=handler,
                                       Code={"ZipFile": package}, Layers=list(layers), MemorySize=256, Timeout=30)

    def make_empty(self, name):
        self.make(name, "provided.al2023", "bootstrap", zipped({"bootstrap": BENCH / "empty" / "bootstrap"}),
                  [self.layer])

    def signed(self, name):
        """Invoke's URL and its headers, signed; good for minutes."""
        return self.sign("lambda", f"/2015-03-31/functions/{urllib.parse.quote(name)}/invocations",
                         {"Content-Type": "application/json"})

    def sign(self, service, path, headers):
        """URL and headers of a POST of {}."""
        url = self.server.url + path
        request = AWSRequest("POST", url, data="{}", headers=headers)
        SigV4Auth(self.session.get_credentials(), service, "us-east-1").add_auth(request)
        return url, dict(request.headers.items())

    def wire(self, name):
        url, headers = self.signed(name)
        lines = [f"POST {urllib.parse.urlsplit(url).path} HTTP/1.1", f"Host: {self.server.listen}", "Content-Length: 2"]
        lines += [f"{key}: {value}" for key, value in headers.items() if key.lower() not in ("host", "content-length")]
        return ("\r\n".join(lines) + "\r\n\r\n{}").encode()


class Caller:
    """One kept-alive connection that reads whole answers."""

    def __init__(self, listen):
        host, port = listen.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def call_us(self, wire):
        begin = time.perf_counter()
        self.socket.sendall(wire)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.socket.recv(65536)
        taken = (time.perf_counter() - begin) * 1e6
        head, body = answer.split(b"\r\n\r\n", 1)
        length = int(re.search(rb"content-length: (\d+)", head.lower()).group(1))
        while len(body) < length:
            body += self.socket.recv(65536)
        if not head.startswith(b"HTTP/1.1 200") or b"x-amz-function-error" in head.lower():
            raise SystemExit(f"invocation failed: {answer}")
        return taken


def first_calls_us(lab, names):
    caller, taken = Caller(lab.server.listen), []
    wires = [lab.wire(name) for name in names]
    for wire in wires:
        time.sleep(0.03)  # for the kit that the last one took
        taken.append(caller.call_us(wire))
    return taken


def load_of(url, connections, seconds, headers=None, body=None):
    """wrk's p50 and p99 in microseconds, and answers a second."""
    script = tempfile.NamedTemporaryFile("w", suffix=".lua")
    if headers is not None:
        script.write(f'wrk.method = "POST"\nwrk.body = {json.dumps(body)}\n')
        script.writelines(f"wrk.headers[{json.dumps(k)}] = {json.dumps(v)}\n" for k, v in headers.items())
    script.write('done = function(s, l, r) io.write(string.format("RESULT %d %d %f %d\\n", l:percentile(50), '
                 'l:percentile(99), s.requests / s.duration * 1e6, s.errors.status + s.errors.read + s.errors.timeout)) end\n')
    script.flush()
    printed = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script.name, url],
                             capture_output=True, text=True, check=True).stdout
    p50, p99, rate, errors = re.search(r"RESULT (\d+) (\d+) ([\d.]+) (\d+)", printed).groups()
    if int(errors):
        raise SystemExit(f"{url}: {errors} errors\n{printed}")
    return int(p50), int(p99), float(rate)
