#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/request.hpp"

namespace stator::s3 {

aws::Operation abort_multipart_upload(Objects& objects) {
  Parts<UploadName> parts;
  parts.parse = [](const aws::Call& call, const aws::RawRequest& raw) -> Result<UploadName> {
    STATOR_TRY(const auto parameters, Parameters::read(raw, {.query = {"uploadId"}}));
    return UploadName{
        {call.account, std::string(raw.label("Bucket")), std::string(raw.label("Key"))},
        parameters.get("uploadId")};
  };
  parts.needs = [&objects](const aws::Call&, const UploadName& request) -> Result<aws::Needs> {
    return needs_of(objects, "s3:AbortMultipartUpload", request.object);
  };
  parts.handle = [&objects](aws::Call&, const UploadName& request) -> Result<http::Response> {
    STATOR_TRY_VOID(objects.abort(request));
    return http::Response{.status = 204};
  };
  aws::ByPath path{"DELETE", "/{Bucket}/{Key+}"};
  path.required_query = "uploadId";
  return on_workers<UploadName>(objects, "AbortMultipartUpload", std::move(path), std::move(parts));
}

}  // namespace stator::s3
