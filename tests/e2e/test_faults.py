"""What dies takes nothing else with it and leaves nothing behind: the server and the launcher by SIGKILL."""

import json
import os
import pathlib
import signal
import threading
import time
import unittest

from stator import package, request, Stator

try:
    import boto3
    import botocore.config
except ImportError:
    boto3 = None

BOOTSTRAP = (pathlib.Path(__file__).parent / "probe_bootstrap.py").read_bytes()


def processes():
    """{pid: (parent, name)} of all that this user sees."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = pathlib.Path("/proc", entry, "stat").read_text()
            except OSError:
                continue
            name, rest = stat[stat.index("(") + 1:].rsplit(")", 1)
            found[int(entry)] = (int(rest.split()[1]), name)
    return found


def descendants(root):
    """{pid: name} of a process and all under it."""
    every, tree = processes(), {root: processes()[root][1]}
    grown = True
    while grown:
        more = {pid: name for pid, (parent, name) in every.items() if parent in tree and pid not in tree}
        tree.update(more)
        grown = bool(more)
    return tree


def control_groups(launcher):
    return [where for where, _, _ in os.walk("/sys/fs/cgroup") if f"/stator-{launcher}" in where]


def eventually(predicate, seconds=20):
    deadline = time.monotonic() + seconds
    while not predicate():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class Faults(unittest.TestCase):
    flags = ()

    def setUp(self):
        self.stator = Stator(*self.flags)
        self.addCleanup(self.stator.__exit__)
        self.stator.start()
        self.connect()
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        role = self.client("iam").create_role(
            RoleName="probe", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        self.functions.create_function(FunctionName="probe", Runtime="provided.al2023", Handler="bootstrap", Role=role,
                                       Code={"ZipFile": package({"bootstrap": BOOTSTRAP})}, Timeout=30, MemorySize=128)
        self.functions.get_waiter("function_active_v2").wait(FunctionName="probe")

    def client(self, service):
        environment = self.stator.environment()
        session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                                region_name="us-east-1")
        return session.client(service, endpoint_url=self.stator.url,
                              config=botocore.config.Config(retries={"max_attempts": 0}, read_timeout=60))

    def connect(self):
        self.functions = self.client("lambda")

    def invoke(self, event):
        answer = self.functions.invoke(FunctionName="probe", Payload=json.dumps(event))
        return json.load(answer["Payload"])

    def events_of(self, pattern):
        logs = self.client("logs")
        try:
            return logs.filter_log_events(logGroupName="/aws/lambda/probe", filterPattern=f'"{pattern}"')["events"]
        except logs.exceptions.ResourceNotFoundException:
            return []

    def in_the_middle(self, kill):
        """Kills while an invocation runs; what its caller got, an answer or an exception."""
        outcome = []

        def call():
            try:
                outcome.append(self.invoke({"try": "sleep"}))
            except Exception as error:  # the connection breaks in more than one way
                outcome.append(error)

        caller = threading.Thread(target=call)
        caller.start()
        # The line that begins an invocation: from there on the program has it.
        self.assertTrue(eventually(lambda: self.events_of("START RequestId")))
        kill()
        caller.join(timeout=60)
        self.assertFalse(caller.is_alive(), "the caller waits for ever")
        return outcome[0]


class SigkillOfTheServer(Faults):
    def test_nothing_is_left_and_the_next_start_serves(self):
        mounts = pathlib.Path("/proc/self/mountinfo").read_text()
        tree = {}

        def kill():
            tree.update(descendants(self.stator.process.pid))
            self.stator.kill()

        self.assertIsInstance(self.in_the_middle(kill), Exception)
        self.assertGreater(len(tree), 4, "server, launcher, preparer, init and program")
        self.assertTrue(eventually(lambda: not set(tree) & {pid for pid, (_, name) in processes().items()
                                                            if tree.get(pid) == name}), tree)
        launcher = next(pid for pid, name in tree.items() if name == "stator-launcher")
        self.assertTrue(eventually(lambda: not control_groups(launcher)), control_groups(launcher))
        self.assertEqual(pathlib.Path("/proc/self/mountinfo").read_text(), mounts)
        self.stator.start()
        self.connect()
        self.assertEqual(self.invoke({"try": "memory", "mb": 1}), {"value": 1 << 20})


class SigkillOfTheLauncher(Faults):
    def test_what_runs_fails_and_another_launcher_serves_what_comes(self):
        def launchers():
            return [pid for pid, name in descendants(self.stator.process.pid).items() if name == "stator-launcher"]

        first = launchers()
        self.assertEqual(len(first), 1)
        answer = self.in_the_middle(lambda: os.kill(first[0], signal.SIGKILL))
        self.assertEqual(answer.get("errorType"), "Runtime.ExitError", answer)
        self.assertEqual(self.invoke({"try": "memory", "mb": 1}), {"value": 1 << 20})
        self.assertEqual(len(launchers()), 1)
        self.assertNotEqual(launchers(), first)
        self.assertIn("another one is in place", self.stator.log_text())
        self.assertEqual(request(self.stator.url + "/_stator/health")[0], 200)


if __name__ == "__main__":
    unittest.main()
