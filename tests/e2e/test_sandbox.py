"""A function tries to see and do what it may not: the host's files, processes and network, other
functions' files, more memory and processes than it may have. Each fails, and the server goes on.

Runs as whoever runs it and, when that is root, a second time as an ordinary user."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import unittest

from stator import package, Stator

try:
    import boto3
except ImportError:
    boto3 = None

BOOTSTRAP = (pathlib.Path(__file__).parent / "probe_bootstrap.py").read_bytes()
ORDINARY_USER = 12345


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class Sandbox(unittest.TestCase):
    wrapper = ()

    @classmethod
    def setUpClass(cls):
        cls.stator = Stator(wrapper=cls.wrapper)
        cls.addClassCleanup(cls.stator.__exit__)
        if cls.wrapper:
            os.chown(cls.stator.root, ORDINARY_USER, ORDINARY_USER)
        cls.stator.start_or_skip()
        environment = cls.stator.environment()
        session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                                region_name="us-east-1")
        cls.functions = session.client("lambda", endpoint_url=cls.stator.url)
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        role = session.client("iam", endpoint_url=cls.stator.url).create_role(
            RoleName="probe", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        for name in ("probe", "other"):
            cls.functions.create_function(FunctionName=name, Runtime="provided.al2023", Handler="bootstrap", Role=role,
                                          Code={"ZipFile": package({"bootstrap": BOOTSTRAP})}, Timeout=10, MemorySize=128)
            cls.functions.get_waiter("function_active_v2").wait(FunctionName=name)

    def invoke(self, event, function="probe"):
        """(answer, FunctionError or None)"""
        answer = self.functions.invoke(FunctionName=function, Payload=json.dumps(event))
        return json.load(answer["Payload"]), answer.get("FunctionError")

    def value(self, event, function="probe"):
        answer, error = self.invoke(event, function)
        self.assertIsNone(error, answer)
        self.assertIn("value", answer)
        return answer["value"]

    def refused(self, event, function="probe"):
        answer, error = self.invoke(event, function)
        self.assertIsNone(error, answer)
        self.assertIn("error", answer, f"{event} succeeded: {answer}")
        return answer["error"]

    def test_host_files_are_not_there(self):
        self.value({"try": "read", "path": "/var/task/bootstrap"})
        for path in ("/etc/shadow", "/root/.bashrc", "/home", self.stator.data + "/credentials",
                     "/proc/1/root/etc/shadow", "/proc/kcore", "/sys/kernel", "/run", "/var/lib/dpkg/status"):
            self.refused({"try": "read", "path": path})
        self.assertNotIn("root", self.value({"try": "listing", "path": "/"}))

    def test_nothing_but_tmp_can_be_written(self):
        self.assertEqual(self.value({"try": "write", "path": "/tmp/mine"}), 1)
        for path in ("/var/task/x", "/opt/x", "/usr/bin/x", "/etc/passwd", "/x", "/proc/sys/kernel/hostname", "/dev/x"):
            self.refused({"try": "write", "path": path})

    def test_tmp_is_bounded_and_private(self):
        self.value({"try": "write", "path": "/tmp/secret"})
        self.assertIn("secret", self.value({"try": "listing", "path": "/tmp"}))
        self.assertNotIn("secret", self.value({"try": "listing", "path": "/tmp"}, "other"))
        answer, error = self.invoke({"try": "write", "path": "/tmp/huge", "bytes": 600 << 20})
        self.assertTrue(error or "error" in answer, answer)

    def test_host_processes_are_not_there(self):
        seen = self.value({"try": "processes"})
        self.assertLessEqual(len(seen), 3, seen)
        self.assertFalse([process for process in seen if "stator" in process["name"]], seen)
        self.refused({"try": "kill", "pid": self.stator.process.pid})
        self.refused({"try": "ptrace"})

    def test_host_network_is_not_there(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.refused({"try": "connect", "host": "127.0.0.1", "port": listener.getsockname()[1]})
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("\0stator-e2e-abstract")
            listener.listen()
            self.refused({"try": "connect_abstract", "name": "stator-e2e-abstract"})
        self.refused({"try": "connect", "host": "10.0.0.1", "port": 80})
        self.refused({"try": "raw_socket"})
        # What stator itself listens on inside is there: the AWS endpoint.
        self.assertEqual(self.value({"try": "connect", "host": "127.0.0.1", "port": 4566}), "connected")

    def test_privileges_cannot_be_had(self):
        for attempt in ("mount", "unshare", "become_root"):
            self.refused({"try": attempt})

    def test_memory_is_bounded(self):
        answer, error = self.invoke({"try": "memory", "mb": 1024})
        self.assertTrue(error or "error" in answer, answer)
        self.assertEqual(self.value({"try": "memory", "mb": 1}), 1 << 20)

    def test_processes_are_bounded(self):
        answer, error = self.invoke({"try": "fork", "count": 5000})
        self.assertTrue(error or "error" in answer, answer)
        self.assertEqual(self.value({"try": "fork", "count": 2}), 2)

    def test_no_descriptor_of_the_server_leaks(self):
        for target in self.value({"try": "descriptors"}).values():
            self.assertRegex(target, r"^(/dev/null|pipe:|socket:|/proc/)")

    def test_no_environment_of_the_server_leaks(self):
        seen = self.value({"try": "environment"})
        self.assertFalse({"HOME", "USER", "STATOR_BUILD", "PWD"} & set(seen), seen)
        self.assertEqual(seen["AWS_LAMBDA_FUNCTION_NAME"], "probe")
        self.assertTrue(seen["AWS_ACCESS_KEY_ID"].startswith("ASIA"))

    def test_a_crash_fails_only_its_own_request(self):
        answer, error = self.invoke({"try": "crash"})
        self.assertEqual(error, "Unhandled")
        self.assertEqual(answer["errorType"], "Runtime.ExitError")
        self.assertEqual(self.value({"try": "memory", "mb": 1}), 1 << 20)

    def test_a_function_that_hangs_dies_at_its_timeout(self):
        self.functions.update_function_configuration(FunctionName="other", Timeout=1)
        answer, error = self.invoke({"try": "sleep"}, "other")
        self.assertEqual(error, "Unhandled")
        self.assertIn("Task timed out after 1.00 seconds", answer["errorMessage"])
        self.assertEqual(self.value({"try": "memory", "mb": 1}, "other"), 1 << 20)


@unittest.skipIf(os.geteuid() != 0 or shutil.which("setpriv") is None, "not root, so the first run was this one")
class SandboxAsOrdinaryUser(Sandbox):
    wrapper = ("setpriv", f"--reuid={ORDINARY_USER}", f"--regid={ORDINARY_USER}", "--clear-groups", "--no-new-privs")

    def test_the_mode_is_a_user_namespace(self):
        self.assertIn("sandbox user namespace", self.stator.modes)
        owner = subprocess.run(["stat", "-c", "%u", self.stator.data], capture_output=True, text=True, check=True)
        self.assertEqual(owner.stdout.strip(), str(ORDINARY_USER))


if __name__ == "__main__":
    unittest.main()
