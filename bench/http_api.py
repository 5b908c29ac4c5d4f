#!/usr/bin/env python3
"""Measures HTTP APIs as their callers see them, each figure beside its limit, measured in the same run.

    bench/http_api.py [--seconds N] [--routes N] [--idle N]    # after `make build` and `make bench`; uses wrk

What a request costs is processor time of the server alone, all of it: the HTTP server, the gateway and the exchange
with the function's instance; the same server's constant answer stands beside it. All load goes to 127.0.0.1 and
ends by itself.
"""

import argparse
import itertools
import os
import pathlib
import re
import resource
import socket
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

from lab import Caller, Lab, harness, load_of, show  # noqa: E402

CONNECTIONS = 16
ROUTES_PER_API = 300  # AWS's quota
TICKS = os.sysconf("SC_CLK_TCK")


class Gateway:
    """HTTP APIs whose routes all lead to one function."""

    def __init__(self, lab):
        self.lab = lab
        self.apis = lab.session.client("apigatewayv2", endpoint_url=lab.server.url)
        lab.make_empty("behind-api")
        self.function = lab.functions.get_function_configuration(FunctionName="behind-api")["FunctionArn"]
        lab.functions.add_permission(FunctionName="behind-api", StatementId="api", Action="lambda:InvokeFunction",
                                     Principal="apigateway.amazonaws.com")

    def make(self, name, routes):
        """The address of an API with that many routes, which ends before the last route's number."""
        api = self.apis.create_api(Name=name, ProtocolType="HTTP")["ApiId"]
        integration = self.apis.create_integration(ApiId=api, IntegrationType="AWS_PROXY", PayloadFormatVersion="2.0",
                                                   IntegrationUri=self.function)["IntegrationId"]
        for number in range(routes):
            self.apis.create_route(ApiId=api, RouteKey=f"GET /route-{number}/{{id}}",
                                   Target=f"integrations/{integration}")
        self.apis.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
        return f"{self.lab.server.url}/_aws/execute-api/{api}/$default/route-"


def processor_us(pid):
    """What the process has used so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1e6 / TICKS


def cost_us(pid, seconds, url, *signed):
    """The server's processor time for one request under load, and what wrk saw."""
    load_of(url, CONNECTIONS, 1, *signed)  # the instances start
    before = processor_us(pid)
    p50, p99, rate = load_of(url, CONNECTIONS, seconds, *signed)
    return (processor_us(pid) - before) / (rate * seconds), p50, p99, rate


def requests(gateway, pid, seconds, routes):
    print(f"\nrequests to an empty C++ function, {CONNECTIONS} connections: the server's processor time for each")
    lab = gateway.lab
    constant = cost_us(pid, seconds, f"{lab.server.url}/_stator/health")
    show("constant answer", f"{constant[0]:.1f} us  {constant[3]:.0f}/s  p50 {constant[1]} us  p99 {constant[2]} us")
    invoke = cost_us(pid, seconds, *lab.signed("behind-api"), "{}")
    show("the function by Invoke, signed", f"{invoke[0]:.1f} us  {invoke[3]:.0f}/s  p50 {invoke[1]} us")
    listing = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.ListTables"}
    plain = cost_us(pid, seconds, *lab.sign("dynamodb", "/", listing), "{}")
    show("a signed call that reads a list", f"{plain[0]:.1f} us  {plain[3]:.0f}/s")
    few = cost_us(pid, seconds, gateway.make("few", 5) + "4/1")
    # Invoke without what a signed call costs by itself leaves what the instance called directly costs, at least.
    show("an API of 5 routes", f"{few[0]:.1f} us  {few[3]:.0f}/s  p50 {few[1]} us  p99 {few[2]} us",
         f"at most {few[0] - (invoke[0] - plain[0]):.1f} us above the instance called directly (aim: 60 us)")
    sizes = [min(ROUTES_PER_API, routes - begin) for begin in range(0, routes, ROUTES_PER_API)]
    urls = [gateway.make(f"many-{number}", size) + f"{size - 1}/1" for number, size in enumerate(sizes)]
    many = cost_us(pid, seconds, urls[-1])
    show(f"one of {len(sizes)} APIs, {routes + 5} routes", f"{many[0]:.1f} us  {many[3]:.0f}/s",
         f"{many[0] / few[0]:.2f}x of 5 routes")


def beside_cold_starts(gateway, seconds):
    print("\nlatency while another function is started again and again")
    url = gateway.make("warm", 1) + "0/1"
    lab, is_over, count = gateway.lab, threading.Event(), itertools.count()
    load_of(url, CONNECTIONS, 1)
    alone = load_of(url, CONNECTIONS, seconds)
    lab.make_empty("cold")
    wire = lab.wire("cold")

    def start_again():
        caller = Caller(lab.server.listen)
        while not is_over.is_set():
            lab.functions.update_function_configuration(FunctionName="cold", Description=str(next(count)))
            caller.call_us(wire)

    thread = threading.Thread(target=start_again)
    thread.start()
    p50, p99, _ = load_of(url, CONNECTIONS, seconds)
    is_over.set()
    thread.join()
    show(f"{next(count)} cold starts beside it", f"p50 {p50} us  p99 {p99} us: {p99 / p50:.1f}x (aim: 3x)",
         f"alone p50 {alone[0]} us  p99 {alone[1]} us: {alone[1] / alone[0]:.1f}x")


def resident_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


def idle_connections(server, pid, count):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    count = min(count, hard - 100)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count + 100), hard))
    host, port = server.listen.rsplit(":", 1)
    request = f"GET /_stator/health HTTP/1.1\r\nHost: {server.listen}\r\n\r\n".encode()
    before, sockets = resident_mb(pid), []
    for _ in range(count):
        connection = socket.create_connection((host, int(port)))
        connection.sendall(request)
        if not connection.recv(4096).startswith(b"HTTP/1.1 200"):
            raise SystemExit("a connection got no answer")
        sockets.append(connection)
    print("\nmemory of connections that have been answered and wait")
    show(f"{count} connections", f"{resident_mb(pid) - before:.1f} MB (aim for 10,000: 100 MB)",
         f"the server without them {before:.1f} MB")
    for connection in sockets:
        connection.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=int, default=3, help="length of each load")
    parser.add_argument("--routes", type=int, default=5000, help="routes of the many")
    parser.add_argument("--idle", type=int, default=9900, help="idle connections")
    options = parser.parse_args()
    with harness.Stator("--api-rate", "10000000") as server:
        gateway, pid = Gateway(Lab(server)), server.process.pid
        requests(gateway, pid, options.seconds, options.routes)
        beside_cold_starts(gateway, options.seconds)
        idle_connections(server, pid, options.idle)


if __name__ == "__main__":
    main()
