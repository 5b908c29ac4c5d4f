#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/ops/sts_shared.hpp"

namespace stator::iam::ops {
namespace {

constexpr std::int64_t kDurationMax = 129'600, kDurationDefault = 43'200, kRootDurationMax = 3'600;

}  // namespace

/// Needs no permission.
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
aws::Operation get_session_token(Identity& identity) {
  return aws::Operation::json(
      "GetSessionToken", aws::ByName{},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> { return aws::Needs{}; },
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"DurationSeconds"}));
        STATOR_TRY_VOID(refuse_sessions(call, "GetSessionToken"));
        STATOR_TRY(auto duration, read_sts_duration(input, kDurationMax, kDurationDefault));
        const aws::Principal& caller = call.principal;
        const bool is_root = caller.kind == aws::Principal::Kind::kRoot;
        if (is_root) duration = std::min(duration, std::chrono::seconds(kRootDurationMax));
        Session session{.kind = is_root ? Session::Kind::kRoot : Session::Kind::kUser,
                        .account = caller.account,
                        .name = is_root ? std::string() : name_of_user(caller),
                        .id = caller.user_id,
                        .session_name = {},
                        .access_key_id = {},
                        .issued = call.now,
                        .expires = call.now + duration,
                        .extras = {}};
        STATOR_TRY(const auto issued, identity.sessions().issue(std::move(session)));
        return json::Object{{"Credentials", credentials_answer(issued)}};
      });
}

}  // namespace stator::iam::ops
