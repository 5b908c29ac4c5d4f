#include "base/check.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/ops/sts_shared.hpp"
#include "iam/validation.hpp"
#include "iam/web_identity.hpp"

namespace stator::iam::ops {
namespace {

constexpr std::int64_t kDurationMax = 43'200, kDurationDefault = 3'600;

Result<std::string> read_token(const aws::Input& input) {
  constexpr std::size_t kMin = 4;
  constexpr std::string_view kMember = "WebIdentityToken";
  STATOR_TRY(auto token, input.required_text(kMember));
  if (token.size() < kMin) {
    return constraint_error(token, kMember, "Member must have length greater than or equal to 4");
  }
  if (token.size() > oidc::kTokenBytesMax) {
    return constraint_error(token, kMember, "Member must have length less than or equal to 20000");
  }
  return token;
}

}  // namespace

/// The token is the proof, so the request needs no signature, and the role's trust policy alone
/// decides. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
aws::Operation assume_role_with_web_identity(Identity& identity) {
  return aws::Operation::json(
             "AssumeRoleWithWebIdentity", aws::ByName{},
             [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> { return aws::Needs{}; },
             [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
               STATOR_TRY_VOID(input.allow_only({"RoleArn", "RoleSessionName", "WebIdentityToken",
                                                 "PolicyArns", "Policy", "DurationSeconds"}));
               STATOR_TRY(const auto role_arn, read_role_arn(input));
               STATOR_TRY(const auto session_name, required_sts_text(input, "RoleSessionName", {}));
               STATOR_TRY(const auto token, read_token(input));
               STATOR_TRY(const auto duration,
                          read_sts_duration(input, kDurationMax, kDurationDefault));
               STATOR_TRY(auto limits, read_extras(input));
               Access::Segments arn;
               STATOR_CHECK(split_arn(role_arn, arn));  // as read_role_arn() has seen
               STATOR_TRY(auto verified,
                          verify_web_identity({identity.oidc_providers(), identity.issuers()},
                                              arn[3], token, call.now));
               verified.extras.policy = std::move(limits.policy);
               verified.extras.policy_arns = std::move(limits.policy_arns);
               STATOR_TRY(const auto assumed,
                          identity.assumption().for_web_identity(
                              verified.identity, {.role_arn = role_arn,
                                                  .session_name = session_name,
                                                  .duration = duration,
                                                  .extras = std::move(verified.extras)}));
               json::Object answer{
                   {"SubjectFromWebIdentityToken", verified.subject},
                   {"Audience", verified.audience},
                   {"AssumedRoleUser",
                    json::Object{{"AssumedRoleId", assumed.assumed_role_id}, {"Arn", assumed.arn}}},
                   {"Credentials", credentials_answer(assumed.session)},
                   {"Provider", verified.identity.provider_arn}};
               add_extras(answer, assumed.session, assumed.source_identity);
               return answer;
             })
      .without_signature();
}

}  // namespace stator::iam::ops
