"""CDK as it comes from npm: bootstrap, deploy of an HTTP API with a function and a table, diff, change, destroy."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import textwrap
import unittest

import boto3

from stator import Stator, request

PACKAGES = ("aws-cdk@2.1148.1", "aws-cdk-lib@2.276.0", "constructs@10.8.1")
CACHE = pathlib.Path(os.environ.get("STATOR_CDK_CACHE",
                                    pathlib.Path(tempfile.gettempdir(), "stator-cdk-2.1148.1")))
CDK = CACHE / "node_modules" / "aws-cdk" / "bin" / "cdk"

APP = """
const cdk = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');
const dynamodb = require('aws-cdk-lib/aws-dynamodb');
const gateway = require('aws-cdk-lib/aws-apigatewayv2');
const { HttpLambdaIntegration } = require('aws-cdk-lib/aws-apigatewayv2-integrations');

const app = new cdk.App();
const stack = new cdk.Stack(app, 'Items');
const table = new dynamodb.Table(stack, 'Table', {
  partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
  billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
  removalPolicy: cdk.RemovalPolicy.DESTROY,
});
const answer = new lambda.Function(stack, 'Answer', {
  runtime: lambda.Runtime.PROVIDED_AL2023,
  handler: 'bootstrap',
  code: lambda.Code.fromAsset('code'),
  memorySize: Number(process.env.MEMORY || 128),
  environment: { TABLE: table.tableName },
});
table.grantReadWriteData(answer);
const api = new gateway.HttpApi(stack, 'Api');
api.addRoutes({ path: '/items', methods: [gateway.HttpMethod.GET],
                integration: new HttpLambdaIntegration('Items', answer) });
new cdk.CfnOutput(stack, 'Url', { value: api.apiEndpoint });
new cdk.CfnOutput(stack, 'TableName', { value: table.tableName });
"""

BOOTSTRAP = """\
#!/usr/bin/env python3
import json, os, urllib.request
api = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
while True:
    with urllib.request.urlopen(api + "next") as event:
        request_id = event.headers["Lambda-Runtime-Aws-Request-Id"]
        event.read()
    body = json.dumps({"statusCode": 200, "body": json.dumps({
        "table": os.environ["TABLE"], "memory": os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]})}).encode()
    urllib.request.urlopen(urllib.request.Request(api + request_id + "/response", data=body))
"""


def missing():
    """Why CDK cannot be run, or None once it is installed."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            return program + " is not installed"
    if CDK.exists():
        return None
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE.parent, prefix="stator-cdk-") as made:
        command = ["npm", "install", "--prefix", made, "--no-audit", "--no-fund", "--ignore-scripts",
                   "--fetch-retries", "1", "--fetch-timeout", "20000", *PACKAGES]
        try:
            install = subprocess.run(command, capture_output=True, text=True, timeout=180)
        except subprocess.TimeoutExpired:
            return "CDK cannot be installed: npm is too slow"
        if install.returncode != 0:
            return "CDK cannot be installed: " + install.stderr.strip()[:200]
        # Whole or not at all: what was cut off is not taken for an installation.
        CACHE.mkdir(exist_ok=True)
        shutil.rmtree(CACHE / "node_modules", ignore_errors=True)
        os.rename(os.path.join(made, "node_modules"), CACHE / "node_modules")
    return None


class Cdk(unittest.TestCase):
    def setUp(self):
        reason = missing()
        if reason is not None:
            self.skipTest(reason)
        self.stator = Stator()
        self.addCleanup(self.stator.__exit__)
        self.stator.start_or_skip()
        self.environment = {**self.stator.environment(), **self.user()}
        self.app = tempfile.mkdtemp(prefix="stator-cdk-app-")
        self.addCleanup(shutil.rmtree, self.app, ignore_errors=True)
        os.makedirs(os.path.join(self.app, "code"))
        self.write("app.js", APP)
        self.write("cdk.json", '{"app": "node app.js"}')
        self.write("code/bootstrap", BOOTSTRAP)
        os.chmod(os.path.join(self.app, "code", "bootstrap"), 0o755)
        os.symlink(CACHE / "node_modules", os.path.join(self.app, "node_modules"))

    def user(self):
        """The keys of a new administrator: the account's root cannot assume CDK's roles."""
        root = self.stator.environment()
        iam = boto3.client("iam", endpoint_url=self.stator.url, region_name=root["AWS_REGION"],
                           aws_access_key_id=root["AWS_ACCESS_KEY_ID"],
                           aws_secret_access_key=root["AWS_SECRET_ACCESS_KEY"])
        iam.create_user(UserName="ann")
        iam.attach_user_policy(UserName="ann", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
        key = iam.create_access_key(UserName="ann")["AccessKey"]
        return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}

    def write(self, name, text):
        with open(os.path.join(self.app, name), "w", encoding="ascii") as file:
            file.write(textwrap.dedent(text))

    def cdk(self, *arguments, **variables):
        env = {**self.environment, "HOME": self.app, "CI": "true", **variables}
        run = subprocess.run(["node", str(CDK), *arguments, "--no-notices", "--no-version-reporting"], env=env,
                             cwd=self.app, capture_output=True, text=True, timeout=240)
        printed = run.stdout + run.stderr
        self.assertEqual(run.returncode, 0, printed + self.stator.log_text()[-2000:])
        self.assertNotIn("could not be used to assume", printed)
        return printed

    def answer(self, url):
        return request(self.stator.path_url(url) + "/items")[::2]

    def outputs(self, printed):
        return dict(line.split(" = ", 1) for line in printed.splitlines() if line.startswith("Items.") and " = " in line)

    def test_an_app_lives_its_life(self):
        self.cdk("bootstrap")
        # Once more: nothing to do, and the environment is still good.
        self.cdk("bootstrap")

        outputs = self.outputs(self.cdk("deploy", "--require-approval", "never"))
        url, table = outputs["Items.Url"], outputs["Items.TableName"]
        self.assertEqual(self.answer(url), (200, {"table": table, "memory": "128"}))

        self.assertIn("There were no differences", self.cdk("diff"))
        difference = self.cdk("diff", MEMORY="256")
        self.assertIn("MemorySize", difference)
        self.assertNotIn("AWS::DynamoDB::Table", difference)

        self.cdk("deploy", "--require-approval", "never", MEMORY="256")
        self.assertEqual(self.answer(url), (200, {"table": table, "memory": "256"}))
        self.assertIn("no changes", self.cdk("deploy", "--require-approval", "never", MEMORY="256"))

        self.cdk("destroy", "--force")
        self.assertEqual(self.answer(url)[0], 404)


if __name__ == "__main__":
    unittest.main()
