#include <set>

#include "cloudformation/resources/resources.hpp"

namespace stator::cloudformation::resources {
namespace {

constexpr std::string_view kService = "iam";
constexpr std::size_t kNameMax = 64;

struct InlinePolicy {
  std::string name;
  std::string document;
  bool operator==(const InlinePolicy&) const = default;
};

std::vector<InlinePolicy> inline_policies(const json::Object& properties) {
  std::vector<InlinePolicy> policies;
  const json::Value* list = json::find(properties, "Policies");
  if (list == nullptr || !list->is_array()) return policies;
  for (const json::Value& item : list->get_array()) {
    if (!item.is_object()) continue;
    policies.push_back({text_of(item.get_object(), "PolicyName"),
                        document_text(item.get_object(), "PolicyDocument")});
  }
  return policies;
}

std::set<std::string> managed_policies(const json::Object& properties) {
  std::set<std::string> arns;
  const json::Value* list = json::find(properties, "ManagedPolicyArns");
  if (list == nullptr || !list->is_array()) return arns;
  for (const json::Value& item : list->get_array()) {
    if (item.is_string()) arns.emplace(item.get_string());
  }
  return arns;
}

Result<void> check_lists(const json::Object& properties) {
  for (const char* name : {"Policies", "ManagedPolicyArns"}) {
    const json::Value* list = json::find(properties, name);
    if (list != nullptr && !list->is_array()) return invalid(std::string(name) + " must be a list");
  }
  return {};
}

Result<void> attach(ResourceContext& context, const std::string& role, const std::string& arn) {
  STATOR_TRY_VOID(
      context.api.call(kService, "AttachRolePolicy", {{"RoleName", role}, {"PolicyArn", arn}}));
  return {};
}
Result<void> detach(ResourceContext& context, const std::string& role, const std::string& arn) {
  return gone(
      context.api.call(kService, "DetachRolePolicy", {{"RoleName", role}, {"PolicyArn", arn}}));
}
Result<void> put(ResourceContext& context, const std::string& role, const InlinePolicy& policy) {
  STATOR_TRY_VOID(context.api.call(
      kService, "PutRolePolicy",
      {{"RoleName", role}, {"PolicyName", policy.name}, {"PolicyDocument", policy.document}}));
  return {};
}
Result<void> take(ResourceContext& context, const std::string& role, const std::string& name) {
  return gone(
      context.api.call(kService, "DeleteRolePolicy", {{"RoleName", role}, {"PolicyName", name}}));
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  STATOR_TRY_VOID(check_lists(properties));
  json::Object input = picked(properties, {"Path", "Description", "MaxSessionDuration", "Tags"});
  std::string name = text_of(properties, "RoleName");
  if (name.empty()) name = context.generate_name(kNameMax);
  input["RoleName"] = name;
  input["AssumeRolePolicyDocument"] = document_text(properties, "AssumeRolePolicyDocument");
  STATOR_TRY(const json::Object made, context.api.call(kService, "CreateRole", std::move(input)));
  const json::Value* role = json::find(made, "Role");
  if (role == nullptr || !role->is_object()) return internal("CreateRole gave no Role");
  STATOR_TRY_VOID(context.exists({name,
                                  {{"Arn", text_of(role->get_object(), "Arn")},
                                   {"RoleId", text_of(role->get_object(), "RoleId")}},
                                  properties}));
  for (const std::string& arn : managed_policies(properties)) {
    STATOR_TRY_VOID(attach(context, name, arn));
  }
  for (const InlinePolicy& policy : inline_policies(properties)) {
    STATOR_TRY_VOID(put(context, name, policy));
  }
  return {};
}

Result<void> remove(ResourceContext& context, const Existing& role) {
  const std::string& name = role.physical_id;
  for (const std::string& arn : managed_policies(role.properties)) {
    STATOR_TRY_VOID(detach(context, name, arn));
  }
  for (const InlinePolicy& policy : inline_policies(role.properties)) {
    STATOR_TRY_VOID(take(context, name, policy.name));
  }
  return gone(context.api.call(kService, "DeleteRole", {{"RoleName", name}}));
}

/// Grants first and takes away last, so that a role in use never has less than both versions share.
Result<void> update(ResourceContext& context, const Existing& role,
                    const json::Object& properties) {
  STATOR_TRY_VOID(check_lists(properties));
  const std::string& name = role.physical_id;
  const std::string trust = document_text(properties, "AssumeRolePolicyDocument");
  if (trust != document_text(role.properties, "AssumeRolePolicyDocument")) {
    STATOR_TRY_VOID(context.api.call(kService, "UpdateAssumeRolePolicy",
                                     {{"RoleName", name}, {"PolicyDocument", trust}}));
  }
  const auto new_arns = managed_policies(properties), old_arns = managed_policies(role.properties);
  for (const std::string& arn : new_arns) {
    if (!old_arns.contains(arn)) STATOR_TRY_VOID(attach(context, name, arn));
  }
  std::set<std::string> kept;
  for (const InlinePolicy& policy : inline_policies(properties)) {
    STATOR_TRY_VOID(put(context, name, policy));
    kept.insert(policy.name);
  }
  for (const std::string& arn : old_arns) {
    if (!new_arns.contains(arn)) STATOR_TRY_VOID(detach(context, name, arn));
  }
  for (const InlinePolicy& policy : inline_policies(role.properties)) {
    if (!kept.contains(policy.name)) STATOR_TRY_VOID(take(context, name, policy.name));
  }
  return context.exists({name, role.attributes, properties});
}

}  // namespace

ResourceType iam_role() {
  return {.name = "AWS::IAM::Role",
          .properties = {{"AssumeRolePolicyDocument", true, OnChange::kInPlace},
                         {"RoleName"},
                         {"Path"},
                         {"Description"},
                         {"MaxSessionDuration"},
                         {"ManagedPolicyArns", false, OnChange::kInPlace},
                         {"Policies", false, OnChange::kInPlace},
                         {"Tags"}},
          .attributes = {"Arn", "RoleId"},
          .capability = "CAPABILITY_IAM",
          .name_property = "RoleName",
          .create = create,
          .remove = remove,
          .update = update};
}

}  // namespace stator::cloudformation::resources
