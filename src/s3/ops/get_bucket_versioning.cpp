#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/request.hpp"
#include "s3/xml.hpp"

namespace stator::s3 {

aws::Operation get_bucket_versioning(Objects& objects) {
  Parts<std::string> parts;
  parts.parse = [](const aws::Call&, const aws::RawRequest& raw) -> Result<std::string> {
    STATOR_TRY([[maybe_unused]] const auto parameters,
               Parameters::read(raw, {.query = {"versioning"}}));
    return std::string(raw.label("Bucket"));
  };
  parts.needs = [&objects](const aws::Call& call,
                           const std::string& request) -> Result<aws::Needs> {
    return needs_of(objects, "s3:GetBucketVersioning", {call.account, request, ""});
  };
  parts.handle = [&objects](aws::Call& call, const std::string& request) -> Result<http::Response> {
    STATOR_TRY(const auto bucket, objects.bucket(call.account, request));
    XmlDocument xml("VersioningConfiguration");
    if (!bucket.versioning.empty()) xml.element("Status", bucket.versioning);
    return std::move(xml).finish();
  };
  aws::ByPath path{"GET", "/{Bucket}"};
  path.required_query = "versioning";
  return on_workers<std::string>(objects, "GetBucketVersioning", std::move(path), std::move(parts));
}

}  // namespace stator::s3
