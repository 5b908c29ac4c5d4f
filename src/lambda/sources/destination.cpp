#include "lambda/sources/destination.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "aws/arn.hpp"
#include "base/ids.hpp"
#include "base/time_format.hpp"
#include "lambda/errors.hpp"

namespace stator::lambda::sources {
namespace {

constexpr std::string_view kBucketPrefix = "arn:aws:s3:::";

std::string_view bucket_of(std::string_view arn) {
  return arn.substr(kBucketPrefix.size());
}

bool is_function_arn(const Mapping& mapping) {
  const std::string& arn = mapping.settings.on_failure;
  return arn.starts_with("arn:") &&
         parse_function_name(mapping.account, mapping.region, arn).has_value();
}

}  // namespace

Result<void> Destinations::check_arn(const Mapping& mapping) {
  const std::string& arn = mapping.settings.on_failure;
  if (arn.empty()) return {};
  if (is_bucket_arn(arn)) {
    const std::string_view bucket = bucket_of(arn);
    if (!bucket.empty() && bucket.find('/') == std::string_view::npos) return {};
  }
  if (arn.starts_with("kafka://")) {
    return unsupported("stator has no Kafka: OnFailure takes the ARN of an S3 bucket.");
  }
  const auto parsed = aws::Arn::parse(arn);
  if (parsed && (parsed->service == "sqs" || parsed->service == "sns")) {
    return unsupported("stator has no " + parsed->service +
                       ": OnFailure takes the ARN of an S3 bucket or of a Lambda function.");
  }
  if (parsed && parsed->service == "lambda" && is_function_arn(mapping)) return {};
  return invalid_parameter("The destination ARN " + arn + " is invalid.");
}

Result<void> Destinations::check_role(const Mapping& mapping, const std::string& role_arn) const {
  const std::string& arn = mapping.settings.on_failure;
  if (arn.empty()) return {};
  const bool is_bucket = is_bucket_arn(arn);
  const auto may = is_bucket ? parts_.rights.check(role_arn, "s3:PutObject", arn + "/*")
                             : parts_.rights.check(role_arn, "lambda:InvokeFunction", arn);
  if (may || may.error().code != ErrorCode::kAccessDenied) return may;
  return invalid_parameter(
      std::string("The provided execution role does not have permissions to call ") +
      (is_bucket ? "PutObject on S3" : "InvokeFunction on LAMBDA"));
}

/// "aws/lambda/UUID/SHARD/2026/01/02/2026-01-02T03.04.05-RANDOM":
/// https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
std::string Destinations::object_key(const Mapping& mapping, const Failure& failure) const {
  std::string moment = iso8601(parts_.clock.wall());
  moment.pop_back();
  std::string day = moment.substr(0, moment.find('T'));
  std::replace(day.begin(), day.end(), '-', '/');
  std::replace(moment.begin(), moment.end(), ':', '.');
  return "aws/lambda/" + mapping.uuid + "/" + failure.shard_id + "/" + day + "/" + moment + "-" +
         uuid4(parts_.random);
}

void Destinations::deliver(const Mapping& mapping, const std::string& role_arn, Failure failure,
                           Delivered done) const {
  const std::string& arn = mapping.settings.on_failure;
  if (is_bucket_arn(arn)) {
    const std::string key = object_key(mapping, failure);
    auto may = parts_.rights.check(role_arn, "s3:PutObject", arn + "/" + key);
    if (!may) return done(std::move(may));
    return done(
        parts_.objects.put(mapping.account, bucket_of(arn), key, std::move(failure.document)));
  }
  auto may = parts_.rights.check(role_arn, "lambda:InvokeFunction", arn);
  if (!may) return done(std::move(may));
  Invocation invocation{.account = mapping.account,
                        .region = mapping.region,
                        .function = arn,
                        .payload = std::move(failure.document)};
  const auto queued = parts_.functions.invoke_later(std::move(invocation));
  done(queued ? Result<void>() : queued.error());
}

}  // namespace stator::lambda::sources
