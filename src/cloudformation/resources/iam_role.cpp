#include "cloudformation/resources/iam.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
namespace stator::cloudformation::resources {
namespace {

using namespace iam;

constexpr std::size_t kNameMax = 64;
constexpr std::string_view kTrust = "AssumeRolePolicyDocument";
constexpr int kMaxSessionDefault = 3'600;

Result<void> create(ResourceContext& context, const json::Object& properties) {
  STATOR_TRY_VOID(check_lists(properties));
  json::Object input =
      picked(properties, {"Path", "Description", "MaxSessionDuration", "PermissionsBoundary"});
  if (const auto tags = tags_of(context, properties); !tags.empty()) input["Tags"] = tag_list(tags);
  std::string name = text_of(properties, "RoleName");
  if (name.empty()) name = context.generate_name(kNameMax);
  input["RoleName"] = name;
  input[kTrust] = document_text(properties, kTrust);
  STATOR_TRY(const json::Object made, context.api.call(kService, "CreateRole", std::move(input)));
  STATOR_TRY(const json::Object role, object_in(made, "CreateRole", "Role"));
  STATOR_TRY_VOID(context.exists(
      {name, {{"Arn", text_of(role, "Arn")}, {"RoleId", text_of(role, "RoleId")}}, properties}));
  return add_policies(context, kRole, name, properties);
}

Result<void> remove(ResourceContext& context, const Existing& role) {
  STATOR_TRY_VOID(drop_policies(context, kRole, role));
  return gone(context.api.call(kService, "DeleteRole", target(kRole, role.physical_id)));
}

Result<void> update(ResourceContext& context, const Existing& role,
                    const json::Object& properties) {
  const std::string& name = role.physical_id;
  const std::string trust = document_text(properties, kTrust);
  if (trust != document_text(role.properties, kTrust)) {
    STATOR_TRY_VOID(context.api.call(kService, "UpdateAssumeRolePolicy",
                                     target(kRole, name, {{"PolicyDocument", trust}})));
  }
  if (differs(role.properties, properties, {"Description", "MaxSessionDuration"})) {
    json::Object input{{"Description", ""}, {"MaxSessionDuration", kMaxSessionDefault}};
    merge(input, picked(properties, {"Description", "MaxSessionDuration"}));
    STATOR_TRY_VOID(
        context.api.call(kService, "UpdateRole", target(kRole, name, std::move(input))));
  }
  STATOR_TRY_VOID(update_principal(context, kRole, role, properties));
  return context.exists({name, role.attributes, properties});
}

Result<json::Object> read(ResourceContext& context, const Existing& role) {
  STATOR_TRY(json::Object real, read_principal(context, kRole, role));
  real[kTrust] = decoded_document(real, kTrust);
  return compared(role.properties, real,
                  {kTrust, "RoleName", "Path", "Description", "MaxSessionDuration",
                   "PermissionsBoundary", "ManagedPolicyArns", "Policies", "Tags"});
}

}  // namespace

ResourceType iam_role() {
  constexpr auto kInPlace = OnChange::kInPlace;
  return {.name = "AWS::IAM::Role",
          .properties = {{kTrust, true, kInPlace},
                         {"RoleName", false, OnChange::kReplace},
                         {"Path", false, OnChange::kReplace},
                         {"Description", false, kInPlace},
                         {"MaxSessionDuration", false, kInPlace},
                         {"PermissionsBoundary", false, kInPlace},
                         {"ManagedPolicyArns", false, kInPlace},
                         {"Policies", false, kInPlace},
                         {"Tags", false, kInPlace}},
          .attributes = {"Arn", "RoleId"},
          .capability = "CAPABILITY_IAM",
          .name_property = "RoleName",
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
