#include "s3/bucket_settings.hpp"
#include "s3/errors.hpp"
#include "s3/names.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/request.hpp"
#include "s3/xml.hpp"

namespace stator::s3 {
namespace {

constexpr std::string_view kDefaultRegion = "us-east-1";

/// The LocationConstraint of the body; "" when there is none.
Result<std::string> read_constraint(std::string_view body) {
  if (body.empty()) return std::string();
  STATOR_TRY(const auto xml, parse_xml(body, "CreateBucketConfiguration"));
  STATOR_TRY_VOID(xml.allow_only({"LocationConstraint"}));
  return xml.text_of("LocationConstraint");
}

/// Without object locks, and with ACLs that say what holds anyway.
Result<Bucket> read_settings(const aws::RawRequest& raw) {
  const auto& headers = raw.http.headers;
  if (headers.get("x-amz-bucket-object-lock-enabled") == "true") {
    return not_implemented("object locks");
  }
  const auto acl = headers.find("x-amz-acl");
  if (acl && *acl != "private") return not_implemented("the ACL " + std::string(*acl));
  Bucket bucket;
  bucket.name = raw.label("Bucket");
  // What new buckets have unless they are told otherwise; it may be taken away.
  const std::string ownership(
      headers.find("x-amz-object-ownership").value_or("BucketOwnerEnforced"));
  STATOR_TRY_VOID(check_ownership(ownership));
  bucket.settings["ownershipControls"] = ownership_document(ownership);
  return bucket;
}

/// A bucket's region is named outside us-east-1, by the constraint, and must be the endpoint's own;
/// us-east-1 has no constraint and makes buckets for all.
Result<std::string> choose_region(std::string constraint, std::string_view endpoint) {
  if (endpoint == kDefaultRegion) {
    if (constraint == kDefaultRegion) {
      return s3_error(ErrorCode::kInvalid, "InvalidLocationConstraint",
                      "The specified location-constraint is not valid");
    }
    return constraint.empty() ? std::string(kDefaultRegion) : constraint;
  }
  if (constraint == endpoint) return constraint;
  return s3_error(ErrorCode::kInvalid, "IllegalLocationConstraintException",
                  "The " + (constraint.empty() ? "unspecified" : constraint) +
                      " location constraint is incompatible for the region specific endpoint this "
                      "request was sent to.");
}

Result<Bucket> parse(const aws::Call& call, const aws::RawRequest& raw) {
  STATOR_TRY([[maybe_unused]] const auto parameters,
             Parameters::read(
                 raw, {.headers = {"x-amz-sdk-checksum-algorithm", "x-amz-checksum-*", "x-amz-acl",
                                   "x-amz-object-ownership", "x-amz-bucket-object-lock-enabled"}}));
  STATOR_TRY(auto constraint, read_constraint(raw.http.body));
  STATOR_TRY(auto bucket, read_settings(raw));
  STATOR_TRY(bucket.region, choose_region(std::move(constraint), call.region));
  bucket.created = call.now;
  return bucket;
}

}  // namespace

aws::Operation create_bucket(Objects& objects) {
  Parts<Bucket> parts;
  parts.parse = parse;
  parts.needs = [](const aws::Call&, const Bucket& bucket) -> Result<aws::Needs> {
    aws::Permission need{"s3:CreateBucket", bucket_arn(bucket.name)};
    if (bucket.region != kDefaultRegion) {
      need.keys = [&bucket] {
        return aws::ConditionKeys{{"s3:LocationConstraint", {bucket.region}}};
      };
    }
    return aws::Needs{std::move(need)};
  };
  parts.handle = [&objects](aws::Call& call, const Bucket& bucket) -> Result<http::Response> {
    STATOR_TRY(const bool is_new, objects.create_bucket(call.account, bucket));
    // In us-east-1 making one's own bucket again succeeds; elsewhere it is a conflict.
    if (!is_new && call.region != kDefaultRegion) {
      return s3_error(ErrorCode::kConflict, "BucketAlreadyOwnedByYou",
                      "Your previous request to create the named bucket succeeded and you already "
                      "own it.");
    }
    http::Response response;
    response.headers.add("Location", "/" + bucket.name);
    return response;
  };
  return on_workers<Bucket>(objects, "CreateBucket", {"PUT", "/{Bucket}"}, std::move(parts));
}

}  // namespace stator::s3
