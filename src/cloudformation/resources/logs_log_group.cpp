#include "cloudformation/resources/resources.hpp"

namespace stator::cloudformation::resources {
namespace {

constexpr std::string_view kService = "logs";
constexpr std::size_t kNameMax = 512;

Result<std::string> find_arn(ResourceContext& context, const std::string& name) {
  STATOR_TRY(const json::Object answer,
             context.api.call(kService, "DescribeLogGroups", {{"logGroupNamePrefix", name}}));
  const json::Value* groups = json::find(answer, "logGroups");
  if (groups != nullptr && groups->is_array()) {
    for (const json::Value& group : groups->get_array()) {
      if (group.is_object() && text_of(group.get_object(), "logGroupName") == name) {
        return text_of(group.get_object(), "arn");
      }
    }
  }
  return internal("DescribeLogGroups does not list '" + name + "'");
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  std::string name = text_of(properties, "LogGroupName");
  if (name.empty()) name = context.generate_name(kNameMax);
  json::Object input{{"logGroupName", name}};
  if (json::Object tags = tag_map(properties); !tags.empty()) input["tags"] = std::move(tags);
  STATOR_TRY_VOID(context.api.call(kService, "CreateLogGroup", std::move(input)));
  STATOR_TRY_VOID(context.exists({name, {}, properties}));
  STATOR_TRY(const std::string arn, find_arn(context, name));
  STATOR_TRY_VOID(context.exists({name, {{"Arn", arn}}, properties}));
  if (const json::Value* days = json::find(properties, "RetentionInDays")) {
    STATOR_TRY_VOID(context.api.call(kService, "PutRetentionPolicy",
                                     {{"logGroupName", name}, {"retentionInDays", *days}}));
  }
  return {};
}

Result<void> remove(ResourceContext& context, const Existing& group) {
  return gone(context.api.call(kService, "DeleteLogGroup", {{"logGroupName", group.physical_id}}));
}

}  // namespace

ResourceType logs_log_group() {
  return {.name = "AWS::Logs::LogGroup",
          .properties = {{"LogGroupName"}, {"RetentionInDays"}, {"Tags"}},
          .attributes = {"Arn"},
          .create = create,
          .remove = remove};
}

}  // namespace stator::cloudformation::resources
