#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation tag_policy(Identity& identity) {
  return aws::Operation::json(
      "TagPolicy", aws::ByName{}, policy_needs(identity, "iam:TagPolicy"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"PolicyArn", "Tags"}));
        STATOR_TRY(const auto tags, read_tags(input, TagCase::kKept));
        const auto lock = identity.records().lock();
        STATOR_TRY(auto policy, read_own_policy(identity, call, input));
        STATOR_TRY_VOID(merge_tags(policy.tags, tags, TagCase::kKept));
        STATOR_TRY_VOID(identity.records().put(call.account, policy));
        return json::Object();
      });
}

/// A key that is not there is no error.
aws::Operation untag_policy(Identity& identity) {
  return aws::Operation::json(
      "UntagPolicy", aws::ByName{}, policy_needs(identity, "iam:UntagPolicy"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"PolicyArn", "TagKeys"}));
        STATOR_TRY(const auto keys, read_tag_keys(input));
        const auto lock = identity.records().lock();
        STATOR_TRY(auto policy, read_own_policy(identity, call, input));
        remove_tags(policy.tags, keys, TagCase::kKept);
        STATOR_TRY_VOID(identity.records().put(call.account, policy));
        return json::Object();
      });
}

aws::Operation list_policy_tags(Identity& identity) {
  return aws::Operation::json(
      "ListPolicyTags", aws::ByName{}, policy_needs(identity, "iam:ListPolicyTags"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"PolicyArn", "Marker", "MaxItems"}));
        STATOR_TRY(const auto policy, read_managed_policy(identity, call, input));
        PageItems items;
        for (const auto& tag : policy.tags) {
          items.emplace_back(tag.key, json::Object{{"Key", tag.key}, {"Value", tag.value}});
        }
        return page_of(input, "Tags", std::move(items));
      });
}

}  // namespace stator::iam::ops
