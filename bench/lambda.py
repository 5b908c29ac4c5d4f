#!/usr/bin/env python3
"""Measures Lambda as a caller of its API sees it, each figure beside its limit, measured in the same run.

    bench/lambda.py [--seconds N] [--times N] [--idle N]    # after `make build` and `make bench`; uses wrk

Cold starts are first invocations of functions whose package is unpacked; their limit is the bare program on this
machine, without any sandbox. Warm figures stand beside the same HTTP server with a constant answer, which is what
a direct call of a handler that does nothing costs. All load goes to 127.0.0.1 and ends by itself.
"""

import argparse
import contextlib
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

from lab import BENCH, Lab, first_calls_us, harness, load_of, percentile, show, zipped  # noqa: E402

PYTHON = "def handler(event, context):\n    return {}\n"
NODE = "exports.handler = async () => ({});\n"


def spawn_to_connection_us(command, times):
    """From the spawn of a bare program to its first connection to the Runtime API."""
    taken = []
    for _ in range(times):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            address = f"127.0.0.1:{listener.getsockname()[1]}"
            begin = time.perf_counter()
            child = os.posix_spawn(command[0], command, {"AWS_LAMBDA_RUNTIME_API": address})
            listener.settimeout(10)
            connection, _ = listener.accept()
            taken.append((time.perf_counter() - begin) * 1e6)
            connection.close()
        os.kill(child, 9)
        os.waitpid(child, 0)
    return taken


def run_us(command, times):
    """Of an interpreter on a one-line script, from spawn to exit, in an environment like a function's."""
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        child = os.posix_spawn(command[0], command, {"PATH": "/usr/bin:/bin", "LANG": "en_US.UTF-8"},
                               file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
        os.waitpid(child, 0)
        taken.append((time.perf_counter() - begin) * 1e6)
    return taken


def show_start(what, taken, limit, limit_is):
    p50, bare = statistics.median(taken) / 1e3, statistics.median(limit) / 1e3
    show(what, f"p50 {p50:.2f} ms  p99 {percentile(taken, 0.99) / 1e3:.2f} ms  {p50 / bare:.2f}x",
         f"{limit_is} {bare:.2f} ms")


def cold_starts(lab, times):
    print("\ncold start: the first invocation, to the whole answer")
    bare = [str((BENCH / "bare" / "bootstrap").absolute())]
    names = [f"cold-{number}" for number in range(times)]
    for name in names:
        lab.make_empty(name)
    show_start("C++ function on the layer", first_calls_us(lab, names), spawn_to_connection_us(bare, times),
               "bare spawn to its connection")
    scripts = {"python3": ("python3.11", "app.py", PYTHON, "print(1)"), "node": ("nodejs18.x", "app.js", NODE,
                                                                                  "console.log(1)")}
    for program, (runtime, file, source, one_line) in scripts.items():
        interpreter = shutil.which(program, path="/usr/bin:/bin")
        if interpreter is None:
            print(f"  {program}: not on this machine")
            continue
        names = [f"cold-{program}-{number}" for number in range(times)]
        for name in names:
            lab.make(name, runtime, "app.handler", zipped({file: source.encode()}))
        with tempfile.NamedTemporaryFile("w", suffix=file[3:]) as script:
            script.write(one_line)
            script.flush()
            bare = run_us([interpreter, script.name], times)
        show_start(f"{program} function", first_calls_us(lab, names), bare, "the interpreter on one line")


def warm(lab, seconds):
    print("\nwarm: Invoke of an empty C++ function, signed")
    lab.make_empty("warm")
    url, headers = lab.signed("warm")
    for connections in (1, 16):
        load_of(url, connections, 1, headers, "{}")  # the instances start
        direct = load_of(f"{lab.server.url}/_stator/health", connections, seconds)
        p50, p99, rate = load_of(url, connections, seconds, headers, "{}")
        show(f"{connections} connection(s)", f"p50 {p50} us  p99 {p99} us  {rate:.0f}/s",
             f"constant answer p50 {direct[0]} us  {direct[2]:.0f}/s: {p50 - direct[0]:+d} us, "
             f"{direct[2] / rate:.2f}x fewer")


def available_kb():
    return int(re.search(r"MemAvailable:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text()).group(1))


def idle(lab, count):
    print(f"\nmemory of {count} idle instances of the C++ function")
    names = [f"idle-{number}" for number in range(count)]
    for name in names:
        lab.make_empty(name)
    time.sleep(1)
    before = available_kb()
    first_calls_us(lab, names)
    time.sleep(1)
    used = (before - available_kb()) / count
    pids = [pid for pid in filter(str.isdigit, os.listdir("/proc")) if command_of(pid).endswith("/var/task/bootstrap")]
    resident = [int(re.search(r"Pss:\s+(\d+)", read_or(f"/proc/{pid}/smaps_rollup")).group(1)) for pid in pids]
    show("the machine's memory", f"{used / 1024:.2f} MB each, kernel and server included")
    show("the processes' own (Pss)", f"{statistics.mean(resident) / 1024:.2f} MB each, {len(resident)} processes")


def read_or(path):
    with contextlib.suppress(OSError):
        return pathlib.Path(path).read_text()
    return "Pss: 0"


def command_of(pid):
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].decode()
    return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=int, default=3, help="length of each load")
    parser.add_argument("--times", type=int, default=40, help="repetitions of each start")
    parser.add_argument("--idle", type=int, default=500, help="idle instances whose memory is measured")
    options = parser.parse_args()
    with harness.Stator() as server:
        lab = Lab(server)
        cold_starts(lab, options.times)
        warm(lab, options.seconds)
        idle(lab, options.idle)


if __name__ == "__main__":
    main()
