"""Mixed traffic with faults through an HTTP API: every request is answered once, and nothing is left behind."""

import json
import os
import pathlib
import random
import socket
import threading
import time
import unittest

from stator import package, Stator

try:
    import boto3
except ImportError:
    boto3 = None

APP = """
import json, os, time

def handler(event, context):
    query = event.get("queryStringParameters") or {}
    if query.get("do") == "crash":
        os._exit(3)
    if query.get("do") == "raise":
        raise ValueError("asked to")
    if query.get("do") == "sleep":
        time.sleep(0.15)
    if query.get("do") == "hang":
        time.sleep(30)
    return {"statusCode": 200, "headers": {"x-id": query.get("id", "")}, "body": event.get("body") or ""}
"""
THREADS = 6
ROUNDS = 60
SEED = 20261122


def eventually(predicate, seconds=40):
    deadline = time.monotonic() + seconds
    while not predicate():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


class Connection:
    """A kept-alive connection that reads one answer at a time and notices what it did not ask for."""

    def __init__(self, listen):
        host, port = listen.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), timeout=30)
        self.buffer = b""

    def close(self):
        self.socket.close()

    def send(self, raw):
        self.socket.sendall(raw)

    def answer(self):
        """(status, headers, body) of the next answer."""
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        headers = dict((name.lower(), value) for name, value in (line.split(": ", 1) for line in lines[1:]))
        length = int(headers.get("content-length", "0"))
        while len(self.buffer) < length:
            self._more()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return int(lines[0].split()[1]), headers, body

    def _more(self):
        got = self.socket.recv(65536)
        if not got:
            raise ConnectionError("closed before the answer")
        self.buffer += got


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class Soak(unittest.TestCase):
    def setUp(self):
        self.stator = Stator()
        self.addCleanup(self.stator.__exit__)
        self.stator.start()
        environment = self.stator.environment()
        session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                                region_name="us-east-1")
        self.functions = session.client("lambda", endpoint_url=self.stator.url)
        apis = session.client("apigatewayv2", endpoint_url=self.stator.url)
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        role = session.client("iam", endpoint_url=self.stator.url).create_role(
            RoleName="soak", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        arn = self.functions.create_function(
            FunctionName="soak", Runtime="python3.11", Handler="app.handler", Role=role, Timeout=20, MemorySize=128,
            Code={"ZipFile": package({"app.py": APP})})["FunctionArn"]
        self.functions.add_permission(FunctionName="soak", StatementId="api", Action="lambda:InvokeFunction",
                                      Principal="apigateway.amazonaws.com")
        api = apis.create_api(Name="soak", ProtocolType="HTTP")["ApiId"]
        usual = self.integration(apis, api, arn, 20000)
        short = self.integration(apis, api, arn, 200)
        apis.create_route(ApiId=api, RouteKey="POST /soak", Target=usual)
        apis.create_route(ApiId=api, RouteKey="POST /short", Target=short)
        apis.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
        self.base = f"/_aws/execute-api/{api}/$default"
        self.failures = []

    @staticmethod
    def integration(apis, api, arn, timeout_ms):
        made = apis.create_integration(ApiId=api, IntegrationType="AWS_PROXY", PayloadFormatVersion="2.0",
                                       IntegrationUri=arn, TimeoutInMillis=timeout_ms)
        return "integrations/" + made["IntegrationId"]

    def raw(self, key, do="", path="/soak"):
        body = f"body of {key}".encode()
        return (f"POST {self.base}{path}?id={key}&do={do} HTTP/1.1\r\nHost: {self.stator.listen}\r\n"
                f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body

    def expect(self, condition, what):
        if not condition:
            self.failures.append(what)

    def check(self, connection, key, statuses=(200,)):
        status, headers, body = connection.answer()
        self.expect(status in statuses, f"{key}: {status} {body}")
        if status == 200:
            self.expect(headers.get("x-id") == key and body == f"body of {key}".encode(), f"{key}: {headers} {body}")

    def usual(self, connection, key):
        connection.send(self.raw(key))
        self.check(connection, key)

    def pipelined(self, connection, key):
        connection.send(b"".join(self.raw(f"{key}-{part}") for part in range(4)))
        for part in range(4):
            self.check(connection, f"{key}-{part}")

    def crash(self, connection, key):
        connection.send(self.raw(key, "crash") + self.raw(key + "-next"))
        self.check(connection, key, (500,))
        self.check(connection, key + "-next")

    def error(self, connection, key):
        connection.send(self.raw(key, "raise"))
        self.check(connection, key, (500,))

    def too_slow(self, connection, key):
        connection.send(self.raw(key, "sleep", "/short"))
        self.check(connection, key, (200, 503))

    def slow_client(self, connection, key):
        raw = self.raw(key)
        for begin in range(0, len(raw), 40):
            connection.send(raw[begin:begin + 40])
            time.sleep(0.002)
        self.check(connection, key)

    def cancelled(self, _, key):
        lost = Connection(self.stator.listen)
        lost.send(self.raw(key, "sleep"))
        lost.close()

    def half_a_request(self, _, key):
        lost = Connection(self.stator.listen)
        lost.send(self.raw(key)[:-3])
        lost.close()

    def traffic(self, thread):
        chance = random.Random(SEED + thread)
        kinds = [self.usual] * 10 + [self.pipelined, self.crash, self.error, self.too_slow, self.slow_client,
                                     self.cancelled, self.half_a_request]
        connection = Connection(self.stator.listen)
        try:
            for number in range(ROUNDS):
                kind = chance.choice(kinds)
                kind(connection, f"{thread}-{number}-{kind.__name__}")
            self.expect(connection.buffer == b"", f"an answer that nobody asked for: {connection.buffer[:200]}")
        except (OSError, ValueError) as error:
            self.failures.append(f"thread {thread}: {error!r}")
        finally:
            connection.close()

    def storm(self):
        threads = [threading.Thread(target=self.traffic, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.failures, [])

    def census(self):
        """What could leak, once all instances have gone."""
        self.functions.update_function_configuration(FunctionName="soak", Description=str(time.monotonic()))
        pid = self.stator.process.pid
        counted = {}

        def is_settled():
            now = {"descriptors": len(os.listdir(f"/proc/{pid}/fd")), "processes": len(self.children(pid)),
                   "threads": len(os.listdir(f"/proc/{pid}/task"))}
            counted.setdefault("seen", []).append(now)
            return len(counted["seen"]) > 20 and all(seen == now for seen in counted["seen"][-20:])

        self.assertTrue(eventually(is_settled), counted["seen"][-3:])
        return counted["seen"][-1]

    @staticmethod
    def children(root):
        tree, every = {root}, {}
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                every[int(entry)] = int(pathlib.Path("/proc", entry, "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
        while True:
            more = {pid for pid, parent in every.items() if parent in tree} - tree
            if not more:
                return tree
            tree |= more

    def test_every_request_is_answered_once_and_nothing_is_left(self):
        self.storm()
        before = self.census()
        for _ in range(3):
            self.storm()
            after = self.census()
            # Ready kits and pooled descriptors may still be filling: what leaks grows in each round.
            if all(after[name] <= before[name] for name in before):
                return
            before = after
        self.fail(f"it grows: {before}")


if __name__ == "__main__":
    unittest.main()
