#include "iam/suggestion.hpp"

#include "aws/arn.hpp"
#include "base/time_format.hpp"
#include "iam/decisions.hpp"
#include "iam/errors.hpp"
#include "iam/ops/stator_ops.hpp"
#include "iam/policy.hpp"

namespace stator::iam::ops {
namespace {

constexpr std::int64_t kSinceSecondsMax = 10LL * 365 * 86'400;

json::Array uses_json(const std::vector<Use>& uses) {
  json::Array list;
  for (const Use& use : uses) {
    list.push_back(json::Object{{"Action", use.action},
                                {"Resource", use.is_prefix ? use.resource + "*" : use.resource},
                                {"Count", use.count},
                                {"Last", iso8601(use.last)}});
  }
  return list;
}

Result<json::Object> handle(Identity& identity, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"RoleName", "SinceSeconds"}));
  STATOR_TRY(const std::string name, input.required_text("RoleName"));
  STATOR_TRY(const auto seconds, input.integer("SinceSeconds"));
  if (seconds && (*seconds < 1 || *seconds > kSinceSecondsMax)) {
    return validation_error("SinceSeconds must be between 1 and " +
                            std::to_string(kSinceSecondsMax));
  }
  STATOR_TRY(const auto role, identity.find_compiled(call.account, EntityKind::kRole, name));
  if (!role) return no_such_entity("The role with name " + name + " cannot be found.");
  const WallTime since = seconds ? call.now - std::chrono::seconds(*seconds) : from_epoch_ms(0);
  Usage& usage = identity.decisions().usage();
  const std::vector<Use> uses = usage.of(role->id, since);
  const json::Value policy = iam::suggest_policy(uses);
  const std::vector<std::string> unused = unused_actions(role->policies, uses);
  return json::Object{{"RoleName", name},
                      {"Arn", role->arn},
                      {"PolicyDocument", policy},
                      {"Uses", uses_json(uses)},
                      {"UnusedActions", json::Array(unused.begin(), unused.end())},
                      {"UsesDropped", usage.dropped()}};
}

}  // namespace

aws::Operation suggest_policy(Identity& identity) {
  return aws::Operation::json(
      "SuggestPolicy", aws::ByName{},
      [](const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
        STATOR_TRY(const auto name, input.text("RoleName"));
        return aws::Needs{{"stator:SuggestPolicy",
                           aws::make_arn("iam", "", call.account, "role/" + name.value_or(""))}};
      },
      [&identity](aws::Call& call, const aws::Input& input) {
        return handle(identity, call, input);
      });
}

}  // namespace stator::iam::ops
