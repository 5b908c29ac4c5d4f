#include "s3/errors.hpp"
#include "s3/names.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/request.hpp"
#include "s3/xml.hpp"

namespace stator::s3 {
namespace {

constexpr std::string_view kDefaultRegion = "us-east-1";

struct Request {
  std::string bucket;
  std::string region;
};

/// The LocationConstraint of the body; "" when there is none.
Result<std::string> read_constraint(std::string_view body) {
  if (body.empty()) return std::string();
  STATOR_TRY(auto xml, parse_flat_xml(body));
  if (xml.root != "CreateBucketConfiguration") {
    return s3_error(ErrorCode::kInvalid, "MalformedXML",
                    "The XML you provided is no CreateBucketConfiguration");
  }
  std::string constraint;
  for (auto& [name, text] : xml.elements) {
    if (name != "LocationConstraint") return not_implemented("CreateBucketConfiguration." + name);
    constraint = std::move(text);
  }
  return constraint;
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

Result<Request> parse(const aws::Call& call, const aws::RawRequest& raw) {
  STATOR_TRY(
      [[maybe_unused]] const auto parameters,
      Parameters::read(raw, {.headers = {"x-amz-sdk-checksum-algorithm", "x-amz-checksum-crc32"}}));
  STATOR_TRY(auto constraint, read_constraint(raw.http.body));
  STATOR_TRY(auto region, choose_region(std::move(constraint), call.region));
  return Request{std::string(raw.label("Bucket")), std::move(region)};
}

}  // namespace

aws::Operation create_bucket(Objects& objects) {
  Parts<Request> parts;
  parts.parse = parse;
  parts.needs = [](const aws::Call&, const Request& request) -> Result<aws::Needs> {
    aws::Permission need{"s3:CreateBucket", bucket_arn(request.bucket)};
    if (request.region != kDefaultRegion) {
      need.keys = [&request] {
        return aws::ConditionKeys{{"s3:LocationConstraint", {request.region}}};
      };
    }
    return aws::Needs{std::move(need)};
  };
  parts.handle = [&objects](aws::Call& call, Request request) -> Result<http::Response> {
    STATOR_TRY(const bool is_new,
               objects.create_bucket(call.account, {request.bucket, request.region, call.now}));
    // In us-east-1 making one's own bucket again succeeds; elsewhere it is a conflict.
    if (!is_new && call.region != kDefaultRegion) {
      return s3_error(ErrorCode::kConflict, "BucketAlreadyOwnedByYou",
                      "Your previous request to create the named bucket succeeded and you already "
                      "own it.");
    }
    http::Response response;
    response.headers.add("Location", "/" + request.bucket);
    return response;
  };
  return on_workers<Request>(objects, "CreateBucket", {"PUT", "/{Bucket}"}, std::move(parts));
}

}  // namespace stator::s3
