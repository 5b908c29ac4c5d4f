"""Black-box tests of the DynamoDB API, one file an operation: `conformance.py [--url URL | --aws] [NAME...]`.

Every test's docstring names the AWS rule that it checks. The same tests run against any endpoint: AWS itself
(--aws: the credentials and region of the environment), another implementation (--url, or STATOR_CONFORMANCE_URL)
or, when nothing is said, a stator of their own. NAME is a file's operation: put_item, query.
"""

import atexit
import http.client
import json
import os
import pathlib
import sys
import time
import unittest
import urllib.parse
import uuid

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]
if __name__ == "__main__":
    sys.modules["conformance"] = sys.modules["__main__"]

from stator import Stator  # noqa: E402

try:
    import boto3
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.config import Config
    from botocore.exceptions import ClientError  # noqa: F401
except ImportError:
    boto3 = None

VALIDATION = "com.amazon.coral.validate#ValidationException"
MODELLED = "com.amazonaws.dynamodb.v20120810#"
SERIALIZATION = "com.amazon.coral.service#SerializationException"


class Service:
    """The endpoint under test, and one connection to it."""

    def __init__(self):
        url = os.environ.get("STATOR_CONFORMANCE_URL")
        keys, self.stator = ("local", "local"), None
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
        if url == "aws":
            self.session = boto3.Session(region_name=region)
            url = f"https://dynamodb.{region}.amazonaws.com"
        else:
            if not url:
                self.stator = Stator().start()
                atexit.register(self.stator.__exit__)
                url, region = self.stator.url, "us-east-1"
                environment = self.stator.environment()
                keys = environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]
            self.session = boto3.Session(*keys, region_name=region)
        self.url, self.region = url.rstrip("/"), region
        self.client = self.make_client("dynamodb")
        self.tables = {}
        self.prefix = "conformance-" + uuid.uuid4().hex[:8]
        self._connection = None
        atexit.register(self.drop_tables)

    def make_client(self, service):
        return self.session.client(service, endpoint_url=self.url, config=Config(
            parameter_validation=False, retries={"max_attempts": 0}))

    def send(self, operation, body, **headers):
        """(status, decoded answer) of a signed request whose body is sent as it is."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        target = "DynamoDBStreams_20120810" if operation in STREAMS else "DynamoDB_20120810"
        signed = AWSRequest("POST", self.url + "/", data=data, headers={
            "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"{target}.{operation}", **headers})
        SigV4Auth(self.session.get_credentials(), "dynamodb", self.region).add_auth(signed)
        address = urllib.parse.urlsplit(self.url)
        for attempt in (1, 2):
            if self._connection is None:
                kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
                self._connection = kind(address.netloc, timeout=60)
            try:
                self._connection.request("POST", "/", data, dict(signed.headers))
                answer = self._connection.getresponse()
                text = answer.read()
                break
            except (http.client.HTTPException, ConnectionError):
                self._connection.close()
                self._connection = None
                if attempt == 2:
                    raise
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, text.decode("utf-8", "replace")

    def make_table(self, name, **definition):
        self.client.create_table(TableName=name, **definition)
        self.client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 0.2 if self.stator else 2})
        return name

    def shared_table(self, kind):
        """A table that all tests of a run share; each takes keys of its own. Kinds: see SCHEMAS."""
        if kind not in self.tables:
            self.tables[kind] = self.make_table(f"{self.prefix}-{kind}", **schema(**SCHEMAS[kind]))
        return self.tables[kind]

    def drop_tables(self):
        """Leaves nothing behind on an endpoint that is not ours."""
        if self.stator is not None:
            return
        for name in self.client.get_paginator("list_tables").paginate().search("TableNames[]"):
            if name.startswith(self.prefix):
                try:
                    self.client.delete_table(TableName=name)
                except ClientError as error:
                    print(f"{name} is left behind: {error}", file=sys.stderr)


STREAMS = {"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"}

# The kinds of shared tables: types of the partition key `id` and the sort key `sk`.
SCHEMAS = {"hash": {"id": "S"}, "range": {"id": "S", "sk": "S"}, "number": {"id": "S", "sk": "N"},
           "binary": {"id": "B", "sk": "B"}}


def schema(**types):
    """CreateTable's arguments for key attributes, the partition key first."""
    return {"BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in zip(types, ("HASH", "RANGE"))],
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()]}


_service = None


def service():
    global _service
    if _service is None:
        _service = Service()
    return _service


def violations(*texts):
    """The message of broken constraints: ("'x' at 'limit'", "Member must ...") pairs or whole texts."""
    listed = [text if isinstance(text, str) else f"Value {text[0]} failed to satisfy constraint: {text[1]}"
              for text in texts]
    count = f"{len(listed)} validation error{'s' if len(listed) > 1 else ''} detected: "
    return count + "; ".join(listed)


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class Conformance(unittest.TestCase):
    """What tests of one operation share. `operation` names it."""

    operation = ""
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.service = service()
        cls.dynamodb = cls.service.client

    def setUp(self):
        self.key = uuid.uuid4().hex

    def table(self, kind="hash"):
        return self.service.shared_table(kind)

    def own_table(self, **definition):
        """A table of this test's own, deleted after it."""
        name = f"{self.service.prefix}-{uuid.uuid4().hex[:8]}"
        self.service.make_table(name, **(definition or schema(id="S")))
        self.addCleanup(lambda: self.service.send("DeleteTable", {"TableName": name}))
        return name

    def ok(self, body, operation=None):
        status, answer = self.service.send(operation or self.operation, body)
        self.assertEqual(status, 200, answer)
        return answer

    def refused(self, body, message, kind=VALIDATION, operation=None):
        """The request fails with exactly this message (or one that matches a compiled pattern)."""
        status, answer = self.service.send(operation or self.operation, body)
        self.assertEqual(status, 400, answer)
        self.assertEqual(answer.get("__type", "").rpartition("#")[2], kind.rpartition("#")[2], answer)
        self.assertEqual(answer["__type"], self.type_prefix(kind), answer)
        text = answer.get("message", answer.get("Message"))
        if hasattr(message, "search"):
            self.assertRegex(text, message)
        else:
            self.assertEqual(text, message)
        return answer

    @staticmethod
    def type_prefix(kind):
        return kind if "#" in kind else MODELLED + kind

    def all_refused(self, cases, kind=VALIDATION, base=None):
        """Each of (members, message) added to `base`; a member that is None is taken away."""
        for members, message in cases:
            merged = {**(base or {}), **members}
            with self.subTest(message=str(message)[:120]):
                self.refused({k: v for k, v in merged.items() if v is not None}, message, kind)

    def put(self, table, **item):
        self.ok({"TableName": table, "Item": item}, "PutItem")
        return item

    def stored(self, table, **key):
        return self.ok({"TableName": table, "Key": key, "ConsistentRead": True}, "GetItem").get("Item")

    def eventually(self, condition, seconds=30):
        """Waits for what the service does in its own time."""
        end = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), end, "it did not happen in time")
            time.sleep(0.05 if self.service.stator else 1)


def main(arguments):
    names = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--url":
            os.environ["STATOR_CONFORMANCE_URL"] = next(rest)
        elif argument == "--aws":
            os.environ["STATOR_CONFORMANCE_URL"] = "aws"
        else:
            names.append(argument)
    suite = unittest.TestSuite()
    for name in names or ["*"]:
        suite.addTests(unittest.TestLoader().discover(str(HERE), pattern=f"test_{name}.py"))
    outcome = unittest.TextTestRunner(verbosity=1).run(suite)
    return 0 if outcome.wasSuccessful() and suite.countTestCases() > 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
