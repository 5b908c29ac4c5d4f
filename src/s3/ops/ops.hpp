#pragma once

#include <string>

#include "aws/operation.hpp"
#include "s3/objects.hpp"

/// S3's operations, one file each.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
namespace stator::s3 {

[[nodiscard]] aws::Operation create_bucket(Objects& objects);
[[nodiscard]] aws::Operation delete_bucket(Objects& objects);
[[nodiscard]] aws::Operation delete_bucket_policy(Objects& objects);
[[nodiscard]] aws::Operation delete_object(Objects& objects);
[[nodiscard]] aws::Operation get_bucket_location(Objects& objects);
[[nodiscard]] aws::Operation get_bucket_policy(Objects& objects);
[[nodiscard]] aws::Operation get_object(Objects& objects);
[[nodiscard]] aws::Operation head_bucket(Objects& objects);
[[nodiscard]] aws::Operation head_object(Objects& objects);
[[nodiscard]] aws::Operation list_buckets(Objects& objects);
[[nodiscard]] aws::Operation list_objects_v2(Objects& objects);
[[nodiscard]] aws::Operation put_bucket_policy(Objects& objects);
[[nodiscard]] aws::Operation put_object(Objects& objects);

/// What clients may ask for by this method and path beside what is here: NotImplemented, by name.
[[nodiscard]] aws::Operation refused(std::string name, std::string method, std::string path);

}  // namespace stator::s3
