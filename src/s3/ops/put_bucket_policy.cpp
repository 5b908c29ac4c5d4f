#include "iam/compiled.hpp"
#include "iam/lockout.hpp"
#include "s3/bucket_settings.hpp"
#include "s3/errors.hpp"
#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/request.hpp"

namespace stator::s3 {
namespace {

/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
constexpr std::size_t kPolicyBytesMax = 20'480;
constexpr std::string_view kConfirm = "x-amz-confirm-remove-self-bucket-access";

struct Request {
  ObjectName name;
  std::string document;
  bool confirms_lockout = false;
};

Result<Request> parse(const aws::Call& call, const aws::RawRequest& raw) {
  STATOR_TRY([[maybe_unused]] const auto parameters,
             Parameters::read(
                 raw, {.query = {"policy"},
                       .headers = {"x-amz-sdk-checksum-algorithm", "x-amz-checksum-*", kConfirm}}));
  if (raw.http.body.size() > kPolicyBytesMax) {
    return s3_error(ErrorCode::kInvalid, "MalformedPolicy",
                    "Policies must be no larger than 20480 bytes");
  }
  return Request{{call.account, std::string(raw.label("Bucket")), ""},
                 raw.http.body,
                 raw.http.headers.get(kConfirm) == "true"};
}

Result<http::Response> handle(Objects& objects, const aws::Call& call, Request request) {
  const auto compiled = iam::compile_resource_policy(request.document);
  if (!compiled) return s3_error(ErrorCode::kInvalid, "MalformedPolicy", compiled.error().message);
  const aws::Permission again{"s3:PutBucketPolicy", bucket_arn(request.name.bucket)};
  if (!request.confirms_lockout && iam::denies(**compiled, call, again)) {
    return s3_error(ErrorCode::kInvalid, "MalformedPolicy",
                    "The policy would deny s3:PutBucketPolicy to its author. Send " +
                        std::string(kConfirm) + " to confirm that.");
  }
  STATOR_TRY_VOID(objects.update_bucket(
      request.name.account, request.name.bucket, [&](Bucket& bucket) -> Result<void> {
        if (blocks_public_policies(bucket) && is_public_policy(request.document)) {
          return s3_error(ErrorCode::kAccessDenied, "AccessDenied",
                          "User: " + call.principal.arn +
                              " is not authorized to perform: s3:PutBucketPolicy on resource: \"" +
                              bucket_arn(bucket.name) +
                              "\" because public policies are prevented by the BlockPublicPolicy "
                              "setting in S3 Block Public Access.");
        }
        bucket.policy = request.document;
        return {};
      }));
  return http::Response{.status = 204};
}

}  // namespace

aws::Operation put_bucket_policy(Objects& objects) {
  Parts<Request> parts;
  parts.parse = parse;
  parts.needs = [&objects](const aws::Call&, const Request& request) {
    return needs_of(objects, "s3:PutBucketPolicy", request.name);
  };
  parts.handle = [&objects](aws::Call& call, Request request) {
    return handle(objects, call, std::move(request));
  };
  aws::ByPath path{"PUT", "/{Bucket}"};
  path.required_query = "policy";
  return on_workers<Request>(objects, "PutBucketPolicy", std::move(path), std::move(parts));
}

}  // namespace stator::s3
