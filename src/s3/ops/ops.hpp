#pragma once

#include <vector>

#include "aws/operation.hpp"
#include "s3/objects.hpp"

/// S3's operations, one file each. A CopyObject is a PutObject and an UploadPartCopy an UploadPart
/// whose headers name a source: they have no path of their own.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
namespace stator::s3 {

[[nodiscard]] aws::Operation abort_multipart_upload(Objects& objects);
[[nodiscard]] aws::Operation complete_multipart_upload(Objects& objects);
[[nodiscard]] aws::Operation create_bucket(Objects& objects);
[[nodiscard]] aws::Operation create_multipart_upload(Objects& objects);
[[nodiscard]] aws::Operation delete_bucket(Objects& objects);
[[nodiscard]] aws::Operation delete_bucket_policy(Objects& objects);
[[nodiscard]] aws::Operation delete_object(Objects& objects);
[[nodiscard]] aws::Operation delete_object_tagging(Objects& objects);
[[nodiscard]] aws::Operation delete_objects(Objects& objects);
[[nodiscard]] aws::Operation get_bucket_acl(Objects& objects);
[[nodiscard]] aws::Operation get_bucket_location(Objects& objects);
[[nodiscard]] aws::Operation get_bucket_policy(Objects& objects);
[[nodiscard]] aws::Operation get_bucket_policy_status(Objects& objects);
[[nodiscard]] aws::Operation get_bucket_versioning(Objects& objects);
[[nodiscard]] aws::Operation get_object(Objects& objects);
[[nodiscard]] aws::Operation get_object_acl(Objects& objects);
[[nodiscard]] aws::Operation get_object_attributes(Objects& objects);
[[nodiscard]] aws::Operation get_object_tagging(Objects& objects);
[[nodiscard]] aws::Operation head_bucket(Objects& objects);
[[nodiscard]] aws::Operation head_object(Objects& objects);
[[nodiscard]] aws::Operation list_buckets(Objects& objects);
[[nodiscard]] aws::Operation list_multipart_uploads(Objects& objects);
[[nodiscard]] aws::Operation list_object_versions(Objects& objects);
[[nodiscard]] aws::Operation list_objects(Objects& objects);
[[nodiscard]] aws::Operation list_objects_v2(Objects& objects);
[[nodiscard]] aws::Operation list_parts(Objects& objects);
[[nodiscard]] aws::Operation put_bucket_policy(Objects& objects);
[[nodiscard]] aws::Operation put_bucket_versioning(Objects& objects);
[[nodiscard]] aws::Operation put_object(Objects& objects);
[[nodiscard]] aws::Operation put_object_tagging(Objects& objects);
[[nodiscard]] aws::Operation upload_part(Objects& objects);

/// Those that read and write a bucket's settings.
void add_bucket_configurations(Objects& objects, std::vector<aws::Operation>& operations);

}  // namespace stator::s3
