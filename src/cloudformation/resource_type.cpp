#include "cloudformation/resource_type.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "cloudformation/resources/resources.hpp"

namespace stator::cloudformation {

std::string ResourceContext::generate_name(std::size_t length_max, NameCase name_case) const {
  constexpr std::size_t kRandom = 12;
  std::string name = stack_name + "-" + logical_id;
  name.resize(std::min(name.size(), length_max - kRandom - 1));
  name += "-" + random_text(random, kUpperAlnum, kRandom);
  if (name_case == NameCase::kLower) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  }
  if (chosen) chosen(name);
  return name;
}

const Property* ResourceType::property(std::string_view wanted) const {
  for (const Property& property : properties) {
    if (property.name == wanted) return &property;
  }
  return nullptr;
}

bool ResourceType::has_attribute(std::string_view wanted) const {
  return is_open || std::any_of(attributes.begin(), attributes.end(), [&](std::string_view known) {
           if (!known.ends_with('*')) return known == wanted;
           known.remove_suffix(1);
           return wanted.size() > known.size() && wanted.starts_with(known);
         });
}

std::vector<Property> ResourceType::changed(const json::Object& before,
                                            const json::Object& after) const {
  const auto differs = [&](std::string_view wanted) {
    const json::Value* old = json::find(before, wanted);
    const json::Value* now = json::find(after, wanted);
    return (old == nullptr) != (now == nullptr) || (old != nullptr && *old != *now);
  };
  std::vector<Property> list;
  for (const Property& known : properties) {
    if (differs(known.name)) list.push_back(known);
  }
  if (!is_open) return list;
  for (const json::Object* side : {&after, &before}) {
    for (const auto& member : *side) {
      const std::string_view key(member.key().data(), member.key().size());
      if (property(key) != nullptr || !differs(key)) continue;
      if (side == &before && json::find(after, key) != nullptr) continue;
      list.push_back({key, false, OnChange::kInPlace});
    }
  }
  return list;
}

const std::vector<ResourceType>& resource_types() {
  static const std::vector<ResourceType> kTypes = {
      resources::apigatewayv2_api(),
      resources::apigatewayv2_api_mapping(),
      resources::apigatewayv2_authorizer(),
      resources::apigatewayv2_deployment(),
      resources::apigatewayv2_domain_name(),
      resources::apigatewayv2_integration(),
      resources::apigatewayv2_route(),
      resources::apigatewayv2_stage(),
      resources::cdk_metadata(),
      resources::custom_resource(),
      resources::dynamodb_global_table(),
      resources::cloudformation_stack(),
      resources::dynamodb_table(),
      resources::ecr_repository(),
      resources::iam_access_key(),
      resources::iam_group(),
      resources::iam_group_policy(),
      resources::iam_instance_profile(),
      resources::iam_managed_policy(),
      resources::iam_oidc_provider(),
      resources::iam_policy(),
      resources::iam_role(),
      resources::iam_role_policy(),
      resources::iam_user(),
      resources::iam_user_policy(),
      resources::iam_user_to_group_addition(),
      resources::lambda_alias(),
      resources::lambda_event_invoke_config(),
      resources::lambda_event_source_mapping(),
      resources::lambda_function(),
      resources::lambda_layer_version(),
      resources::lambda_layer_version_permission(),
      resources::lambda_permission(),
      resources::lambda_url(),
      resources::lambda_version(),
      resources::logs_log_group(),
      resources::logs_log_stream(),
      resources::s3_bucket(),
      resources::s3_bucket_policy(),
      resources::ssm_parameter(),
  };
  return kTypes;
}

const ResourceType* find_resource_type(std::string_view name) {
  if (name.starts_with("Custom::")) name = "AWS::CloudFormation::CustomResource";
  for (const ResourceType& type : resource_types()) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

json::Object renamed(const json::Object& properties,
                     std::initializer_list<std::pair<std::string_view, std::string_view>> names) {
  json::Object out;
  for (const auto& [from, to] : names) {
    if (const json::Value* value = json::find(properties, from)) out[to] = *value;
  }
  return out;
}

json::Object picked(const json::Object& properties, std::initializer_list<std::string_view> names) {
  json::Object out;
  for (const std::string_view name : names) {
    if (const json::Value* value = json::find(properties, name)) out[name] = *value;
  }
  return out;
}

std::string text_of(const json::Object& properties, std::string_view name) {
  return json::find_string(properties, name).value_or("");
}

json::Object tag_map(const json::Object& properties) {
  json::Object map;
  const json::Value* tags = json::find(properties, "Tags");
  if (tags == nullptr || !tags->is_array()) return map;
  for (const json::Value& tag : tags->get_array()) {
    if (tag.is_object()) map[text_of(tag.get_object(), "Key")] = text_of(tag.get_object(), "Value");
  }
  return map;
}

std::string document_text(const json::Object& properties, std::string_view name) {
  const json::Value* document = json::find(properties, name);
  if (document == nullptr) return "";
  return document->is_string() ? std::string(document->get_string()) : json::dump(*document);
}

Result<void> gone(const Result<json::Object>& answer) {
  if (answer || answer.error().code == ErrorCode::kNotFound) return {};
  return answer.error();
}

Result<void> wait_until(const ResourceContext& context,
                        const std::function<Result<bool>()>& is_ready) {
  constexpr std::chrono::milliseconds kStepMax{1'000}, kWaitMax{120'000};
  std::chrono::milliseconds step{5}, waited{0};
  for (;;) {
    STATOR_TRY(const bool ready, is_ready());
    if (ready) return {};
    if (waited >= kWaitMax) {
      return Error{ErrorCode::kTimeout, "Exceeded attempts to wait for " + context.logical_id};
    }
    context.sleep(step);
    waited += step;
    step = std::min(step * 2, kStepMax);
  }
}

}  // namespace stator::cloudformation
