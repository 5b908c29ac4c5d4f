#include "s3/errors.hpp"
#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/ops/upload_request.hpp"
#include "s3/request.hpp"
#include "s3/xml.hpp"

namespace stator::s3 {
namespace {

struct Request {
  std::string bucket;
  std::string status;
};

}  // namespace

aws::Operation put_bucket_versioning(Objects& objects) {
  Parts<Request> parts;
  parts.parse = [](const aws::Call&, const aws::RawRequest& raw) -> Result<Request> {
    STATOR_TRY(
        [[maybe_unused]] const auto parameters,
        Parameters::read(raw, {.query = {"versioning"},
                               .headers = {"x-amz-checksum-*", "x-amz-sdk-checksum-algorithm",
                                           "x-amz-decoded-content-length", "x-amz-trailer"}}));
    SentBody body;
    STATOR_TRY_VOID(read_body(raw.http, body));
    STATOR_TRY(const auto xml, parse_xml(body.bytes, "VersioningConfiguration"));
    STATOR_TRY_VOID(xml.allow_only({"Status", "MfaDelete"}));
    const auto mfa = xml.text_of("MfaDelete");
    if (!mfa.empty() && mfa != "Disabled") return not_implemented("MFA delete");
    const auto status = xml.text_of("Status");
    if (status != "Enabled" && status != "Suspended") return malformed_xml();
    return Request{std::string(raw.label("Bucket")), status};
  };
  parts.needs = [&objects](const aws::Call& call, const Request& request) -> Result<aws::Needs> {
    return needs_of(objects, "s3:PutBucketVersioning", {call.account, request.bucket, ""});
  };
  parts.handle = [&objects](aws::Call& call, const Request& request) -> Result<http::Response> {
    STATOR_TRY_VOID(
        objects.update_bucket(call.account, request.bucket, [&](Bucket& bucket) -> Result<void> {
          bucket.versioning = request.status;
          return {};
        }));
    return http::Response{};
  };
  aws::ByPath path{"PUT", "/{Bucket}"};
  path.required_query = "versioning";
  return on_workers<Request>(objects, "PutBucketVersioning", std::move(path), std::move(parts));
}

}  // namespace stator::s3
