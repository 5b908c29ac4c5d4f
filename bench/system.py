#!/usr/bin/env python3
"""Measures the whole system as a client sees it and prints each figure beside its limit, measured in the
same run: a constant answer from the same HTTP server, a bare spawn of the same executable.

    tools/bench [--seconds N]        # after `make build`; uses wrk and python3-boto3

All load goes to 127.0.0.1 and ends by itself. Figures of one run compare; figures of two machines do not.
"""

import argparse
import http.client
import json
import os
import pathlib
import platform
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
os.chdir(ROOT)

import stator as harness  # noqa: E402
from botocore.auth import SigV4Auth  # noqa: E402
from botocore.awsrequest import AWSRequest  # noqa: E402
from botocore.credentials import Credentials  # noqa: E402

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def show(what, figure, beside=""):
    print(f"  {what:<44} {figure:<46} {beside}", flush=True)


def machine():
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    print(f"machine: {platform.node()}, {os.cpu_count()} cores, {model.group(1) if model else '?'}, "
          f"Linux {platform.release()}")


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS


def resident_mb(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


def children(pid):
    found = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


class Load:
    """What wrk says of one run."""

    def __init__(self, url, connections, seconds, script=None, pid=None):
        command = ["wrk", "--latency", f"-t{min(connections, 2)}", f"-c{connections}", f"-d{seconds}s"]
        if script:
            command += ["-s", script]
        before = cpu_seconds(pid) if pid else 0
        text = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
        self.p50, self.p99 = (self._time(text, share) for share in ("50%", "99%"))
        self.rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
        requests = int(re.search(r"(\d+) requests in", text).group(1))
        self.cpu_us = (cpu_seconds(pid) - before) / requests * 1e6 if pid else 0
        failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
        broken = re.search(r"Socket errors: (.*)", text)
        if failed or broken:
            raise SystemExit(f"{url}: {failed.group(0) if failed else broken.group(0)}")

    @staticmethod
    def _time(text, share):
        value, unit = re.search(rf"{share}\s+([\d.]+)(us|ms|s)", text).groups()
        return float(value) * {"us": 1, "ms": 1e3, "s": 1e6}[unit]

    def __str__(self):
        return f"p50 {self.p50:7.0f} us  p99 {self.p99:8.0f} us  {self.rate:8.0f}/s"


def start_up(times):
    print("\nstart-up, from spawn to the ready line")
    bare = []
    for _ in range(times):
        begin = time.perf_counter()
        subprocess.run([harness.BINARY, "--version"], stdout=subprocess.DEVNULL, check=True)
        bare.append((time.perf_counter() - begin) * 1e3)
    taken = []
    with harness.Stator() as server:
        for _ in range(times):
            server.stop()
            begin = time.perf_counter()
            server.start()
            taken.append((time.perf_counter() - begin) * 1e3)
        time.sleep(0.5)
        pid = server.process.pid
        show("start, existing data", f"p50 {statistics.median(taken):.1f} ms  max {max(taken):.1f} ms",
             f"limit: `stator --version` {statistics.median(bare):.1f} ms")
        launcher = sum(resident_mb(child) for child in children(pid))
        show("idle memory", f"server {resident_mb(pid):.1f} MB, launcher {launcher:.1f} MB")


class Keeper:
    """One kept-alive connection."""

    def __init__(self, listen):
        self.connection = http.client.HTTPConnection(listen)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get_us(self, path):
        begin = time.perf_counter()
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        body = answer.read()
        taken = (time.perf_counter() - begin) * 1e6
        if answer.status != 200:
            raise SystemExit(f"GET {path}: {answer.status} {body[:200]}")
        return taken


def bare_spawn_us(times):
    """From spawn to the first connection to the Runtime API of the example's executable, unconfined."""
    build = pathlib.Path(harness.ITEMS_TEMPLATE).parent
    layer = build / "layer" / "lib"
    loader = next(layer.glob("ld-linux*"))
    taken = []
    for _ in range(times):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            environment = {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{listener.getsockname()[1]}", "TABLE_NAME": "t",
                           "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
            begin = time.perf_counter()
            child = os.posix_spawn(loader, [str(loader), "--library-path", str(layer), str(build / "get" / "bootstrap")],
                                   environment)
            listener.settimeout(10)
            connection, _ = listener.accept()
            taken.append((time.perf_counter() - begin) * 1e6)
            os.kill(child, 9)
            os.waitpid(child, 0)
            connection.close()
    return statistics.median(taken)


def cold_starts(server, session, base, item_id, times):
    print("\ncold start: GET /items/{id} on a function with no instance, to the whole answer")
    functions = session.client("lambda", endpoint_url=server.url)
    name = next(f["FunctionName"] for f in functions.list_functions()["Functions"] if "Get" in f["FunctionName"])
    keeper, taken = Keeper(server.listen), []
    for count in range(times):
        # A change of the configuration retires the function's instances.
        functions.update_function_configuration(FunctionName=name, Description=f"run {count}")
        time.sleep(0.02)
        taken.append(keeper.get_us(f"{base}/items/{item_id}"))
    warm = statistics.median(keeper.get_us(f"{base}/items/{item_id}") for _ in range(200))
    bare = bare_spawn_us(times)
    show("cold", f"p50 {statistics.median(taken) / 1e3:.2f} ms  p99 {percentile(taken, 0.99) / 1e3:.2f} ms",
         f"limit: bare spawn to first connection {bare / 1e3:.2f} ms")
    show("the same request warm, same client", f"p50 {warm:.0f} us")


def warm(server, base, item_id, seconds):
    print("\nwarm GET /items/{id} through API Gateway, Lambda and DynamoDB")
    pid = server.process.pid
    for connections in (1, 16):
        load = Load(f"{server.url}{base}/items/{item_id}", connections, seconds, pid=pid)
        limit = Load(f"{server.url}/_stator/health", connections, seconds)
        show(f"{connections} connection(s)", str(load), f"limit: constant answer {limit}")


def signed_script(server, credentials, operation, body):
    request = AWSRequest("POST", server.url + "/", data=body, headers={
        "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"DynamoDB_20120810.{operation}"})
    SigV4Auth(credentials, "dynamodb", "us-east-1").add_auth(request)
    lines = ['wrk.method = "POST"', f"wrk.body = {json.dumps(body)}"]
    lines += [f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}" for name, value in request.headers.items()]
    file = tempfile.NamedTemporaryFile("w", suffix=".lua", delete=False)
    file.write("\n".join(lines))
    file.close()
    return file.name


def tables(server, session, credentials, seconds):
    print("\nDynamoDB over HTTP, 1 KB item, signature verified on every request")
    dynamodb = session.client("dynamodb", endpoint_url=server.url)
    dynamodb.create_table(TableName="bench", BillingMode="PAY_PER_REQUEST",
                          AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                          KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
    dynamodb.get_waiter("table_exists").wait(TableName="bench")
    item = {"id": {"S": "1"}, "text": {"S": "x" * 900}, "count": {"N": "42"}, "tags": {"SS": ["a", "b", "c"]}}
    dynamodb.put_item(TableName="bench", Item=item)
    pid = server.process.pid
    for operation, body in (("GetItem", {"TableName": "bench", "Key": {"id": {"S": "1"}}}),
                            ("PutItem", {"TableName": "bench", "Item": item})):
        script = signed_script(server, credentials, operation, json.dumps(body))
        for connections in (1, 16):
            load = Load(server.url + "/", connections, seconds, script, pid)
            limit = Load(f"{server.url}/_stator/health", connections, seconds, pid=pid)
            show(f"{operation}, {connections} connection(s)", f"{load}  cpu {load.cpu_us:.1f} us",
                 f"limit: constant answer {limit}  cpu {limit.cpu_us:.1f} us")
        os.unlink(script)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=int, default=5, help="length of each load")
    parser.add_argument("--times", type=int, default=30, help="repetitions of each start")
    options = parser.parse_args()
    machine()
    start_up(max(3, options.times // 3))
    with harness.Stator() as server:
        base = server.path_url(server.deploy_items()).removeprefix(server.url)
        status, _, made = harness.request(f"{server.url}{base}/items", "POST", {"name": "bench"})
        assert status == 201, made
        environment = server.environment()
        credentials = Credentials(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"])
        import boto3
        session = boto3.Session(credentials.access_key, credentials.secret_key, region_name="us-east-1")
        cold_starts(server, session, base, made["id"], options.times)
        warm(server, base, made["id"], options.seconds)
        tables(server, session, credentials, options.seconds)
        print(f"\nserver after all this: {resident_mb(server.process.pid):.1f} MB")


if __name__ == "__main__":
    main()
