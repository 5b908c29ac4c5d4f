"""IAM as Terraform drives it: apply, a plan that finds nothing to do, changes in place, destroy."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from stator import Stator

MIRROR = os.environ.get("STATOR_TERRAFORM_PLUGINS", "/opt/tf-plugins")
PROVIDER = pathlib.Path(MIRROR, "registry.terraform.io/hashicorp/aws")
MISSING = ("terraform is not installed" if shutil.which("terraform") is None else
           f"there is no aws provider for terraform in {MIRROR}" if not PROVIDER.is_dir() else None)

CONFIGURATION = """
variable "team"  { default = "red" }
variable "limit" { default = true }

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region                      = "us-east-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = false
  endpoints {
    iam = "@URL@"
    sts = "@URL@"
  }
}

data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["dynamodb:GetItem"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalTag/team"
      values   = [var.team]
    }
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy" "basic" { name = "AWSLambdaBasicExecutionRole" }

resource "aws_iam_policy" "read" {
  name        = "read"
  path        = "/team/"
  description = "reads items"
  policy      = data.aws_iam_policy_document.read.json
  tags        = { team = var.team, Team = "kept apart" }
}

resource "aws_iam_role" "app" {
  name                 = "app"
  path                 = "/team/"
  description          = "of ${var.team}"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 7200
  permissions_boundary = var.limit ? aws_iam_policy.read.arn : null
  tags                 = { team = var.team }
}

resource "aws_iam_role_policy" "inline" {
  name   = "inline"
  role   = aws_iam_role.app.id
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_role_policy_attachment" "basic" {
  role       = aws_iam_role.app.name
  policy_arn = data.aws_iam_policy.basic.arn
}

resource "aws_iam_instance_profile" "web" {
  name = "web"
  role = aws_iam_role.app.name
  tags = { team = var.team }
}

# The provider tags a renamed user before it renames it, so these tags stay.
resource "aws_iam_user" "ann" {
  name                 = "ann-${var.team}"
  path                 = "/people/"
  permissions_boundary = aws_iam_policy.read.arn
  tags                 = { team = "any" }
  force_destroy        = true
}

resource "aws_iam_access_key" "ann" { user = aws_iam_user.ann.name }

resource "aws_iam_user_policy" "inline" {
  name   = "inline"
  user   = aws_iam_user.ann.name
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_group" "devs" {
  name = "devs-${var.team}"
  path = "/people/"
}

resource "aws_iam_group_policy" "inline" {
  name   = "inline"
  group  = aws_iam_group.devs.name
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_group_policy_attachment" "read" {
  group      = aws_iam_group.devs.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_group_membership" "devs" {
  name  = "devs"
  group = aws_iam_group.devs.name
  users = [aws_iam_user.ann.name]
}

resource "aws_iam_account_alias" "alias" { account_alias = "acme" }
"""


@unittest.skipIf(MISSING, MISSING)
class Terraform(unittest.TestCase):
    def setUp(self):
        self.stator = Stator().start()
        self.addCleanup(self.stator.__exit__)
        self.directory = tempfile.mkdtemp(prefix="stator-terraform-")
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        pathlib.Path(self.directory, "main.tf").write_text(CONFIGURATION.replace("@URL@", self.stator.url))
        settings = pathlib.Path(self.directory, "terraform.rc")
        settings.write_text(f'provider_installation {{ filesystem_mirror {{ path = "{MIRROR}" }} }}\n')
        self.environment = {**self.stator.environment(), "TF_CLI_CONFIG_FILE": str(settings), "TF_IN_AUTOMATION": "1",
                            "CHECKPOINT_DISABLE": "1", "HOME": self.directory}
        self.terraform("init")

    def terraform(self, command, *arguments, expected=(0,)):
        flags = [] if command == "show" else ["-input=false", "-no-color"]
        outcome = subprocess.run(["terraform", command, *flags, *arguments], cwd=self.directory, text=True,
                                 env=self.environment, capture_output=True, timeout=300)
        self.assertIn(outcome.returncode, expected, outcome.stdout + outcome.stderr)
        return outcome

    def apply(self, *variables):
        settings = [f"-var={variable}" for variable in variables]
        self.terraform("apply", "-auto-approve", *settings)
        # 2 would say that something is left to do.
        self.terraform("plan", "-detailed-exitcode", *settings)

    def test_a_plan_after_apply_is_empty_and_destroy_leaves_nothing(self):
        self.apply()
        self.apply("team=blue", "limit=false")
        state = json.loads(self.terraform("show", "-json").stdout)
        found = {r["type"]: r["values"] for r in state["values"]["root_module"]["resources"]}
        self.assertRegex(found["aws_iam_role"]["arn"], r"^arn:aws:iam::\d{12}:role/team/app$")
        self.assertEqual(found["aws_iam_user"]["name"], "ann-blue")
        self.terraform("destroy", "-auto-approve", "-var=team=blue")


if __name__ == "__main__":
    if MISSING:
        print("skipped: " + MISSING)
        sys.exit(0)
    unittest.main()
