"""What functions reach beside stator: by `serve --network`, and by the tag stator:network."""

import json
import shutil
import socket
import unittest

from stator import package, request, Stator
from test_faults import BOOTSTRAP, boto3

NEEDS_SLIRP = unittest.skipIf(shutil.which("slirp4netns") is None, "slirp4netns is not installed")


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class Network(unittest.TestCase):
    def serve(self, *flags):
        stator = Stator(*flags)
        self.addCleanup(stator.__exit__)
        stator.start()
        environment = stator.environment()
        session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                                region_name="us-east-1")
        self.functions = session.client("lambda", endpoint_url=stator.url)
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        self.role = session.client("iam", endpoint_url=stator.url).create_role(
            RoleName="probe", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        return stator

    def create(self, name, **further):
        self.functions.create_function(FunctionName=name, Runtime="provided.al2023", Handler="bootstrap",
                                       Role=self.role, Code={"ZipFile": package({"bootstrap": BOOTSTRAP})}, Timeout=10, **further)
        self.functions.get_waiter("function_active_v2").wait(FunctionName=name)

    def reaches_the_host(self, name):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            event = {"try": "connect", "host": "127.0.0.1", "port": listener.getsockname()[1]}
            answer = self.functions.invoke(FunctionName=name, Payload=json.dumps(event))
            self.assertNotIn("FunctionError", answer)
            return json.load(answer["Payload"]).get("value") == "connected"

    def test_none_is_the_default_and_a_tag_chooses_another(self):
        stator = self.serve()
        self.assertIn("network none", stator.modes)
        self.assertEqual(request(stator.url + "/_stator/health")[2]["network"], "none")
        self.create("f")
        self.assertFalse(self.reaches_the_host("f"))
        arn = self.functions.get_function(FunctionName="f")["Configuration"]["FunctionArn"]
        self.functions.tag_resource(Resource=arn, Tags={"stator:network": "host"})
        self.assertTrue(self.reaches_the_host("f"))
        self.functions.untag_resource(Resource=arn, TagKeys=["stator:network"])
        self.assertFalse(self.reaches_the_host("f"))

    def test_a_tag_that_names_no_network_is_refused(self):
        self.serve()
        for create in (lambda: self.create("g", Tags={"stator:network": "lan"}),):
            with self.assertRaises(self.functions.exceptions.InvalidParameterValueException) as refused:
                create()
            self.assertIn("none, internet or host", str(refused.exception))

    def test_host_is_said_at_the_start_and_a_tag_takes_it_away(self):
        stator = self.serve("--network", "host")
        self.assertIn("network host", stator.modes)
        self.assertIn("--network host", stator.log_text())
        self.create("open")
        self.create("closed", Tags={"stator:network": "none"})
        self.assertTrue(self.reaches_the_host("open"))
        self.assertFalse(self.reaches_the_host("closed"))

    @NEEDS_SLIRP
    def test_internet_leaves_the_host_out(self):
        stator = self.serve("--network", "internet")
        self.assertIn("network internet", stator.modes)
        self.create("online")
        self.assertFalse(self.reaches_the_host("online"))
        event = {"try": "read", "path": "/etc/resolv.conf"}
        answer = json.load(self.functions.invoke(FunctionName="online", Payload=json.dumps(event))["Payload"])
        self.assertEqual(answer, {"value": "nameserver 10.0.2.3\n"})
        # Its own stator is there as ever.
        event = {"try": "connect", "host": "127.0.0.1", "port": 4566}
        answer = json.load(self.functions.invoke(FunctionName="online", Payload=json.dumps(event))["Payload"])
        self.assertEqual(answer, {"value": "connected"})

    def test_internet_that_cannot_be_had_is_refused_at_the_start(self):
        stator = Stator("--network", "internet", wrapper=("env", "PATH=/nonexistent"))
        self.addCleanup(stator.__exit__)
        with self.assertRaisesRegex(AssertionError, "apt-get install slirp4netns"):
            stator.start()


if __name__ == "__main__":
    unittest.main()
