#include "base/ids.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html
namespace stator::cloudformation::resources {
namespace {

constexpr std::string_view kService = "ssm";

json::Object input_of(const json::Object& properties, const std::string& name) {
  json::Object input = picked(properties, {"Value", "Type", "Description", "AllowedPattern",
                                           "DataType", "Tier", "Policies"});
  input["Name"] = name;
  return input;
}

/// AWS makes no secrets from templates.
Result<void> check_type(const json::Object& properties) {
  const std::string type = text_of(properties, "Type");
  if (type == "String" || type == "StringList") return {};
  return invalid("Type must be String or StringList");
}

json::Object tagging_target(const std::string& name) {
  return {{"ResourceType", "Parameter"}, {"ResourceId", name}};
}

Existing existing_of(const std::string& name, const json::Object& properties) {
  return {name, picked(properties, {"Type", "Value"}), properties};
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  STATOR_TRY_VOID(check_type(properties));
  std::string name = text_of(properties, "Name");
  if (name.empty()) {
    name = "CFN-" + context.logical_id + "-" + random_text(context.random, kUpperAlnum, 12);
    if (context.chosen) context.chosen(name);
  }
  json::Object input = input_of(properties, name);
  if (const auto tags = tags_of(context, properties); !tags.empty()) input["Tags"] = tag_list(tags);
  STATOR_TRY_VOID(context.api.call(kService, "PutParameter", std::move(input)));
  return context.exists(existing_of(name, properties));
}

/// Overwriting keeps what it is not told, so an empty text takes the description away.
Result<void> update(ResourceContext& context, const Existing& parameter,
                    const json::Object& properties) {
  STATOR_TRY_VOID(check_type(properties));
  const std::string& name = parameter.physical_id;
  json::Object before = parameter.properties, after = properties;
  before.erase("Tags");
  after.erase("Tags");
  if (before != after) {
    json::Object input = input_of(properties, name);
    for (const std::string_view member : {"Description", "AllowedPattern"}) {
      if (before.contains(member) && !input.contains(member)) input[member] = "";
    }
    input["Overwrite"] = true;
    STATOR_TRY_VOID(context.api.call(kService, "PutParameter", std::move(input)));
  }
  TagChange change = tag_change(context, parameter, properties);
  if (!change.dropped.empty()) {
    json::Object input = tagging_target(name);
    input["TagKeys"] = std::move(change.dropped);
    STATOR_TRY_VOID(context.api.call(kService, "RemoveTagsFromResource", std::move(input)));
  }
  if (!change.set.empty()) {
    json::Object input = tagging_target(name);
    input["Tags"] = tag_list(change.set);
    STATOR_TRY_VOID(context.api.call(kService, "AddTagsToResource", std::move(input)));
  }
  return context.exists(existing_of(name, properties));
}

Result<void> remove(ResourceContext& context, const Existing& parameter) {
  return gone(context.api.call(kService, "DeleteParameter", {{"Name", parameter.physical_id}}));
}

/// The description and the pattern are told by DescribeParameters alone, which CloudFormation's
/// callers need not be allowed.
Result<json::Object> read(ResourceContext& context, const Existing& parameter) {
  STATOR_TRY(const json::Object answer,
             context.api.call(kService, "GetParameter", {{"Name", parameter.physical_id}}));
  STATOR_TRY(json::Object real, object_in(answer, "GetParameter", "Parameter"));
  STATOR_TRY(const json::Object tags, context.api.call(kService, "ListTagsForResource",
                                                       tagging_target(parameter.physical_id)));
  real["Tags"] = real_tags(context, parameter.properties, tags_by_key(json::find(tags, "TagList")));
  return compared(parameter.properties, real, {"Name", "Type", "Value", "DataType", "Tags"});
}

}  // namespace

ResourceType ssm_parameter() {
  constexpr auto kInPlace = OnChange::kInPlace;
  return {.name = "AWS::SSM::Parameter",
          .properties = {{"Type", true, kInPlace},
                         {"Value", true, kInPlace},
                         {"Name", false, OnChange::kReplace},
                         {"Description", false, kInPlace},
                         {"AllowedPattern", false, kInPlace},
                         {"DataType", false, kInPlace},
                         {"Tier", false, kInPlace},
                         {"Policies", false, kInPlace},
                         {"Tags", false, kInPlace}},
          .attributes = {"Type", "Value"},
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
