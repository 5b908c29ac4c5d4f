"""S3 as boto3 and the AWS CLI use it: large objects in parts, copies, versions, presigned URLs, both styles of address."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

from stator import Stator

try:
    import boto3
    import botocore.config
    import botocore.exceptions
except ImportError:
    boto3 = None

AWS = shutil.which("aws", path="/usr/bin:/usr/local/bin") or shutil.which("aws")
MEGABYTE = 1 << 20


def s3_client(stator, **config):
    environment = stator.environment()
    return boto3.client("s3", endpoint_url=stator.url, region_name="us-east-1",
                        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
                        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
                        config=botocore.config.Config(signature_version="s3v4", **config))


def bytes_of(size):
    """Bytes that differ from place to place."""
    block = b"".join(hashlib.sha256(str(number).encode()).digest() for number in range(1024))
    return (block * (size // len(block) + 1))[:size]


@unittest.skipIf(boto3 is None, "boto3 is not installed")
class Objects(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator().start()
        cls.addClassCleanup(cls.stator.__exit__)
        cls.s3 = s3_client(cls.stator)
        cls.s3.create_bucket(Bucket="bucket")

    def refused(self, code, call, **arguments):
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            call(**arguments)
        self.assertEqual(caught.exception.response["Error"]["Code"], code)

    def test_an_upload_in_parts(self):
        body = bytes_of(11 * MEGABYTE)
        key = {"Bucket": "bucket", "Key": "parts/a b"}
        upload = self.s3.create_multipart_upload(**key, Metadata={"owner": "me"})["UploadId"]
        parts = []
        for number, part in enumerate((body[:6 * MEGABYTE], body[6 * MEGABYTE:]), 1):
            sent = self.s3.upload_part(**key, UploadId=upload, PartNumber=number, Body=part)
            parts.append({"PartNumber": number, "ETag": sent["ETag"]})
        self.assertEqual(len(self.s3.list_parts(**key, UploadId=upload)["Parts"]), 2)
        self.assertEqual(len(self.s3.list_multipart_uploads(Bucket="bucket")["Uploads"]), 1)
        done = self.s3.complete_multipart_upload(**key, UploadId=upload, MultipartUpload={"Parts": parts})
        self.assertTrue(done["ETag"].endswith('-2"'))
        got = self.s3.get_object(**key)
        self.assertEqual(got["Metadata"], {"owner": "me"})
        self.assertEqual(got["Body"].read(), body)
        middle = self.s3.get_object(**key, Range=f"bytes={6 * MEGABYTE - 2}-{6 * MEGABYTE + 1}")
        self.assertEqual(middle["Body"].read(), body[6 * MEGABYTE - 2:6 * MEGABYTE + 2])
        second = self.s3.get_object(**key, PartNumber=2)
        self.assertEqual(second["Body"].read(), body[6 * MEGABYTE:])
        self.refused("NoSuchUpload", self.s3.abort_multipart_upload, **key, UploadId=upload)

    def test_copies_conditions_and_tags(self):
        self.s3.put_object(Bucket="bucket", Key="one", Body=b"abc", Tagging="a=1", ServerSideEncryption="AES256")
        source = {"Bucket": "bucket", "Key": "one"}
        self.s3.copy_object(Bucket="bucket", Key="two", CopySource=source, MetadataDirective="REPLACE",
                            Metadata={"new": "1"})
        head = self.s3.head_object(Bucket="bucket", Key="two")
        self.assertEqual(head["Metadata"], {"new": "1"})
        self.assertEqual(self.s3.get_object_tagging(Bucket="bucket", Key="two")["TagSet"], [{"Key": "a", "Value": "1"}])
        self.assertEqual(self.s3.head_object(**source)["ServerSideEncryption"], "AES256")
        self.refused("InvalidRequest", self.s3.copy_object, Bucket="bucket", Key="one", CopySource=source)
        self.refused("304", self.s3.get_object, **source, IfNoneMatch=head["ETag"])
        self.refused("PreconditionFailed", self.s3.get_object, **source, IfMatch='"other"')
        self.s3.put_object_tagging(**source, Tagging={"TagSet": [{"Key": "b", "Value": "2"}]})
        self.assertEqual(self.s3.get_object_tagging(**source)["TagSet"], [{"Key": "b", "Value": "2"}])
        gone = self.s3.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": "one"}, {"Key": "two"}]})
        self.assertEqual([one["Key"] for one in gone["Deleted"]], ["one", "two"])
        self.refused("404", self.s3.head_object, **source)

    def test_versions(self):
        self.s3.create_bucket(Bucket="kept")
        self.s3.put_bucket_versioning(Bucket="kept", VersioningConfiguration={"Status": "Enabled"})
        self.assertEqual(self.s3.get_bucket_versioning(Bucket="kept")["Status"], "Enabled")
        first = self.s3.put_object(Bucket="kept", Key="k", Body=b"one")["VersionId"]
        self.s3.put_object(Bucket="kept", Key="k", Body=b"two")
        marker = self.s3.delete_object(Bucket="kept", Key="k")
        self.assertTrue(marker["DeleteMarker"])
        self.refused("NoSuchKey", self.s3.get_object, Bucket="kept", Key="k")
        self.refused("MethodNotAllowed", self.s3.get_object, Bucket="kept", Key="k", VersionId=marker["VersionId"])
        old = self.s3.get_object(Bucket="kept", Key="k", VersionId=first)
        self.assertEqual(old["Body"].read(), b"one")
        pages = self.s3.get_paginator("list_object_versions").paginate(Bucket="kept", PaginationConfig={"PageSize": 1})
        found = [one for page in pages for one in page.get("Versions", []) + page.get("DeleteMarkers", [])]
        self.assertEqual(len(found), 3)
        self.refused("BucketNotEmpty", self.s3.delete_bucket, Bucket="kept")
        for one in found:
            self.s3.delete_object(Bucket="kept", Key="k", VersionId=one["VersionId"])
        self.s3.delete_bucket(Bucket="kept")

    def test_presigned_urls(self):
        put = self.s3.generate_presigned_url("put_object", Params={"Bucket": "bucket", "Key": "signed"}, ExpiresIn=60)
        request = urllib.request.Request(put, data=b"by hand", method="PUT")
        self.assertEqual(urllib.request.urlopen(request, timeout=30).status, 200)
        get = self.s3.generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "signed",
                                                                   "ResponseContentType": "text/x"}, ExpiresIn=60)
        with urllib.request.urlopen(get, timeout=30) as answer:
            self.assertEqual(answer.read(), b"by hand")
            self.assertEqual(answer.headers["Content-Type"], "text/x")
        with self.assertRaises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(get.replace("signed?", "other?"), timeout=30)
        self.assertEqual(caught.exception.code, 403)
        caught.exception.close()

    def test_the_bucket_may_be_in_the_host(self):
        self.s3.put_object(Bucket="bucket", Key="hosted", Body=b"x")
        port = self.stator.url.rsplit(":", 1)[1]
        environment = self.stator.environment()
        hosted = boto3.client("s3", endpoint_url=f"http://localhost:{port}", region_name="us-east-1",
                              aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
                              aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
                              config=botocore.config.Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))
        signed = hosted.generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "hosted"})
        self.assertIn(f"//bucket.localhost:{port}/hosted?", signed)
        # Not every resolver knows names under localhost.
        request = urllib.request.Request(signed.replace(f"//bucket.localhost:{port}", f"//127.0.0.1:{port}"),
                                         headers={"Host": f"bucket.localhost:{port}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            self.assertEqual(answer.read(), b"x")

    def test_lists_both_ways(self):
        self.s3.create_bucket(Bucket="listed")
        for key in ("a/1", "a/2", "b", "c"):
            self.s3.put_object(Bucket="listed", Key=key, Body=b"")
        for operation in ("list_objects", "list_objects_v2"):
            pages = self.s3.get_paginator(operation).paginate(Bucket="listed", Delimiter="/",
                                                              PaginationConfig={"PageSize": 1})
            keys, prefixes = [], []
            for page in pages:
                keys += [one["Key"] for one in page.get("Contents", [])]
                prefixes += [one["Prefix"] for one in page.get("CommonPrefixes", [])]
            self.assertEqual((keys, prefixes), (["b", "c"], ["a/"]), operation)

    def test_a_folder_is_an_object_whose_key_ends_in_a_slash(self):
        self.s3.put_object(Bucket="bucket", Key="folder/", Body=b"")
        listed = self.s3.list_objects_v2(Bucket="bucket", Prefix="folder")["Contents"]
        self.assertEqual([one["Key"] for one in listed], ["folder/"])

    def test_settings_of_a_bucket(self):
        self.s3.create_bucket(Bucket="settings")
        block = {name: True for name in ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy",
                                         "RestrictPublicBuckets")}
        self.s3.put_public_access_block(Bucket="settings", PublicAccessBlockConfiguration=block)
        got = self.s3.get_public_access_block(Bucket="settings")["PublicAccessBlockConfiguration"]
        self.assertEqual(got, block)
        public = ('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject",'
                  '"Resource":"arn:aws:s3:::settings/*"}}')
        self.refused("AccessDenied", self.s3.put_bucket_policy, Bucket="settings", Policy=public)
        self.s3.put_bucket_lifecycle_configuration(Bucket="settings", LifecycleConfiguration={"Rules": [
            {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""},
             "NoncurrentVersionExpiration": {"NoncurrentDays": 30}}]})
        rules = self.s3.get_bucket_lifecycle_configuration(Bucket="settings")["Rules"]
        self.assertEqual(rules[0]["NoncurrentVersionExpiration"], {"NoncurrentDays": 30})
        self.refused("NoSuchTagSet", self.s3.get_bucket_tagging, Bucket="settings")
        self.s3.put_bucket_tagging(Bucket="settings", Tagging={"TagSet": [{"Key": "k", "Value": "v"}]})
        self.assertEqual(self.s3.get_bucket_tagging(Bucket="settings")["TagSet"], [{"Key": "k", "Value": "v"}])
        self.assertEqual(self.s3.get_bucket_acl(Bucket="settings")["Grants"][0]["Permission"], "FULL_CONTROL")


@unittest.skipIf(AWS is None, "the AWS CLI is not installed")
class Cli(unittest.TestCase):
    def setUp(self):
        self.stator = Stator().start()
        self.addCleanup(self.stator.__exit__)
        self.directory = tempfile.mkdtemp(prefix="stator-s3-")
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)

    def aws(self, *arguments):
        ran = subprocess.run([AWS, "--endpoint-url", self.stator.url, "s3", *arguments], cwd=self.directory,
                             env=self.stator.environment(), capture_output=True, text=True, timeout=120)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        return ran.stdout

    def test_copies_twenty_megabytes_and_syncs(self):
        body = bytes_of(20 * MEGABYTE)
        with open(os.path.join(self.directory, "big"), "wb") as file:
            file.write(body)
        self.aws("mb", "s3://bucket")
        self.aws("cp", "big", "s3://bucket/big")
        self.stator.kill()
        self.stator.start()
        self.aws("cp", "s3://bucket/big", "back")
        with open(os.path.join(self.directory, "back"), "rb") as file:
            self.assertEqual(file.read(), body)
        self.aws("cp", "s3://bucket/big", "s3://bucket/copy")
        os.makedirs(os.path.join(self.directory, "tree", "deep"))
        for name in ("tree/one", "tree/deep/two"):
            with open(os.path.join(self.directory, name), "w") as file:
                file.write(name)
        self.assertIn("upload", self.aws("sync", "tree", "s3://bucket/tree"))
        self.assertEqual(self.aws("sync", "tree", "s3://bucket/tree"), "")
        self.assertIn("deep/two", self.aws("ls", "--recursive", "s3://bucket/tree"))
        self.aws("rm", "--recursive", "s3://bucket")
        self.aws("rb", "s3://bucket")
        self.assertEqual(self.aws("ls"), "")


if __name__ == "__main__":
    unittest.main()
