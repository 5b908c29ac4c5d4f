#include "cloudformation/resources/resources.hpp"

namespace stator::cloudformation::resources {
namespace {

constexpr std::string_view kService = "iam";

std::vector<std::string> roles_of(const json::Object& properties) {
  std::vector<std::string> names;
  const json::Value* roles = json::find(properties, "Roles");
  if (roles == nullptr || !roles->is_array()) return names;
  for (const json::Value& role : roles->get_array()) {
    if (role.is_string()) names.emplace_back(role.get_string());
  }
  return names;
}

Result<void> put(ResourceContext& context, const json::Object& properties) {
  for (const std::string& role : roles_of(properties)) {
    STATOR_TRY_VOID(
        context.api.call(kService, "PutRolePolicy",
                         {{"RoleName", role},
                          {"PolicyName", text_of(properties, "PolicyName")},
                          {"PolicyDocument", document_text(properties, "PolicyDocument")}}));
  }
  return {};
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  if (roles_of(properties).empty()) {
    return invalid("At least one of [Groups,Roles,Users] must be non-empty.");
  }
  // Putting is idempotent and taking away what was not put is harmless, so it exists from here.
  STATOR_TRY_VOID(context.exists({text_of(properties, "PolicyName"), {}, properties}));
  return put(context, properties);
}

Result<void> remove(ResourceContext& context, const Existing& policy) {
  for (const std::string& role : roles_of(policy.properties)) {
    STATOR_TRY_VOID(gone(context.api.call(
        kService, "DeleteRolePolicy", {{"RoleName", role}, {"PolicyName", policy.physical_id}})));
  }
  return {};
}

Result<void> update(ResourceContext& context, const Existing& policy,
                    const json::Object& properties) {
  STATOR_TRY_VOID(put(context, properties));
  return context.exists({policy.physical_id, policy.attributes, properties});
}

}  // namespace

ResourceType iam_policy() {
  return {
      .name = "AWS::IAM::Policy",
      .properties = {{"PolicyName", true}, {"PolicyDocument", true, OnChange::kInPlace}, {"Roles"}},
      .attributes = {},
      .capability = "CAPABILITY_IAM",
      .create = create,
      .remove = remove,
      .update = update};
}

}  // namespace stator::cloudformation::resources
