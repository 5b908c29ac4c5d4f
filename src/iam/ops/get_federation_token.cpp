#include "aws/arn.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/ops/sts_shared.hpp"
#include "iam/session_policies.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

constexpr std::int64_t kDurationMax = 129'600, kDurationDefault = 43'200, kRootDurationMax = 3'600;

std::string federated_arn(const aws::Call& call, std::string_view name) {
  return aws::make_arn("sts", "", call.account, "federated-user/" + std::string(name));
}

/// sts:GetFederationToken on the federated user and, with tags, sts:TagSession.
Result<aws::Needs> federation_needs(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto name, input.text("Name"));
  STATOR_TRY(const auto tags, read_tags(input));
  const std::string arn = federated_arn(call, name.value_or(""));
  const auto keys = [tags] {
    aws::ConditionKeys made;
    aws::ConditionKey names{"aws:TagKeys", {}};
    for (const auto& tag : tags) {
      made.push_back({"aws:RequestTag/" + tag.key, {tag.value}});
      names.values.push_back(tag.key);
    }
    if (!tags.empty()) made.push_back(std::move(names));
    return made;
  };
  aws::Needs needs;
  needs.push_back({.action = "sts:GetFederationToken", .resource = arn, .keys = keys});
  if (!tags.empty()) needs.push_back({.action = "sts:TagSession", .resource = arn, .keys = keys});
  return needs;
}

}  // namespace

/// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
aws::Operation get_federation_token(Identity& identity) {
  return aws::Operation::json(
      "GetFederationToken", aws::ByName{}, federation_needs,
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(
            input.allow_only({"Name", "DurationSeconds", "Policy", "PolicyArns", "Tags"}));
        STATOR_TRY_VOID(refuse_sessions(call, "GetFederationToken"));
        STATOR_TRY(const auto name, required_sts_text(input, "Name", {.length_max = 32}));
        STATOR_TRY(auto duration, read_sts_duration(input, kDurationMax, kDurationDefault));
        STATOR_TRY(auto extras, read_extras(input));
        STATOR_TRY_VOID(check_session_policies(identity.records(), call.account, extras));
        const aws::Principal& caller = call.principal;
        const bool is_root = caller.kind == aws::Principal::Kind::kRoot;
        if (is_root) duration = std::min(duration, std::chrono::seconds(kRootDurationMax));
        Session session{.kind = Session::Kind::kFederatedUser,
                        .account = caller.account,
                        .name = is_root ? std::string() : name_of_user(caller),
                        .id = is_root ? std::string() : caller.user_id,
                        .session_name = name,
                        .access_key_id = {},
                        .issued = call.now,
                        .expires = call.now + duration,
                        .extras = std::move(extras)};
        STATOR_TRY(const auto issued, identity.sessions().issue(std::move(session)));
        json::Object answer{
            {"Credentials", credentials_answer(issued)},
            {"FederatedUser", json::Object{{"FederatedUserId", caller.account + ":" + name},
                                           {"Arn", federated_arn(call, name)}}}};
        add_extras(answer, issued, {});
        return answer;
      });
}

}  // namespace stator::iam::ops
