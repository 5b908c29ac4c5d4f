"""Buckets, objects, parameters and repositories as Terraform drives them: apply, an empty plan, changes, destroy."""

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
variable "word" { default = "one" }

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region                      = "us-east-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  s3_use_path_style           = true
  endpoints {
    ecr = "@URL@"
    iam = "@URL@"
    s3  = "@URL@"
    ssm = "@URL@"
    sts = "@URL@"
  }
}

resource "aws_s3_bucket" "files" {
  bucket        = "files"
  force_destroy = true
  tags          = { word = var.word }
}

resource "aws_s3_bucket_versioning" "files" {
  bucket = aws_s3_bucket.files.id
  versioning_configuration { status = "Enabled" }
}

resource "aws_s3_bucket_public_access_block" "files" {
  bucket                  = aws_s3_bucket.files.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "files" {
  bucket = aws_s3_bucket.files.id
  rule { object_ownership = "BucketOwnerEnforced" }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "files" {
  bucket = aws_s3_bucket.files.id
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "files" {
  depends_on = [aws_s3_bucket_versioning.files]
  bucket     = aws_s3_bucket.files.id
  rule {
    id     = "old"
    status = "Enabled"
    filter { prefix = "" }
    noncurrent_version_expiration { noncurrent_days = 30 }
  }
}

resource "aws_s3_object" "file" {
  depends_on = [aws_s3_bucket_versioning.files]
  bucket     = aws_s3_bucket.files.id
  key        = "dir/file"
  content    = "the word is ${var.word}"
  tags       = { word = var.word }
}

resource "aws_ssm_parameter" "plain" {
  name        = "/app/word"
  type        = "String"
  value       = var.word
  description = "the word ${var.word}"
  tags        = { word = var.word }
}

resource "aws_ssm_parameter" "secret" {
  name  = "/app/secret"
  type  = "SecureString"
  value = "secret ${var.word}"
}

resource "aws_ecr_repository" "images" {
  name                 = "team/images"
  image_tag_mutability = var.word == "one" ? "MUTABLE" : "IMMUTABLE"
  tags                 = { word = var.word }
}

resource "aws_ecr_lifecycle_policy" "images" {
  repository = aws_ecr_repository.images.name
  policy = jsonencode({ rules = [{
    rulePriority = 1
    selection    = { tagStatus = "untagged", countType = "imageCountMoreThan", countNumber = 5 }
    action       = { type = "expire" }
  }] })
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
                                 text=True, env=self.environment, capture_output=True, timeout=600)
        self.assertIn(outcome.returncode, expected, outcome.stdout + outcome.stderr)
        return outcome

    def apply(self, *variables):
        settings = [f"-var={variable}" for variable in variables]
        self.terraform("apply", "-auto-approve", *settings)
        # 2 would say that something is left to do.
        self.terraform("plan", "-detailed-exitcode", *settings)

    def test_a_plan_after_apply_is_empty_and_destroy_leaves_nothing(self):
        self.apply()
        planned = self.terraform("plan", "-var=word=two").stdout
        self.assertIn("to change, 0 to destroy", planned)
        self.apply("word=two")
        self.terraform("destroy", "-auto-approve", "-var=word=two")
        self.apply("word=two")
        self.terraform("destroy", "-auto-approve", "-var=word=two")


if __name__ == "__main__":
    unittest.main()
