#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/ops/sts_shared.hpp"

namespace stator::iam::ops {
namespace {

constexpr std::int64_t kDurationMax = 43'200, kDurationDefault = 3'600, kChainedMax = 3'600;

Result<std::chrono::seconds> read_duration(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto duration, read_sts_duration(input, kDurationMax, kDurationDefault));
  if (call.principal.kind == aws::Principal::Kind::kAssumedRole && duration.count() > kChainedMax) {
    return validation_error(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
        "chaining");
  }
  return duration;
}

}  // namespace

/// Declares no needs because the caller's own policies are only half of the decision: a trust
/// policy that names the caller is enough without them. RoleAssumption decides both halves.
aws::Operation assume_role(Identity& identity) {
  return aws::Operation::json(
      "AssumeRole", aws::ByName{},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> { return aws::Needs{}; },
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"RoleArn", "RoleSessionName", "DurationSeconds",
                                          "ExternalId", "Policy", "PolicyArns", "Tags",
                                          "TransitiveTagKeys", "SourceIdentity"}));
        STATOR_TRY(const auto role_arn, read_role_arn(input));
        STATOR_TRY(const auto session_name, required_sts_text(input, "RoleSessionName", {}));
        STATOR_TRY(const auto duration, read_duration(call, input));
        STATOR_TRY(
            const auto external_id,
            read_sts_text(input, "ExternalId",
                          {.length_max = 1'224, .more = ":/", .pattern = "[\\w+=,.@:\\/-]*"}));
        STATOR_TRY(auto extras, read_extras(input));
        STATOR_TRY(const auto assumed,
                   identity.assumption().for_caller(call, {.role_arn = role_arn,
                                                           .session_name = session_name,
                                                           .duration = duration,
                                                           .extras = std::move(extras),
                                                           .external_id = external_id}));
        json::Object answer{
            {"Credentials", credentials_answer(assumed.session)},
            {"AssumedRoleUser",
             json::Object{{"AssumedRoleId", assumed.assumed_role_id}, {"Arn", assumed.arn}}}};
        add_extras(answer, assumed.session, assumed.source_identity);
        return answer;
      });
}

}  // namespace stator::iam::ops
