#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/request.hpp"
#include "s3/xml.hpp"

namespace stator::s3 {

aws::Operation get_bucket_location(Objects& objects) {
  Parts<std::string> parts;
  parts.parse = [](const aws::Call&, const aws::RawRequest& raw) -> Result<std::string> {
    STATOR_TRY([[maybe_unused]] const auto parameters,
               Parameters::read(raw, {.query = {"location"}}));
    return std::string(raw.label("Bucket"));
  };
  parts.needs = [&objects](const aws::Call& call, const std::string& bucket) {
    return needs_of(objects, "s3:GetBucketLocation", {call.account, bucket, ""});
  };
  parts.handle = [&objects](aws::Call& call, const std::string& name) -> Result<http::Response> {
    STATOR_TRY(const auto bucket, objects.bucket(call.account, name));
    XmlDocument xml("LocationConstraint");
    // us-east-1 is older than the idea of naming regions, and is named by nothing.
    if (bucket.region != "us-east-1") xml.text(bucket.region);
    return std::move(xml).finish();
  };
  aws::ByPath path{"GET", "/{Bucket}"};
  path.required_query = "location";
  return on_workers<std::string>(objects, "GetBucketLocation", std::move(path), std::move(parts));
}

}  // namespace stator::s3
