#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/request.hpp"

namespace stator::s3 {

aws::Operation head_bucket(Objects& objects) {
  Parts<std::string> parts;
  parts.parse = [](const aws::Call&, const aws::RawRequest& raw) -> Result<std::string> {
    STATOR_TRY([[maybe_unused]] const auto parameters, Parameters::read(raw, {}));
    return std::string(raw.label("Bucket"));
  };
  parts.needs = [&objects](const aws::Call& call, const std::string& bucket) {
    return needs_of(objects, "s3:ListBucket", {call.account, bucket, ""});
  };
  parts.handle = [&objects](aws::Call& call, const std::string& name) -> Result<http::Response> {
    STATOR_TRY(const auto bucket, objects.bucket(call.account, name));
    http::Response response;
    response.headers.add("x-amz-bucket-region", bucket.region);
    return response;
  };
  return on_workers<std::string>(objects, "HeadBucket", {"HEAD", "/{Bucket}"}, std::move(parts));
}

}  // namespace stator::s3
