#include "s3/errors.hpp"
#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/request.hpp"

namespace stator::s3 {

aws::Operation get_bucket_policy(Objects& objects) {
  Parts<std::string> parts;
  parts.parse = [](const aws::Call&, const aws::RawRequest& raw) -> Result<std::string> {
    STATOR_TRY([[maybe_unused]] const auto parameters,
               Parameters::read(raw, {.query = {"policy"}}));
    return std::string(raw.label("Bucket"));
  };
  parts.needs = [&objects](const aws::Call& call, const std::string& bucket) {
    return needs_of(objects, "s3:GetBucketPolicy", {call.account, bucket, ""});
  };
  parts.handle = [&objects](aws::Call& call, const std::string& name) -> Result<http::Response> {
    STATOR_TRY(auto bucket, objects.bucket(call.account, name));
    if (bucket.policy.empty()) {
      return s3_error(ErrorCode::kNotFound, "NoSuchBucketPolicy",
                      "The bucket policy does not exist");
    }
    http::Response response;
    response.headers.add("Content-Type", "application/json");
    response.body = std::move(bucket.policy);
    return response;
  };
  aws::ByPath path{"GET", "/{Bucket}"};
  path.required_query = "policy";
  return on_workers<std::string>(objects, "GetBucketPolicy", std::move(path), std::move(parts));
}

}  // namespace stator::s3
