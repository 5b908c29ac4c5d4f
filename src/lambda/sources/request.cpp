#include "lambda/sources/request.hpp"

#include <array>
#include <string_view>

#include "aws/arn.hpp"
#include "lambda/errors.hpp"
#include "lambda/names.hpp"
#include "lambda/sources/pattern.hpp"

namespace stator::lambda::sources {
namespace {

/// AWS's quota, which it raises to 10 on request.
constexpr std::size_t kFiltersMax = 10;

struct Range {
  std::string_view member;
  std::int64_t MappingSettings::*field;
  std::int64_t min;
  std::int64_t max;
};
constexpr std::array<Range, 6> kRanges{{
    {"BatchSize", &MappingSettings::batch_size, 1, 10'000},
    {"MaximumBatchingWindowInSeconds", &MappingSettings::batching_window_s, 0, 300},
    {"ParallelizationFactor", &MappingSettings::parallelization_factor, 1, 10},
    {"MaximumRetryAttempts", &MappingSettings::retries_max, -1, 10'000},
    {"MaximumRecordAgeInSeconds", &MappingSettings::age_s_max, -1, 604'800},
    {"TumblingWindowInSeconds", &MappingSettings::tumbling_window_s, 0, 900},
}};

Error out_of_range(std::string_view member, std::int64_t value, const std::string& rule) {
  std::string name(member);
  name[0] = static_cast<char>(name[0] - 'A' + 'a');
  return validation_failed("1 validation error detected: Value '" + std::to_string(value) +
                           "' at '" + name + "' failed to satisfy constraint: Member must have " +
                           rule);
}

Result<void> read_numbers(const aws::Input& input, MappingSettings& settings) {
  for (const Range& range : kRanges) {
    STATOR_TRY(const auto value, input.integer(range.member));
    if (!value) continue;
    if (*value < range.min) {
      return out_of_range(range.member, *value,
                          "value greater than or equal to " + std::to_string(range.min));
    }
    if (*value > range.max) {
      return out_of_range(range.member, *value,
                          "value less than or equal to " + std::to_string(range.max));
    }
    settings.*range.field = *value;
  }
  if (settings.age_s_max >= 0 && settings.age_s_max < 60) {
    return invalid_parameter("MaximumRecordAgeInSeconds must be -1 or between 60 and 604800.");
  }
  return {};
}

Result<void> read_filters(const aws::Input& input, MappingSettings& settings) {
  STATOR_TRY(const auto* criteria, input.object("FilterCriteria"));
  if (criteria == nullptr) return {};
  const aws::Input members = input.nested(*criteria);
  STATOR_TRY_VOID(members.allow_only({"Filters"}));
  STATOR_TRY(const auto* filters, members.array("Filters"));
  settings.filters.clear();
  if (filters == nullptr) return {};
  if (filters->size() > kFiltersMax) {
    return invalid_parameter("An event source mapping has at most 10 filters.");
  }
  for (const json::Value& filter : *filters) {
    if (!filter.is_object()) return invalid_parameter("Invalid filter pattern definition.");
    STATOR_TRY(const auto pattern, input.nested(filter.get_object()).text("Pattern"));
    STATOR_TRY_VOID(Pattern::parse(pattern.value_or("")));
    settings.filters.push_back(*pattern);
  }
  return {};
}

/// The Destination of a member of DestinationConfig; nothing when the member is absent.
Result<std::optional<std::string>> read_destination(const aws::Input& config,
                                                    std::string_view member) {
  STATOR_TRY(const auto* target, config.object(member));
  if (target == nullptr) return std::optional<std::string>();
  STATOR_TRY_VOID(config.nested(*target).allow_only({"Destination"}));
  STATOR_TRY(auto destination, config.nested(*target).text("Destination"));
  return std::optional(destination.value_or(""));
}

Result<void> read_destinations(const aws::Input& input, MappingSettings& settings) {
  STATOR_TRY(const auto* config, input.object("DestinationConfig"));
  if (config == nullptr) return {};
  const aws::Input members = input.nested(*config);
  STATOR_TRY_VOID(members.allow_only({"OnFailure", "OnSuccess"}));
  STATOR_TRY(const auto on_success, read_destination(members, "OnSuccess"));
  if (on_success && !on_success->empty()) {
    return invalid_parameter("OnSuccess destinations are not for event source mappings.");
  }
  STATOR_TRY(const auto on_failure, read_destination(members, "OnFailure"));
  settings.on_failure = on_failure.value_or("");
  return {};
}

Result<void> read_response_types(const aws::Input& input, MappingSettings& settings) {
  if (!input.has("FunctionResponseTypes")) return {};
  STATOR_TRY(const auto types, input.text_list("FunctionResponseTypes"));
  for (const auto& type : types) {
    if (type == "ReportBatchItemFailures") continue;
    return validation_failed("1 validation error detected: Value '[" + type +
                             "]' at 'functionResponseTypes' failed to satisfy constraint: Member "
                             "must satisfy constraint: [Member must satisfy enum value set: "
                             "[ReportBatchItemFailures]]");
  }
  settings.reports_item_failures = !types.empty();
  return {};
}

/// DynamoDB's streams are the event sources there are.
Result<void> check_event_source(const std::string& arn_text) {
  struct Other {
    std::string_view service;
    std::string_view name;
  };
  constexpr std::array<Other, 5> kOthers{{{"sqs", "Amazon SQS"},
                                          {"kinesis", "Amazon Kinesis"},
                                          {"kafka", "Amazon MSK"},
                                          {"mq", "Amazon MQ"},
                                          {"rds", "Amazon DocumentDB"}}};
  const auto arn = aws::Arn::parse(arn_text);
  if (!arn) {
    return validation_failed("1 validation error detected: Value '" + arn_text +
                             "' at 'eventSourceArn' failed to satisfy constraint: Member must "
                             "satisfy regular expression pattern: arn:(aws[a-zA-Z0-9-]*):"
                             "([a-zA-Z0-9\\-])+:([a-z]{2}(-gov)?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)");
  }
  for (const Other& other : kOthers) {
    if (arn->service != other.service) continue;
    return unsupported("stator has no " + std::string(other.name) +
                       ": the event sources of functions are DynamoDB Streams.");
  }
  const bool is_stream = arn->service == "dynamodb" && arn->resource.starts_with("table/") &&
                         arn->resource.find("/stream/") != std::string::npos;
  if (!is_stream) return invalid_parameter("Unrecognized event source.");
  return {};
}

Result<bool> read_starting_position(const aws::Input& input) {
  STATOR_TRY(const auto position, input.text("StartingPosition"));
  if (!position) {
    return invalid_parameter(
        "1 validation error detected: Value null at 'startingPosition' failed to satisfy "
        "constraint: Member must not be null.");
  }
  if (*position == "AT_TIMESTAMP") {
    return invalid_parameter(
        "Unsupported starting position for event source type 'DynamoDB': AT_TIMESTAMP.");
  }
  if (*position != "TRIM_HORIZON" && *position != "LATEST") {
    return validation_failed("1 validation error detected: Value '" + *position +
                             "' at 'startingPosition' failed to satisfy constraint: Member must "
                             "satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]");
  }
  return *position == "TRIM_HORIZON";
}

}  // namespace

Result<void> read_settings(const aws::Call& call, const aws::Input& input,
                           MappingSettings& settings) {
  STATOR_TRY(const auto function, input.text("FunctionName"));
  if (function) {
    STATOR_TRY(const auto reference, parse_function_name(call.account, call.region, *function));
    settings.function_arn = reference.qualified_arn();
  }
  STATOR_TRY(const auto is_enabled, input.boolean("Enabled"));
  settings.is_enabled = is_enabled.value_or(settings.is_enabled);
  STATOR_TRY(const auto bisects, input.boolean("BisectBatchOnFunctionError"));
  settings.bisects = bisects.value_or(settings.bisects);
  STATOR_TRY_VOID(read_numbers(input, settings));
  STATOR_TRY_VOID(read_filters(input, settings));
  STATOR_TRY_VOID(read_destinations(input, settings));
  return read_response_types(input, settings);
}

Result<Mapping> read_new_mapping(const aws::Call& call, const aws::Input& input) {
  Mapping mapping;
  mapping.account = call.account;
  mapping.region = call.region;
  STATOR_TRY_VOID(input.required_text("FunctionName"));
  STATOR_TRY(mapping.stream_arn, input.required_text("EventSourceArn"));
  STATOR_TRY_VOID(check_event_source(mapping.stream_arn));
  STATOR_TRY(mapping.is_from_horizon, read_starting_position(input));
  STATOR_TRY_VOID(read_settings(call, input, mapping.settings));
  mapping.last_modified = call.now;
  return mapping;
}

}  // namespace stator::lambda::sources
