#include "s3/bucket_settings.hpp"
#include "s3/errors.hpp"
#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/request.hpp"
#include "s3/xml.hpp"

namespace stator::s3 {

aws::Operation get_bucket_policy_status(Objects& objects) {
  Parts<std::string> parts;
  parts.parse = [](const aws::Call&, const aws::RawRequest& raw) -> Result<std::string> {
    STATOR_TRY([[maybe_unused]] const auto parameters,
               Parameters::read(raw, {.query = {"policyStatus"}}));
    return std::string(raw.label("Bucket"));
  };
  parts.needs = [&objects](const aws::Call& call,
                           const std::string& request) -> Result<aws::Needs> {
    return needs_of(objects, "s3:GetBucketPolicyStatus", {call.account, request, ""});
  };
  parts.handle = [&objects](aws::Call& call, const std::string& request) -> Result<http::Response> {
    STATOR_TRY(const auto bucket, objects.bucket(call.account, request));
    if (bucket.policy.empty()) {
      return s3_error(ErrorCode::kNotFound, "NoSuchBucketPolicy",
                      "The bucket policy does not exist");
    }
    XmlDocument xml("PolicyStatus");
    xml.element("IsPublic", is_public_policy(bucket.policy) ? "true" : "false");
    return std::move(xml).finish();
  };
  aws::ByPath path{"GET", "/{Bucket}"};
  path.required_query = "policyStatus";
  return on_workers<std::string>(objects, "GetBucketPolicyStatus", std::move(path),
                                 std::move(parts));
}

}  // namespace stator::s3
