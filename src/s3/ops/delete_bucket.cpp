#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/request.hpp"

namespace stator::s3 {

aws::Operation delete_bucket(Objects& objects) {
  Parts<std::string> parts;
  parts.parse = [](const aws::Call&, const aws::RawRequest& raw) -> Result<std::string> {
    STATOR_TRY([[maybe_unused]] const auto parameters, Parameters::read(raw, {}));
    return std::string(raw.label("Bucket"));
  };
  parts.needs = [&objects](const aws::Call& call, const std::string& bucket) {
    return needs_of(objects, "s3:DeleteBucket", {call.account, bucket, ""});
  };
  parts.handle = [&objects](aws::Call& call, const std::string& name) -> Result<http::Response> {
    STATOR_TRY_VOID(objects.delete_bucket(call.account, name));
    http::Response response;
    response.status = 204;
    return response;
  };
  return on_workers<std::string>(objects, "DeleteBucket", {"DELETE", "/{Bucket}"},
                                 std::move(parts));
}

}  // namespace stator::s3
