#include <algorithm>

#include "base/time_format.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/policy_elements.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

constexpr std::int64_t kDurationMin = 900, kDurationMax = 43'200, kDurationDefault = 3'600;

Result<std::string> read_role_arn(const aws::Input& input) {
  STATOR_TRY(auto arn, input.required_text("RoleArn"));
  if (arn.size() < 20) {
    return constraint_error(arn, "RoleArn", "Member must have length greater than or equal to 20");
  }
  Access::Segments segments;
  const bool fits = arn.size() <= 2'048 && split_arn(arn, segments) && segments[1] == "iam" &&
                    is_account_id(segments[3]) && segments[4].starts_with("role/");
  if (!fits) return validation_error(arn.substr(0, 2'048) + " is invalid");
  return arn;
}

Result<std::string> read_session_name(const aws::Input& input) {
  STATOR_TRY(auto name, input.required_text("RoleSessionName"));
  if (name.size() < 2) {
    return constraint_error(name, "RoleSessionName",
                            "Member must have length greater than or equal to 2");
  }
  if (name.size() > 64) {
    return constraint_error(name, "RoleSessionName",
                            "Member must have length less than or equal to 64");
  }
  const bool fits = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_+=,.@-").find(c) != std::string_view::npos;
  });
  if (fits) return name;
  return constraint_error(name, "RoleSessionName",
                          "Member must satisfy regular expression pattern: [\\w+=,.@-]*");
}

Result<std::int64_t> read_duration(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto given, input.integer("DurationSeconds"));
  if (!given) return kDurationDefault;
  if (*given < kDurationMin) {
    return constraint_error(std::to_string(*given), "DurationSeconds",
                            "Member must have value greater than or equal to 900");
  }
  if (*given > kDurationMax) {
    return constraint_error(std::to_string(*given), "DurationSeconds",
                            "Member must have value less than or equal to 43200");
  }
  constexpr std::int64_t kChainedMax = 3'600;
  if (call.principal.kind == aws::Principal::Kind::kAssumedRole && *given > kChainedMax) {
    return validation_error(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
        "chaining");
  }
  return *given;
}

}  // namespace

/// Declares no needs because the caller's own policies are only half of the decision: a trust
/// policy that names the caller is enough without them. Identity::assume_role decides both halves.
/// Session policies, tags and source identities are refused; an ExternalId matters to conditions
/// alone.
aws::Operation assume_role(Identity& identity) {
  return aws::Operation::json(
      "AssumeRole", aws::ByName{},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> { return aws::Needs{}; },
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(
            input.allow_only({"RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId"}));
        STATOR_TRY(const auto role_arn, read_role_arn(input));
        STATOR_TRY(const auto session_name, read_session_name(input));
        STATOR_TRY(const auto duration, read_duration(call, input));
        const AssumeRole wanted{.role_arn = role_arn,
                                .session_name = session_name,
                                .duration = std::chrono::seconds(duration)};
        STATOR_TRY(const auto assumed, identity.assume_role(call, wanted));
        const auto& credentials = assumed.session.credentials;
        return json::Object{
            {"Credentials", json::Object{{"AccessKeyId", credentials.access_key_id.value},
                                         {"SecretAccessKey", credentials.secret.value},
                                         {"SessionToken", credentials.session_token},
                                         {"Expiration", iso8601(assumed.session.expires)}}},
            {"AssumedRoleUser",
             json::Object{{"AssumedRoleId", assumed.assumed_role_id}, {"Arn", assumed.arn}}}};
      });
}

}  // namespace stator::iam::ops
