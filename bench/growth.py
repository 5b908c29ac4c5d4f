#!/usr/bin/env python3
"""Measures what a large table costs against a small one: CPU and p50 of GetItem over keys drawn from all, the
time from spawn to the ready line, and memory, with the same server and the same budget.

    bench/growth.py [--small 100000] [--large 10000000] [--seconds N] [--rounds N] [--memory 256MB]
"""

import argparse
import contextlib
import os
import pathlib
import re
import statistics
import subprocess
import time

import dynamodb as bench


def resident_mb(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


def prepare(stator, items):
    """A stopped server's data directory, filled; the credentials of its root."""
    with_keys = stator.environment()
    server = bench.Server("stator", int(stator.listen.rsplit(":", 1)[1]), stator.process.pid,
                          with_keys["AWS_ACCESS_KEY_ID"], with_keys["AWS_SECRET_ACCESS_KEY"])
    server.load("create")
    stator.stop()
    begin = time.perf_counter()
    subprocess.run([bench.BENCH / "fill_store", stator.data, "bench", str(items)], check=True)
    print(f"  {items} items filled in {time.perf_counter() - begin:.1f} s", flush=True)
    return server


def start(stator, server):
    """Seconds to the ready line."""
    begin = time.perf_counter()
    stator.start()
    taken = time.perf_counter() - begin
    server.port, server.pid = int(stator.listen.rsplit(":", 1)[1]), stator.process.pid
    return taken


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--small", type=int, default=100_000)
    parser.add_argument("--large", type=int, default=10_000_000)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--memory", default="256MB")
    parser.add_argument("--realtime", action="store_true", help="run loads under SCHED_RR, up to 2 seconds each")
    options = parser.parse_args()
    bench.Server.realtime = options.realtime
    sizes = {"small": options.small, "large": options.large}
    with contextlib.ExitStack() as stack:
        servers = {}
        for name, items in sizes.items():
            stator = stack.enter_context(bench.harness.Stator("--memory", options.memory))
            server = prepare(stator, items)
            first, again = start(stator, server), None
            stator.stop()
            again = start(stator, server)
            server.name = name
            servers[name] = server
            print(f"  {name}: start-up {first * 1e3:.0f} ms, again {again * 1e3:.0f} ms", flush=True)
        runs = {name: [] for name in servers}
        for _ in range(options.rounds):
            for name, server in servers.items():
                runs[name].append(server.load("GetItem", connections=options.connections, seconds=options.seconds,
                                              items=sizes[name], ring=50_000))
        figures = {name: {figure: statistics.median(run[figure] for run in loads)
                          for figure in ("per_second", "cpu_us", "p50_us", "p99_us")} for name, loads in runs.items()}
        for name, values in figures.items():
            beside = ""
            if name == "large":
                small = figures["small"]
                beside = (f"cpu {values['cpu_us'] / small['cpu_us']:.2f} x, p50 {values['p50_us'] / small['p50_us']:.2f} x"
                          " small")
            bench.show(f"GetItem of {sizes[name]} items", values, beside)
            print(f"  {name}: memory {resident_mb(servers[name].pid):.0f} MB, budget {options.memory}")


if __name__ == "__main__":
    os.chdir(bench.ROOT)
    main()
