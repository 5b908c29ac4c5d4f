#include "ecr/errors.hpp"
#include "ecr/members.hpp"
#include "ecr/ops/ops.hpp"

namespace stator::ecr {

namespace {

constexpr std::size_t kPolicyBytesMax = 30'720;

/// The rules are about images, of which there are none to try them on.
Result<void> check(std::string_view text) {
  const auto json = json::parse_object(text);
  const auto* rules = json ? json->if_contains("rules") : nullptr;
  if (text.size() > kPolicyBytesMax || rules == nullptr || !rules->is_array() ||
      rules->get_array().empty()) {
    return invalid_parameter(
        "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle "
        "policy validation failure: it must be an object with rules, of at most 30720 bytes'");
  }
  return {};
}

}  // namespace

aws::Operation put_lifecycle_policy(Repositories& repositories) {
  const auto needs = [&repositories](const aws::Call& call,
                                     const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, name_of(call, input));
    return needs_of("PutLifecyclePolicy", repositories, name, input);
  };
  const auto handle = [&repositories](aws::Call& call,
                                      const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"registryId", "repositoryName", "lifecyclePolicyText"}));
    STATOR_TRY(const auto name, name_of(call, input));
    STATOR_TRY(const auto text, input.required_text("lifecyclePolicyText"));
    STATOR_TRY_VOID(check(text));
    STATOR_TRY([[maybe_unused]] const auto changed,
               repositories.update(name, [&](Repository& repository) -> Result<void> {
                 repository.lifecycle_policy = text;
                 return {};
               }));
    auto out = name_members(name);
    out["lifecyclePolicyText"] = text;
    return out;
  };
  return aws::Operation::json("PutLifecyclePolicy", aws::ByName{}, needs, handle);
}

}  // namespace stator::ecr
