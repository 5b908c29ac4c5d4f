#include "cloudformation/ops/shared.hpp"

#include <algorithm>

#include "aws/tag_keys.hpp"
#include "cloudformation/errors.hpp"
#include "cloudformation/ops/stack_options.hpp"
#include "cloudformation/stack_policy.hpp"
#include "cloudformation/template_url.hpp"

namespace stator::cloudformation::ops {
namespace {

constexpr std::size_t kNameMax = 128;
/// Larger ones come by TemplateURL.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
constexpr std::size_t kTemplateBodyBytesMax = 51'200;

bool is_stack_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_rest = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; };
  return !name.empty() && is_letter(name[0]) && std::all_of(name.begin(), name.end(), is_rest);
}

Result<void> read_parameters(const aws::Input& input, StackRequest& request) {
  STATOR_TRY(const json::Array* list, input.array("Parameters"));
  if (list == nullptr) return {};
  for (const json::Value& item : *list) {
    if (!item.is_object()) return validation_error("Parameters must be a list of structures");
    const aws::Input parameter = input.nested(item.get_object());
    STATOR_TRY_VOID(parameter.allow_only({"ParameterKey", "ParameterValue", "UsePreviousValue"}));
    STATOR_TRY(const std::string key, parameter.required_text("ParameterKey"));
    STATOR_TRY(const auto value, parameter.text("ParameterValue"));
    STATOR_TRY(const auto previous, parameter.boolean("UsePreviousValue"));
    if (previous.value_or(false)) {
      request.previous_parameters.insert(key);
    } else if (value) {
      request.parameters[key] = *value;
    }
  }
  return {};
}

Result<void> read_capabilities(const aws::Input& input, StackRequest& request) {
  STATOR_TRY(const std::vector<std::string> names, input.text_list("Capabilities"));
  for (const std::string& name : names) {
    if (name != "CAPABILITY_IAM" && name != "CAPABILITY_NAMED_IAM" &&
        name != "CAPABILITY_AUTO_EXPAND") {
      return validation_error(
          "1 validation error detected: Value '[" + name +
          "]' at 'capabilities' failed to satisfy constraint: Member must satisfy constraint: "
          "[Member must satisfy enum value set: [CAPABILITY_IAM, CAPABILITY_NAMED_IAM, "
          "CAPABILITY_AUTO_EXPAND]]");
    }
    request.capabilities.insert(name);
  }
  return {};
}

/// The parameters of a StackRecord or a ChangeSet.
template <class T>
json::Array shown(const T& holder) {
  json::Array list;
  const auto& hidden = holder.hidden_parameters;
  for (const auto& member : holder.parameters) {
    const json::Value key(member.key());
    const bool is_hidden = std::find(hidden.begin(), hidden.end(), key) != hidden.end();
    const auto veiled = [&](const json::Value& value) {
      return is_hidden ? json::Value("****") : value;
    };
    json::Object entry{{"ParameterKey", key}, {"ParameterValue", veiled(member.value())}};
    const json::Value* resolved = json::find(holder.resolved_parameters, json::view(member.key()));
    if (resolved != nullptr) entry["ResolvedValue"] = veiled(*resolved);
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace

Result<std::string> entity_name(const aws::Input& input, std::string_view member) {
  STATOR_TRY(const std::string name, input.required_text(member));
  const auto refused = [&](const std::string& rule) {
    std::string place(member);
    place[0] = char(place[0] - 'A' + 'a');
    return validation_error("1 validation error detected: Value '" + name + "' at '" + place +
                            "' failed to satisfy constraint: Member must " + rule);
  };
  if (!is_stack_name(name)) {
    return refused("satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*");
  }
  if (name.size() > kNameMax) return refused("have length less than or equal to 128");
  return name;
}

Result<std::string> stack_name(const aws::Input& input) {
  return entity_name(input, "StackName");
}

aws::Operation::JsonNeeds needs_stack(std::string action) {
  return [action = "cloudformation:" + std::move(action)](
             const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, input.text("StackName"));
    aws::Needs needs{{action, stack_arn(call, name.value_or("")), [&input] {
                        aws::ConditionKeys keys;
                        aws::append_request_tags(input, "Tags", "", keys);
                        return keys;
                      }}};
    STATOR_TRY(const auto role, input.text("RoleARN"));
    if (role && !role->empty()) needs.push_back(pass_role_need(*role));
    return needs;
  };
}

Result<std::string> template_body(const Stacks& stacks, const aws::Call& call,
                                  const aws::Input& input) {
  STATOR_TRY(auto body, input.text("TemplateBody"));
  STATOR_TRY(const auto url, input.text("TemplateURL"));
  const bool has_body = body && !body->empty(), has_url = url && !url->empty();
  if (has_body == has_url) {
    return validation_error(has_url ? "You cannot specify both TemplateBody and TemplateURL."
                                    : "Either Template URL or Template Body must be specified.");
  }
  if (has_body && body->size() > kTemplateBodyBytesMax) {
    return validation_error(
        "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member "
        "must have length less than or equal to " +
        std::to_string(kTemplateBodyBytesMax) + ": put the template in S3 and give TemplateURL");
  }
  if (has_body) return std::move(*body);
  return read_template(*stacks.client(call), *url);
}

Result<void> read_template_choice(const Stacks& stacks, const aws::Call& call,
                                  const aws::Input& input, StackRequest& request) {
  STATOR_TRY(const auto previous, input.boolean("UsePreviousTemplate"));
  request.uses_previous_template = previous.value_or(false);
  if (!request.uses_previous_template) {
    STATOR_TRY(request.template_body, template_body(stacks, call, input));
  } else if (input.has("TemplateBody") || input.has("TemplateURL")) {
    return validation_error("You cannot specify both usePreviousTemplate and a template.");
  }
  return {};
}

Result<std::optional<std::string>> policy_text(const Stacks& stacks, const aws::Call& call,
                                               const aws::Input& input, const std::string& name) {
  STATOR_TRY(std::optional<std::string> policy, input.text(name + "Body"));
  STATOR_TRY(const auto url, input.text(name + "URL"));
  if (policy && url) {
    return validation_error("You cannot specify both " + name + "Body and " + name + "URL.");
  }
  if (url) {
    STATOR_TRY(policy, read_template(*stacks.client(call), *url));
  }
  if (policy) STATOR_TRY_VOID(check_stack_policy(*policy));
  return policy;
}

json::Array shown_parameters(const StackRecord& record) {
  return shown(record);
}

json::Array shown_parameters(const ChangeSet& set) {
  return shown(set);
}

Result<StackRequest> read_stack_request(const aws::Input& input) {
  StackRequest request;
  STATOR_TRY_VOID(read_parameters(input, request));
  STATOR_TRY_VOID(read_capabilities(input, request));
  STATOR_TRY(const json::Array* tags, input.array("Tags"));
  if (tags != nullptr) request.tags = *tags;
  request.keeps_tags = tags == nullptr;
  return request;
}

Result<StackRecord> load_stack(const Stacks& stacks, const aws::Call& call,
                               const aws::Input& input) {
  STATOR_TRY(const std::string name, input.required_text("StackName"));
  return stacks.records().load(call.account, call.region, name);
}

Result<std::vector<StackRecord>> newest_stacks(const Stacks& stacks, const aws::Call& call) {
  STATOR_TRY(std::vector<StackRecord> records, stacks.records().list(call.account, call.region));
  std::sort(records.begin(), records.end(),
            [](const auto& a, const auto& b) { return a.created > b.created; });
  return records;
}

}  // namespace stator::cloudformation::ops
