"""HTTP APIs as Terraform drives them: apply, a plan that finds nothing to do, changes in place, destroy."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from stator import Stator

MIRROR = os.environ.get("STATOR_TERRAFORM_PLUGINS", "/opt/tf-plugins")
PROVIDER = pathlib.Path(MIRROR, "registry.terraform.io/hashicorp/aws")
MISSING = ("terraform is not installed" if shutil.which("terraform") is None else
           f"there is no aws provider for terraform in {MIRROR}" if not PROVIDER.is_dir() else None)

CONFIGURATION = """
variable "timeout" { default = 5000 }
variable "colour"  { default = "red" }
variable "burst"   { default = 1 }
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region = "us-east-1"
  skip_credentials_validation = true
  skip_metadata_api_check = true
  skip_requesting_account_id = true
  endpoints {
    apigatewayv2 = "@URL@"
    sts = "@URL@"
    iam = "@URL@"
  }
}
resource "aws_apigatewayv2_api" "a" {
  name = "tf"
  protocol_type = "HTTP"
  description = var.colour
  cors_configuration {
    allow_origins = ["https://page.example"]
    allow_headers = ["X-A", "content-type"]
    allow_methods = ["GET"]
    max_age = 10
  }
  tags = { colour = var.colour }
}
resource "aws_apigatewayv2_integration" "i" {
  api_id = aws_apigatewayv2_api.a.id
  integration_type = "AWS_PROXY"
  integration_uri = "arn:aws:lambda:us-east-1:000000000000:function:f"
  integration_method = "POST"
  payload_format_version = "2.0"
  timeout_milliseconds = var.timeout
  request_parameters = { "overwrite:header.x" = "$context.requestId" }
  response_parameters {
    status_code = 200
    mappings = { "overwrite:header.y" = "'1'" }
  }
}
resource "aws_apigatewayv2_integration" "h" {
  api_id = aws_apigatewayv2_api.a.id
  integration_type = "HTTP_PROXY"
  integration_uri = "https://example.com/{proxy}"
  integration_method = "ANY"
}
resource "aws_apigatewayv2_route" "r" {
  api_id = aws_apigatewayv2_api.a.id
  route_key = "GET /items"
  target = "integrations/${aws_apigatewayv2_integration.i.id}"
}
resource "aws_apigatewayv2_route" "p" {
  api_id = aws_apigatewayv2_api.a.id
  route_key = "ANY /{proxy+}"
  target = "integrations/${aws_apigatewayv2_integration.h.id}"
  authorization_type = "AWS_IAM"
}
resource "aws_apigatewayv2_stage" "s" {
  api_id = aws_apigatewayv2_api.a.id
  name = "$default"
  auto_deploy = true
  stage_variables = var.colour == "red" ? { a = "1", b = "red" } : { b = var.colour }
  default_route_settings {
    throttling_burst_limit = 10
    throttling_rate_limit = 20.5
  }
  route_settings {
    route_key = aws_apigatewayv2_route.r.route_key
    throttling_burst_limit = var.burst
    throttling_rate_limit = 2
    detailed_metrics_enabled = true
  }
  access_log_settings {
    destination_arn = "arn:aws:logs:us-east-1:000000000000:log-group:g"
    format = "$context.requestId $context.status"
  }
  tags = { colour = var.colour }
}
resource "aws_apigatewayv2_deployment" "d" {
  api_id = aws_apigatewayv2_api.a.id
  description = "by hand"
  depends_on = [aws_apigatewayv2_route.r]
}
resource "aws_apigatewayv2_stage" "m" {
  api_id = aws_apigatewayv2_api.a.id
  name = "manual"
  deployment_id = aws_apigatewayv2_deployment.d.id
}
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
        outcome = subprocess.run(["terraform", command, "-input=false", "-no-color", *arguments], cwd=self.directory,
                                 text=True, env=self.environment, capture_output=True, timeout=300)
        self.assertIn(outcome.returncode, expected, outcome.stdout + outcome.stderr)
        return outcome.stdout

    def test_a_plan_after_apply_is_empty_and_changes_are_made_in_place(self):
        for variables in [], ["-var=timeout=6000", "-var=colour=blue", "-var=burst=7"]:
            applied = self.terraform("apply", "-auto-approve", *variables)
            # 2 would say that something is left to do.
            self.terraform("plan", "-detailed-exitcode", *variables)
        self.assertIn("0 added, 3 changed, 0 destroyed", applied)
        self.terraform("destroy", "-auto-approve")


if __name__ == "__main__":
    unittest.main()
