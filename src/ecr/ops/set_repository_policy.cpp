#include "ecr/errors.hpp"
#include "ecr/members.hpp"
#include "ecr/ops/ops.hpp"
#include "iam/lockout.hpp"

namespace stator::ecr {

namespace {

constexpr std::size_t kPolicyBytesMax = 10'240;

}  // namespace

aws::Operation set_repository_policy(Repositories& repositories) {
  const auto needs = [&repositories](const aws::Call& call,
                                     const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, name_of(call, input));
    return needs_of("SetRepositoryPolicy", repositories, name, input);
  };
  const auto handle = [&repositories](aws::Call& call,
                                      const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"registryId", "repositoryName", "policyText", "force"}));
    STATOR_TRY(const auto name, name_of(call, input));
    STATOR_TRY(const auto text, input.required_text("policyText"));
    STATOR_TRY(const auto is_forced, input.boolean("force"));
    if (text.size() > kPolicyBytesMax) {
      return invalid_parameter("A repository's policy has at most 10240 bytes");
    }
    STATOR_TRY(const auto policy, compile_policy(text));
    const aws::Permission again{"ecr:SetRepositoryPolicy", repository_arn(name)};
    if (!is_forced.value_or(false) && iam::denies(*policy, call, again)) {
      return invalid_parameter(
          "The policy would deny ecr:SetRepositoryPolicy to its author. Send force to confirm.");
    }
    STATOR_TRY([[maybe_unused]] const auto changed,
               repositories.update(name, [&](Repository& repository) -> Result<void> {
                 repository.policy = text;
                 return {};
               }));
    auto out = name_members(name);
    out["policyText"] = text;
    return out;
  };
  return aws::Operation::json("SetRepositoryPolicy", aws::ByName{}, needs, handle);
}

}  // namespace stator::ecr
