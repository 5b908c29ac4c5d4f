#!/usr/bin/env python3
"""Measures what the C++ kit costs a function, each figure beside its limit, measured in the same run.

    bench/kit.py [--seconds N] [--times N]    # after `make build` and `make bench`

Getting, putting and querying items by the mapper stands beside the same bytes sent by hand; the start of a packaged
function beside the start of a program that does nothing. All load goes to 127.0.0.1 and ends by itself.
"""

import argparse
import json
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

import boto3  # noqa: E402
from botocore.auth import SigV4Auth  # noqa: E402
from botocore.awsrequest import AWSRequest  # noqa: E402
from lab import BENCH, harness, percentile, show  # noqa: E402

ITEM = {"group": {"S": "g"}, "id": {"S": "item-00"}, "name": {"S": "a name of a common length"}, "count": {"N": "12"},
        "price": {"N": "19.95"}, "note": {"S": "n" * 100}, "lines": {"L": [{"S": "one"}, {"S": "two"}, {"S": "three"}]}}
BODIES = {
    "get": ("GetItem", {"TableName": "bench", "Key": {"group": {"S": "g"}, "id": {"S": "item-00"}}}),
    "put": ("PutItem", {"TableName": "bench", "Item": ITEM}),
    "query": ("Query", {"TableName": "bench", "KeyConditionExpression": "#g = :g",
                        "ExpressionAttributeNames": {"#g": "group"}, "ExpressionAttributeValues": {":g": {"S": "g"}}}),
}


def fill(session, url):
    dynamodb = session.client("dynamodb", endpoint_url=url)
    dynamodb.create_table(
        TableName="bench", BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "group", "KeyType": "HASH"}, {"AttributeName": "id", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("group", "id")])
    for i in range(20):
        dynamodb.put_item(TableName="bench", Item={**ITEM, "id": {"S": f"item-{i:02}"}})


def write_requests(session, server, directory):
    """Each operation as a body and as a whole request, signed; good for minutes."""
    for name, (operation, body) in BODIES.items():
        text = json.dumps(body, separators=(",", ":"))
        request = AWSRequest("POST", server.url + "/", data=text, headers={
            "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"DynamoDB_20120810.{operation}"})
        SigV4Auth(session.get_credentials(), "dynamodb", "us-east-1").add_auth(request)
        lines = ["POST / HTTP/1.1", f"Host: {server.listen}", f"Content-Length: {len(text)}"]
        lines += [f"{key}: {value}" for key, value in request.headers.items()
                  if key.lower() not in ("host", "content-length")]
        (directory / f"{name}.json").write_text(text)
        (directory / name).write_text("\r\n".join(lines) + "\r\n\r\n" + text, newline="")


def measure_wire(server, seconds):
    environment = server.environment()
    session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                            region_name="us-east-1")
    fill(session, server.url)
    address = urllib.parse.urlsplit(server.url)
    with tempfile.TemporaryDirectory() as name:
        write_requests(session, server, pathlib.Path(name))
        printed = subprocess.run(
            [BENCH / "kit_wire", address.hostname, str(address.port), name, str(seconds)], check=True, text=True,
            stdout=subprocess.PIPE, env={**environment, "AWS_REGION": "us-east-1"}).stdout
    figures = {(line["operation"], line["way"]): line for line in map(json.loads, printed.splitlines())}
    print("one client, one connection; processor time of the client and time to the answer, microseconds")
    for operation in BODIES:
        limit = figures[operation, "bytes"]
        for way, told in (("bytes", "signed beforehand"), ("texts", "by the client, JSON texts"),
                          ("mapper", "by the mapper")):
            line = figures[operation, way]
            show(f"{operation}, {told}", f"{line['cpu_us']:.1f} CPU, {line['wall_us']:.0f} in all",
                 f"{line['cpu_us'] / limit['cpu_us']:.2f}x CPU, {line['wall_us'] / limit['wall_us']:.2f}x in all")


def first_next_us(command, times):
    """From the spawn of a program to its first request to the Runtime API."""
    taken = []
    for _ in range(times):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(10)
            begin = time.perf_counter()
            child = os.posix_spawn(command, [command], {
                "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{listener.getsockname()[1]}"})
            connection, _ = listener.accept()
            connection.recv(4096)
            taken.append((time.perf_counter() - begin) * 1e6)
            connection.close()
        os.kill(child, 9)
        os.waitpid(child, 0)
    return taken


def spawn_us(command, times):
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        os.waitpid(os.posix_spawn(command, [command], {}), 0)
        taken.append((time.perf_counter() - begin) * 1e6)
    return taken


def measure_start(times):
    function = str(BENCH / "bare" / "bootstrap")
    bare = spawn_us("/bin/true", times)
    start = first_next_us(function, times)
    print("a function of the kit on its layer, outside a sandbox")
    show("from its spawn to its first `next`", f"p50 {statistics.median(start):.0f} us, p99 {percentile(start, .99):.0f}",
         f"{statistics.median(start) / statistics.median(bare):.2f}x the spawn of /bin/true "
         f"({statistics.median(bare):.0f} us)")
    size = (BENCH / "empty" / "bootstrap").stat().st_size
    layer = sum(file.stat().st_size for file in (BENCH / "layer" / "lib").iterdir())
    show("size", f"function {size / 1024:.0f} KB, layer {layer / 2**20:.1f} MB", "of 250 MB unpacked that Lambda takes")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=3)
    options.add_argument("--times", type=int, default=200)
    options = options.parse_args()
    with harness.Stator() as server:
        measure_wire(server, options.seconds)
    measure_start(options.times)


if __name__ == "__main__":
    main()
