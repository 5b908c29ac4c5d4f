#include "s3/needs.hpp"
#include "s3/ops/acl_response.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/request.hpp"

namespace stator::s3 {

aws::Operation get_bucket_acl(Objects& objects) {
  Parts<ObjectName> parts;
  parts.parse = [](const aws::Call& call, const aws::RawRequest& raw) -> Result<ObjectName> {
    STATOR_TRY([[maybe_unused]] const auto parameters, Parameters::read(raw, {.query = {"acl"}}));
    return ObjectName{call.account, std::string(raw.label("Bucket")), ""};
  };
  parts.needs = [&objects](const aws::Call&, const ObjectName& request) -> Result<aws::Needs> {
    return needs_of(objects, "s3:GetBucketAcl", request);
  };
  parts.handle = [&objects](aws::Call&, const ObjectName& request) -> Result<http::Response> {
    STATOR_TRY([[maybe_unused]] const auto bucket, objects.bucket(request.account, request.bucket));
    return acl_response(request.account);
  };
  aws::ByPath path{"GET", "/{Bucket}"};
  path.required_query = "acl";
  return on_workers<ObjectName>(objects, "GetBucketAcl", std::move(path), std::move(parts));
}

}  // namespace stator::s3
