#include "cloudformation/resources/iam.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-group.html
namespace stator::cloudformation::resources {
namespace {

using namespace iam;

constexpr std::size_t kNameMax = 128;

Result<void> create(ResourceContext& context, const json::Object& properties) {
  STATOR_TRY_VOID(check_lists(properties));
  json::Object input = picked(properties, {"Path"});
  std::string name = text_of(properties, "GroupName");
  if (name.empty()) name = context.generate_name(kNameMax);
  input["GroupName"] = name;
  STATOR_TRY(const json::Object made, context.api.call(kService, "CreateGroup", std::move(input)));
  STATOR_TRY(const json::Object group, object_in(made, "CreateGroup", "Group"));
  STATOR_TRY_VOID(context.exists({name, {{"Arn", text_of(group, "Arn")}}, properties}));
  return add_policies(context, kGroup, name, properties);
}

Result<void> remove(ResourceContext& context, const Existing& group) {
  STATOR_TRY_VOID(drop_policies(context, kGroup, group));
  return gone(context.api.call(kService, "DeleteGroup", target(kGroup, group.physical_id)));
}

Result<void> update(ResourceContext& context, const Existing& group,
                    const json::Object& properties) {
  const std::string& name = group.physical_id;
  json::Object attributes = group.attributes;
  if (differs(group.properties, properties, "Path")) {
    const std::string path = text_of(properties, "Path");
    STATOR_TRY_VOID(context.api.call(
        kService, "UpdateGroup", target(kGroup, name, {{"NewPath", path.empty() ? "/" : path}})));
    STATOR_TRY(const json::Object answer,
               context.api.call(kService, "GetGroup", target(kGroup, name)));
    STATOR_TRY(const json::Object now, object_in(answer, "GetGroup", "Group"));
    attributes["Arn"] = text_of(now, "Arn");
  }
  STATOR_TRY_VOID(update_principal(context, kGroup, group, properties));
  return context.exists({name, attributes, properties});
}

Result<json::Object> read(ResourceContext& context, const Existing& group) {
  STATOR_TRY(const json::Object real, read_principal(context, kGroup, group));
  return compared(group.properties, real, {"GroupName", "Path", "ManagedPolicyArns", "Policies"});
}

}  // namespace

ResourceType iam_group() {
  constexpr auto kInPlace = OnChange::kInPlace;
  return {.name = "AWS::IAM::Group",
          .properties = {{"GroupName", false, OnChange::kReplace},
                         {"Path", false, kInPlace},
                         {"ManagedPolicyArns", false, kInPlace},
                         {"Policies", false, kInPlace}},
          .attributes = {"Arn"},
          .capability = "CAPABILITY_IAM",
          .name_property = "GroupName",
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
