#include "lambda/ops/event_invoke_support.hpp"

#include <array>
#include <utility>

#include "aws/arn.hpp"
#include "lambda/errors.hpp"

namespace stator::lambda::ops {
namespace {

constexpr std::int64_t kRetriesMax = 2;
constexpr std::int64_t kAgeMin = 60;
constexpr std::int64_t kAgeMax = 21'600;
constexpr std::size_t kDestinationMax = 350;

Result<void> check_range(std::optional<std::int64_t> value, std::string_view member,
                         std::int64_t min, std::int64_t max) {
  if (!value || (*value >= min && *value <= max)) return {};
  return constraint_failed(std::to_string(*value), member,
                           *value < min
                               ? "have value greater than or equal to " + std::to_string(min)
                               : "have value less than or equal to " + std::to_string(max));
}

Error bad_destination(const std::string& destination) {
  return invalid_parameter("The destination ARN " + destination + " is invalid.");
}

Result<void> refuse_service(const std::string& service) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kServices = {{
      {"sqs", "Amazon SQS"},
      {"sns", "Amazon SNS"},
      {"events", "Amazon EventBridge"},
      {"s3", "Amazon S3"},
  }};
  for (const auto& [signing_name, name] : kServices) {
    if (service != signing_name) continue;
    return unsupported("Destinations in " + std::string(name) +
                       " are not supported; only Lambda functions are.");
  }
  return {};
}

/// Destination of OnSuccess or OnFailure; "" where the structure names none.
Result<std::string> read_destination(Functions& functions, const aws::Call& call,
                                     const aws::Input& config, std::string_view member) {
  STATOR_TRY(const auto* structure, config.object(member));
  if (structure == nullptr) return std::string();
  const aws::Input on = config.nested(*structure);
  STATOR_TRY_VOID(on.allow_only({"Destination"}));
  STATOR_TRY(const auto given, on.text("Destination"));
  const std::string destination = given.value_or("");
  if (destination.empty()) return destination;
  const auto arn = aws::Arn::parse(destination);
  if (!arn || destination.size() > kDestinationMax) return bad_destination(destination);
  STATOR_TRY_VOID(refuse_service(arn->service));
  if (arn->service != "lambda") return bad_destination(destination);
  STATOR_TRY(const auto reference, parse_function_name(call.account, call.region, destination));
  if (!find_function(functions, reference)) return bad_destination(destination);
  return destination;
}

json::Object render_destination(const std::string& destination) {
  return destination.empty() ? json::Object{} : json::Object{{"Destination", destination}};
}

}  // namespace

Result<EventInvokeTarget> read_event_invoke_target(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(auto reference, read_reference(call, input));
  std::string key = reference.qualifier.empty() ? std::string(kLatest) : reference.qualifier;
  return EventInvokeTarget{std::move(reference), std::move(key)};
}

Result<void> read_event_invoke(Functions& functions, const aws::Call& call, const aws::Input& input,
                               EventInvokeConfig& config) {
  STATOR_TRY_VOID(input.allow_only({"FunctionName", "Qualifier", "MaximumRetryAttempts",
                                    "MaximumEventAgeInSeconds", "DestinationConfig"}));
  STATOR_TRY(const auto retries, input.integer("MaximumRetryAttempts"));
  STATOR_TRY(const auto age, input.integer("MaximumEventAgeInSeconds"));
  STATOR_TRY(const auto* destinations, input.object("DestinationConfig"));
  if (!retries && !age && destinations == nullptr) {
    return invalid_parameter(
        "You must specify at least one of error handling or destination "
        "setting.");
  }
  STATOR_TRY_VOID(check_range(retries, "maximumRetryAttempts", 0, kRetriesMax));
  STATOR_TRY_VOID(check_range(age, "maximumEventAgeInSeconds", kAgeMin, kAgeMax));
  if (destinations != nullptr) {
    const aws::Input structure = input.nested(*destinations);
    STATOR_TRY_VOID(structure.allow_only({"OnSuccess", "OnFailure"}));
    STATOR_TRY(config.on_success, read_destination(functions, call, structure, "OnSuccess"));
    STATOR_TRY(config.on_failure, read_destination(functions, call, structure, "OnFailure"));
  }
  if (retries) {
    config.retries_max = *retries;
    config.is_retries_given = true;
  }
  if (age) {
    config.age_s_max = *age;
    config.is_age_given = true;
  }
  config.last_modified = call.now;
  return {};
}

json::Object render_event_invoke(const FunctionKey& key, std::string_view qualifier,
                                 const EventInvokeConfig& config) {
  json::Object out{
      {"FunctionArn", function_arn(key.view()) + ":" + std::string(qualifier)},
      {"LastModified", static_cast<double>(epoch_ms(config.last_modified)) / 1000},
      {"DestinationConfig", json::Object{{"OnSuccess", render_destination(config.on_success)},
                                         {"OnFailure", render_destination(config.on_failure)}}}};
  if (config.is_retries_given) out["MaximumRetryAttempts"] = config.retries_max;
  if (config.is_age_given) out["MaximumEventAgeInSeconds"] = config.age_s_max;
  return out;
}

Error event_invoke_missing(const EventInvokeTarget& target) {
  return resource_missing("The function " + target.reference.arn() + ":" + target.qualifier +
                          " doesn't have an EventInvokeConfig");
}

}  // namespace stator::lambda::ops
