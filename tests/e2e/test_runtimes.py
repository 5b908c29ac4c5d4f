"""Functions in runtimes that know nothing of stator: the AWS documentation's Python and Node.js examples as they stand
there, a bootstrap written from the Runtime API's page in shell and curl, layers, errors, logs, SDKs and stacks."""

import base64
import io
import json
import os
import shutil
import unittest
import zipfile

from stator import Stator

try:
    import boto3
except ImportError:
    boto3 = None

HAS_NODE = shutil.which("node") or shutil.which("nodejs")

# https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
PYTHON_NAMING = """
def lambda_handler(event, context):
    message = 'Hello {} {}!'.format(event['first_name'], event['last_name'])
    return {
        'message' : message
    }
"""

# https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
PYTHON_CONTEXT = """
import time

def lambda_handler(event, context):
    print("Lambda function ARN:", context.invoked_function_arn)
    print("CloudWatch log stream name:", context.log_stream_name)
    print("CloudWatch log group name:",  context.log_group_name)
    print("Lambda Request ID:", context.aws_request_id)
    print("Lambda function memory limits in MB:", context.memory_limit_in_mb)
    # We have added a 1 second delay so you can see the time remaining in get_remaining_time_in_millis.
    time.sleep(1)
    print("Lambda time remaining in MS:", context.get_remaining_time_in_millis())
"""

# https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
PYTHON_LOGGING = """
import os
import logging
logger = logging.getLogger()
logger.setLevel("INFO")

def lambda_handler(event, context):
    logger.info('## ENVIRONMENT VARIABLES')
    logger.info(os.environ['AWS_LAMBDA_LOG_GROUP_NAME'])
    logger.info('## EVENT')
    logger.info(event)
"""

# https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
NODE_ESM = """
export const handler = async (event, context) => {
  console.log("EVENT: \\n" + JSON.stringify(event, null, 2));
  return context.logStreamName;
};
"""

# https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
NODE_CALLBACK = """
const https = require('https')
let url = "https://aws.amazon.com/"

exports.handler = function(event, context, callback) {
   let res = ''
   callback(null, event.key1)
}
"""

# Written from https://docs.aws.amazon.com/lambda/latest/dg/runtimes-walkthrough.html
SHELL = """#!/bin/sh
set -eu
while true
do
  HEADERS="$(mktemp)"
  EVENT_DATA=$(curl -sS -LD "$HEADERS" "http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/next")
  REQUEST_ID=$(grep -Fi Lambda-Runtime-Aws-Request-Id "$HEADERS" | tr -d '[:space:]' | cut -d: -f2)
  RESPONSE="{\\"echo\\": $EVENT_DATA}"
  curl -sS "http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/$REQUEST_ID/response" -d "$RESPONSE"
done
"""

TABLE_CLIENT = """
import boto3
table = boto3.resource('dynamodb').Table('notes')

def handler(event, context):
    table.put_item(Item={'id': 'a', 'n': 7})
    found = table.get_item(Key={'id': 'a'})['Item']
    try:
        boto3.client('dynamodb').delete_table(TableName='notes')
    except Exception as error:
        return {'item': found, 'denied': type(error).__name__}
"""

TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.12, Timeout: 20}
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Packed:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: packed
      CodeUri: code/
      Handler: src/app.handler
  Inline:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: inline
      Handler: index.handler
      InlineCode: |
        def handler(event, context):
            return 'inline'
"""


def package(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (0o100755 if name in ("bootstrap", "wrapper") else 0o100644) << 16
            archive.writestr(entry, text)
    return packed.getvalue()


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class Runtimes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator()
        cls.addClassCleanup(cls.stator.__exit__)
        cls.stator.start()
        environment = cls.stator.environment()
        cls.session = boto3.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                                    region_name="us-east-1")
        cls.functions = cls.client("lambda")
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        cls.role = cls.client("iam").create_role(
            RoleName="runs", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]

    @classmethod
    def client(cls, service):
        return cls.session.client(service, endpoint_url=cls.stator.url)

    def create(self, name, runtime, handler, files, **members):
        self.functions.create_function(FunctionName=name, Runtime=runtime, Handler=handler, Role=self.role,
                                       Code={"ZipFile": package(files)}, **{"Timeout": 20, **members})
        self.functions.get_waiter("function_active_v2").wait(FunctionName=name)

    def invoke(self, name, event=None):
        """(answer, FunctionError or None, the log's tail)"""
        answer = self.functions.invoke(FunctionName=name, Payload=json.dumps(event), LogType="Tail")
        return (json.load(answer["Payload"]), answer.get("FunctionError"),
                base64.b64decode(answer["LogResult"]).decode())

    def test_python_documentation_examples(self):
        self.create("naming", "python3.12", "lambda_function.lambda_handler", {"lambda_function.py": PYTHON_NAMING})
        answer, error, _ = self.invoke("naming", {"first_name": "Ada", "last_name": "Lovelace"})
        self.assertEqual((answer, error), ({"message": "Hello Ada Lovelace!"}, None))

        self.create("context", "python3.12", "lambda_function.lambda_handler", {"lambda_function.py": PYTHON_CONTEXT})
        answer, error, log = self.invoke("context")
        self.assertEqual((answer, error), (None, None))
        self.assertIn("Lambda function ARN: arn:aws:lambda:us-east-1:000000000000:function:context\n", log)
        self.assertIn("CloudWatch log group name: /aws/lambda/context\n", log)
        self.assertRegex(log, r"Lambda time remaining in MS: 1[89]\d\d\d\n")

        self.create("logging", "python3.12", "lambda_function.lambda_handler", {"lambda_function.py": PYTHON_LOGGING})
        _, _, log = self.invoke("logging", {"k": "v"})
        self.assertRegex(log, r"\[INFO\]\t\d{4}-\S+Z\t[0-9a-f-]{36}\t## ENVIRONMENT VARIABLES\n")
        self.assertIn("\t{'k': 'v'}\n", log)

    def test_python_errors(self):
        source = "def boom():\n    raise KeyError('lost')\n\ndef handler(event, context):\n    boom()\n"
        self.create("raises", "python3.12", "app.handler", {"app.py": source})
        answer, error, log = self.invoke("raises")
        self.assertEqual((error, answer["errorType"], answer["errorMessage"]), ("Unhandled", "KeyError", "'lost'"))
        self.assertTrue(answer["stackTrace"][0].startswith('  File "/var/task/app.py", line 5, in handler\n'), answer)
        self.assertRegex(log, r"\[ERROR\] KeyError: 'lost'\nTraceback \(most recent call last\):\n\u00a0\u00a0File")

        self.create("unimportable", "python3.12", "absent.handler", {"app.py": source})
        answer, error, _ = self.invoke("unimportable")
        self.assertEqual((error, answer["errorType"]), ("Unhandled", "Runtime.ImportModuleError"))
        self.assertEqual(answer["errorMessage"], "Unable to import module 'absent': No module named 'absent'")

        self.create("exits", "python3.12", "app.handler", {"app.py": "import sys\ndef handler(e, c):\n    sys.exit(3)\n"})
        answer, error, _ = self.invoke("exits")
        self.assertEqual((error, answer["errorType"]), ("Unhandled", "Runtime.ExitError"))
        self.assertIn("exit status 3", answer["errorMessage"])

        self.create("sleeps", "python3.12", "app.handler",
                    {"app.py": "import time\ndef handler(e, c):\n    time.sleep(60)\n"}, Timeout=1)
        answer, error, _ = self.invoke("sleeps")
        self.assertIn("Task timed out after 1.00 seconds", answer["errorMessage"])

    def test_python_layer_and_wrapper(self):
        wrapper = '#!/bin/sh\nexport WRAPPED="$#"\nexec "$@"\n'
        layer = self.functions.publish_layer_version(LayerName="shared", CompatibleRuntimes=["python3.12"], Content={
            "ZipFile": package({"python/shared.py": "where = __file__\n", "wrapper": wrapper})})["LayerVersionArn"]
        source = ("import os, sys, shared\ndef handler(event, context):\n"
                  "    return [shared.where, os.environ.get('WRAPPED'), os.environ['AWS_EXECUTION_ENV'], os.getcwd()]\n")
        self.create("layered", "python3.12", "app.handler", {"app.py": source}, Layers=[layer],
                    Environment={"Variables": {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/wrapper"}})
        answer, error, _ = self.invoke("layered")
        self.assertEqual((answer, error), (["/opt/python/shared.py", "3", "AWS_Lambda_python3.12", "/var/task"], None))

    def test_boto3_reaches_this_stator_as_the_functions_role(self):
        database, iam = self.client("dynamodb"), self.client("iam")
        database.create_table(TableName="notes", BillingMode="PAY_PER_REQUEST",
                              AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                              KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
        iam.put_role_policy(RoleName="runs", PolicyName="items", PolicyDocument=json.dumps({
            "Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": ["dynamodb:PutItem", "dynamodb:GetItem"], "Resource": "*"}]}))
        # Where these are different interpreters, their boto3s are often of different ages.
        for runtime in ("python3.10", "python3.11"):
            name = runtime.replace(".", "-")
            self.create(name, runtime, "app.handler", {"app.py": TABLE_CLIENT}, MemorySize=512)
            answer, error, _ = self.invoke(name)
            self.assertEqual((answer, error), ({"item": {"id": "a", "n": 7}, "denied": "ClientError"}, None))
        self.assertEqual(database.get_item(TableName="notes", Key={"id": {"S": "a"}})["Item"]["n"], {"N": "7"})

    @unittest.skipUnless(HAS_NODE, "there is no Node.js on this machine")
    def test_node_documentation_examples(self):
        self.create("esm", "nodejs20.x", "index.handler", {"index.mjs": NODE_ESM})
        answer, error, log = self.invoke("esm", {"k": "v"})
        self.assertIsNone(error)
        self.assertRegex(answer, r"^\d{4}/\d\d/\d\d/.*\[\$LATEST\]")
        self.assertRegex(log, r'\d{4}-\S+Z\t[0-9a-f-]{36}\tINFO\tEVENT: \n\{\n  "k": "v"\n\}\n')

        self.create("callback", "nodejs20.x", "index.handler", {"index.js": NODE_CALLBACK})
        self.assertEqual(self.invoke("callback", {"key1": "one"})[:2], ("one", None))

        self.create("throws", "nodejs20.x", "index.handler",
                    {"index.js": "exports.handler = async () => { throw new TypeError('bad'); };"})
        answer, error, log = self.invoke("throws")
        self.assertEqual((error, answer["errorType"], answer["errorMessage"]), ("Unhandled", "TypeError", "bad"))
        self.assertIn("/var/task/index.js:1:", answer["trace"][1])
        self.assertIn("\tERROR\tInvoke Error \t{", log)

    @unittest.skipUnless(HAS_NODE, "there is no Node.js on this machine")
    def test_node_layer(self):
        layer = self.functions.publish_layer_version(LayerName="packages", Content={"ZipFile": package(
            {"nodejs/node_modules/shared/index.js": "exports.where = __filename;"})})["LayerVersionArn"]
        for name, file, source in (
                ("cjs", "index.js", "const { where } = require('shared'); exports.handler = async () => where;"),
                ("mjs", "index.mjs", "import { where } from 'shared'; export const handler = async () => where;")):
            self.create("layer-" + name, "nodejs20.x", "index.handler", {file: source}, Layers=[layer])
            self.assertEqual(self.invoke("layer-" + name)[:2], ("/opt/nodejs/node_modules/shared/index.js", None))

    @unittest.skipUnless(shutil.which("curl"), "curl is not installed")
    def test_a_bootstrap_in_shell_and_curl(self):
        self.create("shell", "provided.al2023", "function.handler", {"bootstrap": SHELL})
        self.assertEqual(self.invoke("shell", {"text": "Hello"})[:2], ({"echo": {"text": "Hello"}}, None))

    def test_identifiers_are_checked(self):
        for runtime, words in (("python3.7", "no longer supported"), ("python3.99", "Member must satisfy enum value set"),
                               ("java21", "not supported by stator")):
            with self.assertRaisesRegex(self.functions.exceptions.InvalidParameterValueException, words):
                self.create("never", runtime, "a.b", {"a.py": ""})

    def test_a_stack_of_python_functions(self):
        root = os.path.join(self.stator.root, "stack")
        os.makedirs(os.path.join(root, "code", "src"))
        with open(os.path.join(root, "code", "src", "app.py"), "w", encoding="utf-8") as file:
            file.write("def handler(event, context):\n    return ['packed', event]\n")
        template = os.path.join(root, "template.yaml")
        with open(template, "w", encoding="utf-8") as file:
            file.write(TEMPLATE)
        self.stator.cli("deploy", template, "--stack", "python")
        self.assertEqual(self.invoke("packed", 5)[:2], (["packed", 5], None))
        self.assertEqual(self.invoke("inline")[:2], ("inline", None))


if __name__ == "__main__":
    unittest.main()
