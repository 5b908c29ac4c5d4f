#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// AWS::Logs::LogGroup and AWS::Logs::LogStream.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html
namespace stator::cloudformation::resources {
namespace {

constexpr std::string_view kService = "logs";
constexpr std::size_t kNameMax = 512;

/// DescribeLogGroups or DescribeLogStreams, which list what begins with a name.
Result<json::Object> find_named(ResourceContext& context, std::string_view operation,
                                json::Object input, std::string_view name_member) {
  const std::string prefix = text_of(input, std::string(name_member) + "Prefix");
  STATOR_TRY(const json::Object answer, context.api.call(kService, operation, std::move(input)));
  for (const std::string_view list : {"logGroups", "logStreams"}) {
    const json::Value* found = json::find(answer, list);
    if (found == nullptr || !found->is_array()) continue;
    for (const json::Value& one : found->get_array()) {
      if (one.is_object() && text_of(one.get_object(), name_member) == prefix) {
        return one.get_object();
      }
    }
  }
  return not_found(std::string(operation) + " does not list '" + prefix + "'");
}

Result<json::Object> find_group(ResourceContext& context, const std::string& name) {
  return find_named(context, "DescribeLogGroups", {{"logGroupNamePrefix", name}}, "logGroupName");
}

Result<void> set_retention(ResourceContext& context, const std::string& name,
                           const json::Object& before, const json::Object& after) {
  if (!differs(before, after, "RetentionInDays")) return {};
  const json::Value* days = json::find(after, "RetentionInDays");
  if (days == nullptr) {
    return gone(context.api.call(kService, "DeleteRetentionPolicy", {{"logGroupName", name}}));
  }
  STATOR_TRY_VOID(context.api.call(kService, "PutRetentionPolicy",
                                   {{"logGroupName", name}, {"retentionInDays", *days}}));
  return {};
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  std::string name = text_of(properties, "LogGroupName");
  if (name.empty()) name = context.generate_name(kNameMax);
  json::Object input = renamed(properties, {{"LogGroupClass", "logGroupClass"}});
  input["logGroupName"] = name;
  if (json::Object tags = tags_of(context, properties); !tags.empty()) {
    input["tags"] = std::move(tags);
  }
  STATOR_TRY_VOID(context.api.call(kService, "CreateLogGroup", std::move(input)));
  STATOR_TRY_VOID(context.exists({name, {}, properties}));
  STATOR_TRY(const json::Object group, find_group(context, name));
  STATOR_TRY_VOID(context.exists({name, {{"Arn", text_of(group, "arn")}}, properties}));
  return set_retention(context, name, {}, properties);
}

Result<void> remove(ResourceContext& context, const Existing& group) {
  return gone(context.api.call(kService, "DeleteLogGroup", {{"logGroupName", group.physical_id}}));
}

/// The group's ARN as tagging takes it, without ":*".
std::string tagging_arn(const Existing& group) {
  std::string arn = text_of(group.attributes, "Arn");
  if (arn.ends_with(":*")) arn.resize(arn.size() - 2);
  return arn;
}

Result<void> update(ResourceContext& context, const Existing& group,
                    const json::Object& properties) {
  const std::string& name = group.physical_id;
  STATOR_TRY_VOID(set_retention(context, name, group.properties, properties));
  TagChange change = tag_change(context, group, properties);
  if (!change.dropped.empty()) {
    STATOR_TRY_VOID(context.api.call(
        kService, "UntagResource",
        {{"resourceArn", tagging_arn(group)}, {"tagKeys", std::move(change.dropped)}}));
  }
  if (!change.set.empty()) {
    STATOR_TRY_VOID(
        context.api.call(kService, "TagResource",
                         {{"resourceArn", tagging_arn(group)}, {"tags", std::move(change.set)}}));
  }
  return context.exists({name, group.attributes, properties});
}

Result<json::Object> read(ResourceContext& context, const Existing& group) {
  STATOR_TRY(const json::Object now, find_group(context, group.physical_id));
  json::Object real = renamed(now, {{"logGroupName", "LogGroupName"},
                                    {"retentionInDays", "RetentionInDays"},
                                    {"logGroupClass", "LogGroupClass"}});
  STATOR_TRY(const json::Object tags, context.api.call(kService, "ListTagsForResource",
                                                       {{"resourceArn", tagging_arn(group)}}));
  real["Tags"] = real_tags(context, group.properties, object_at(tags, "tags"));
  return compared(group.properties, real,
                  {"LogGroupName", "RetentionInDays", "LogGroupClass", "Tags"});
}

Result<void> create_stream(ResourceContext& context, const json::Object& properties) {
  std::string name = text_of(properties, "LogStreamName");
  if (name.empty()) name = context.generate_name(kNameMax);
  STATOR_TRY_VOID(context.api.call(
      kService, "CreateLogStream",
      {{"logGroupName", text_of(properties, "LogGroupName")}, {"logStreamName", name}}));
  return context.exists({name, {}, properties});
}

Result<void> remove_stream(ResourceContext& context, const Existing& stream) {
  return gone(context.api.call(kService, "DeleteLogStream",
                               {{"logGroupName", text_of(stream.properties, "LogGroupName")},
                                {"logStreamName", stream.physical_id}}));
}

Result<json::Object> read_stream(ResourceContext& context, const Existing& stream) {
  STATOR_TRY(const json::Object now,
             find_named(context, "DescribeLogStreams",
                        {{"logGroupName", text_of(stream.properties, "LogGroupName")},
                         {"logStreamNamePrefix", stream.physical_id}},
                        "logStreamName"));
  return compared(stream.properties, renamed(now, {{"logStreamName", "LogStreamName"}}),
                  {"LogStreamName"});
}

}  // namespace

ResourceType logs_log_group() {
  constexpr auto kInPlace = OnChange::kInPlace;
  constexpr auto kReplace = OnChange::kReplace;
  return {.name = "AWS::Logs::LogGroup",
          .properties = {{"LogGroupName", false, kReplace},
                         {"LogGroupClass", false, kReplace},
                         {"RetentionInDays", false, kInPlace},
                         {"Tags", false, kInPlace}},
          .attributes = {"Arn"},
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

ResourceType logs_log_stream() {
  constexpr auto kReplace = OnChange::kReplace;
  return {.name = "AWS::Logs::LogStream",
          .properties = {{"LogGroupName", true, kReplace}, {"LogStreamName", false, kReplace}},
          .attributes = {},
          .create = create_stream,
          .remove = remove_stream,
          .read = read_stream};
}

}  // namespace stator::cloudformation::resources
