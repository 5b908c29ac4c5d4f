#include "logs/members.hpp"

#include <algorithm>

#include "aws/arn.hpp"
#include "aws/tag_keys.hpp"
#include "base/bytes.hpp"
#include "logs/errors.hpp"

namespace stator::logs {
namespace {

constexpr std::size_t kNameBytesMax = 512;
constexpr std::string_view kGroupResource = "log-group:";
constexpr std::size_t kTagsMax = 50;

bool is_group_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._-/#").find(c) != std::string_view::npos;
}

Error pattern_violated(std::string_view value, std::string_view member, std::string_view pattern) {
  return invalid_parameter("1 validation error detected: Value '" + std::string(value) + "' at '" +
                           std::string(member) +
                           "' failed to satisfy constraint: Member must satisfy regular "
                           "expression pattern: " +
                           std::string(pattern));
}

Result<void> check_group_name(std::string_view name, std::string_view member) {
  if (!name.empty() && name.size() <= kNameBytesMax &&
      std::all_of(name.begin(), name.end(), is_group_character)) {
    return {};
  }
  return pattern_violated(name, member, "[\\.\\-_/#A-Za-z0-9]+");
}

Error too_many_tags() {
  return invalid_parameter("A log group can have at most 50 tags");
}

/// The group's name within an ARN, with or without the `:*` at its end.
Result<std::string> name_in_arn(const aws::Call& call, std::string_view text) {
  STATOR_TRY(const auto arn, aws::Arn::parse(text));
  std::string_view resource = arn.resource;
  if (arn.service != "logs" || !resource.starts_with(kGroupResource)) {
    return invalid_parameter("'" + std::string(text) + "' is not the ARN of a log group");
  }
  if (arn.account != call.account || arn.region != call.region) {
    return not_supported("log groups of another account or region");
  }
  resource.remove_prefix(kGroupResource.size());
  if (resource.ends_with(":*")) resource.remove_suffix(2);
  return std::string(resource);
}

}  // namespace

Result<GroupName> group_of(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto identifier, input.text("logGroupIdentifier"));
  std::string name;
  if (identifier && input.has("logGroupName")) {
    return invalid_parameter("logGroupName and logGroupIdentifier cannot be used together");
  }
  if (identifier && identifier->starts_with("arn:")) {
    STATOR_TRY(name, name_in_arn(call, *identifier));
  } else if (identifier) {
    name = *identifier;
  } else {
    STATOR_TRY(name, input.required_text("logGroupName"));
  }
  STATOR_TRY_VOID(check_group_name(name, identifier ? "logGroupIdentifier" : "logGroupName"));
  return GroupName{call.account, call.region, std::move(name)};
}

Result<StreamName> stream_of(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(auto group, group_of(call, input));
  STATOR_TRY(auto stream, input.required_text("logStreamName"));
  if (stream.size() > kNameBytesMax || stream.find_first_of(":*") != std::string::npos) {
    return pattern_violated(stream, "logStreamName", "[^:*]*");
  }
  return StreamName{std::move(group.account), std::move(group.region), std::move(group.group),
                    std::move(stream)};
}

Result<GroupName> resource_of(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto arn, input.required_text("resourceArn"));
  STATOR_TRY(auto name, name_in_arn(call, arn));
  STATOR_TRY_VOID(check_group_name(name, "resourceArn"));
  return GroupName{call.account, call.region, std::move(name)};
}

Result<std::optional<std::int64_t>> bounded(const aws::Input& input, std::string_view member,
                                            Bounds bounds) {
  STATOR_TRY(const auto value, input.integer(member));
  if (!value || (*value >= bounds.least && *value <= bounds.most)) return value;
  const bool is_low = *value < bounds.least;
  return invalid_parameter("1 validation error detected: Value '" + std::to_string(*value) +
                           "' at '" + std::string(member) +
                           "' failed to satisfy constraint: Member must have value " +
                           (is_low ? "greater" : "less") + " than or equal to " +
                           std::to_string(is_low ? bounds.least : bounds.most));
}

Result<std::size_t> limit_of(const aws::Input& input, std::int64_t most) {
  STATOR_TRY(const auto limit, bounded(input, "limit", {1, most}));
  return static_cast<std::size_t>(limit.value_or(most));
}

Result<Tags> tags_of(const aws::Input& input, std::string_view member) {
  STATOR_TRY(const json::Object* object, input.object(member));
  Tags tags;
  if (object == nullptr) return tags;
  for (const auto& [key, value] : *object) {
    const std::string name(key);
    if (!value.is_string() || name.empty() || name.size() > 128 ||
        value.get_string().size() > 256) {
      return invalid_parameter("Tag keys must have 1 to 128 characters and values at most 256");
    }
    tags[name] = json::view(value.get_string());
  }
  if (tags.size() > kTagsMax) return too_many_tags();
  return tags;
}

Result<void> add_tags(LogStore& store, const GroupName& name, const Tags& tags) {
  return store.update_group(name, [&tags](Group& group) -> Result<void> {
    for (const auto& [key, value] : tags) group.tags[key] = value;
    if (group.tags.size() > kTagsMax) return too_many_tags();
    return {};
  });
}

Result<void> remove_tags(LogStore& store, const GroupName& name,
                         const std::vector<std::string>& keys) {
  return store.update_group(name, [&keys](Group& group) -> Result<void> {
    for (const auto& key : keys) group.tags.erase(key);
    return {};
  });
}

Result<json::Object> describe_tags(LogStore& store, const GroupName& name) {
  STATOR_TRY(const auto group, store.group(name));
  json::Object tags;
  for (const auto& [key, value] : group.tags) tags[key] = value;
  return json::Object{{"tags", std::move(tags)}};
}

std::string group_arn(const GroupName& name) {
  return aws::make_arn("logs", name.region, name.account, std::string(kGroupResource) + name.group);
}

aws::Needs needs_group(std::string_view action, const GroupName& name) {
  return {{std::string(action), group_arn(name) + ":log-stream:"}};
}

aws::Needs needs_stream(std::string_view action, const StreamName& name) {
  return {{std::string(action), group_arn(name.group_name()) + ":log-stream:" + name.stream}};
}

aws::Needs with_tags(aws::Needs needs, const LogStore& store, const GroupName& name,
                     const aws::Input& input) {
  for (aws::Permission& need : needs) {
    need.keys = [&store, name, &input] {
      aws::ConditionKeys keys;
      if (const auto group = store.group(name)) aws::append_resource_tags(group->tags, keys);
      aws::append_request_tags(input, "tags", "tagKeys", keys);
      return keys;
    };
  }
  return needs;
}

std::string make_token(std::string_view content) {
  return base64url_encode(content);
}

Result<std::optional<std::string>> token_of(const aws::Input& input) {
  STATOR_TRY(const auto token, input.text("nextToken"));
  if (!token) return std::optional<std::string>();
  auto content = base64url_decode(*token);
  if (!content) return invalid_token();
  return content;
}

Error invalid_token() {
  return invalid_parameter("The specified nextToken is invalid.");
}

}  // namespace stator::logs
