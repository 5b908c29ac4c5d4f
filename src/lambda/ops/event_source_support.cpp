#include "lambda/ops/event_source_support.hpp"

#include <algorithm>
#include <array>

#include "aws/arn.hpp"
#include "lambda/names.hpp"

namespace stator::lambda::ops {

Result<sources::Mappings::Ptr> find_mapping(const sources::EventSources& sources,
                                            const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto uuid, input.required_text("UUID"));
  return sources.mappings().find(call.account, call.region, uuid);
}

Result<std::string> read_function_arn(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto name, input.text("FunctionName"));
  if (!name) return std::string();
  STATOR_TRY(const auto reference, parse_function_name(call.account, call.region, *name));
  return reference.qualified_arn();
}

aws::Permission mapping_need(std::string action, std::string resource,
                             const std::string& function_arn) {
  aws::Permission need{std::move(action), std::move(resource)};
  if (function_arn.empty()) return need;
  need.keys = [function_arn] { return aws::ConditionKeys{{"lambda:FunctionArn", {function_arn}}}; };
  return need;
}

aws::Operation::JsonNeeds needs_mapping(const sources::EventSources& sources, std::string action) {
  return [&sources, action = std::move(action)](const aws::Call& call,
                                                const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto uuid, input.required_text("UUID"));
    STATOR_TRY(const auto wanted, read_function_arn(call, input));
    const auto mapping = sources.mappings().find(call.account, call.region, uuid);
    const std::string current = mapping ? (*mapping)->settings.function_arn : "";
    const std::string resource =
        aws::make_arn("lambda", call.region, call.account, "event-source-mapping:" + uuid);
    aws::Needs needs{mapping_need(action, resource, current)};
    if (!wanted.empty() && wanted != current) {
      needs.push_back(mapping_need(action, resource, wanted));
    }
    return needs;
  };
}

Result<void> allow_mapping_members(const aws::Input& input,
                                   std::initializer_list<std::string_view> further) {
  constexpr std::array<std::string_view, 12> kKnown{"FunctionName",
                                                    "Enabled",
                                                    "BatchSize",
                                                    "FilterCriteria",
                                                    "MaximumBatchingWindowInSeconds",
                                                    "ParallelizationFactor",
                                                    "DestinationConfig",
                                                    "MaximumRecordAgeInSeconds",
                                                    "BisectBatchOnFunctionError",
                                                    "MaximumRetryAttempts",
                                                    "TumblingWindowInSeconds",
                                                    "FunctionResponseTypes"};
  json::Object rest;
  for (const auto& member : input.members()) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) rest[name] = member.value();
  }
  return aws::Input(std::move(rest)).allow_only(further);
}

}  // namespace stator::lambda::ops
