#include "iam/answers.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

Result<ManagedPolicy> read_policy(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(
      input.allow_only({"PolicyName", "Path", "PolicyDocument", "Description", "Tags"}));
  ManagedPolicy policy;
  STATOR_TRY(policy.name, read_name(input, "PolicyName", kPolicyNameMax));
  STATOR_TRY(policy.path, read_path(input, "Path"));
  STATOR_TRY(policy.description, read_description(input));
  STATOR_TRY(policy.tags, read_tags(input, TagCase::kKept));
  STATOR_TRY(auto document, read_document(input, "PolicyDocument", PolicyKind::kManaged));
  if (policy_size(document) > kManagedBytesMax) {
    return limit_exceeded("Cannot exceed quota for PolicySize: 6144");
  }
  policy.created = policy.updated = call.now;
  policy.versions.push_back({"v1", std::move(document), call.now});
  return policy;
}

Result<aws::Needs> needs(const aws::Call& call, const aws::Input& input) {
  ManagedPolicy policy;
  STATOR_TRY(const auto name, input.text("PolicyName"));
  STATOR_TRY(const auto path, input.text("Path"));
  policy.name = name.value_or("");
  policy.path = path.value_or("/");
  const auto arn = policy_arn(call.account, policy);
  const auto keys = [&input] { return request_keys(input); };
  aws::Needs needs{{.action = "iam:CreatePolicy", .resource = arn, .keys = keys}};
  if (input.has("Tags")) {
    needs.push_back({.action = "iam:TagPolicy", .resource = arn, .keys = keys});
  }
  return needs;
}

}  // namespace

aws::Operation create_policy(Identity& identity) {
  return aws::Operation::json(
      "CreatePolicy", aws::ByName{}, needs,
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(auto policy, read_policy(call, input));
        auto& records = identity.records();
        const auto lock = records.lock();
        STATOR_TRY(const auto taken, records.find_policy(call.account, policy.name));
        if (taken) {
          return entity_already_exists("A policy called " + policy.name +
                                       " already exists. Duplicate names are not allowed.");
        }
        STATOR_TRY(const auto count, records.count_policies(call.account));
        if (count >= kPoliciesMax) {
          return limit_exceeded("Cannot exceed quota for PoliciesPerAccount: 1500");
        }
        policy.id = make_unique_id(identity, "ANPA");
        STATOR_TRY_VOID(records.put(call.account, policy));
        return json::Object{{"Policy", policy_answer(call.account, policy, {}, Detail::kCreated)}};
      });
}

}  // namespace stator::iam::ops
