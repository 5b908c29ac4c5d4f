#include <algorithm>
#include <vector>

#include "cloudformation/sam/context.hpp"
#include "crypto/crypto.hpp"

namespace stator::cloudformation::sam {
namespace {

constexpr std::size_t kHashDigits = 10;

/// The same text for the same content, whatever the order of members.
std::string canonical(const json::Value& value) {
  if (value.is_array()) {
    std::string text = "[";
    for (const json::Value& item : value.get_array()) {
      if (text.size() > 1) text += ",";
      text += canonical(item);
    }
    return text + "]";
  }
  if (!value.is_object()) return json::dump(value);
  std::vector<std::string> members;
  for (const auto& member : value.get_object()) {
    members.push_back(json::quote({member.key().data(), member.key().size()}) + ":" +
                      canonical(member.value()));
  }
  std::sort(members.begin(), members.end());
  std::string text = "{";
  for (const std::string& member : members) {
    if (text.size() > 1) text += ",";
    text += member;
  }
  return text + "}";
}

}  // namespace

std::string layer_id(std::string_view logical_id, const json::Object& resource) {
  const json::Value whole = json::Object{{std::string(logical_id), resource}};
  return std::string(logical_id) + crypto::sha256_hex(canonical(whole)).substr(0, kHashDigits);
}

Result<void> expand_layer_version(const Resource& resource, std::string_view new_id,
                                  Context& context) {
  STATOR_TRY_VOID(
      resource.allow_only({"ContentUri", "LayerName", "Description", "LicenseInfo",
                           "CompatibleRuntimes", "CompatibleArchitectures", "RetentionPolicy"}));
  STATOR_TRY(json::Object content, s3_location(resource, "ContentUri"));
  json::Object properties{{"Content", std::move(content)}, {"LayerName", resource.id()}};
  for (const char* name : {"LayerName", "Description", "LicenseInfo", "CompatibleRuntimes",
                           "CompatibleArchitectures"}) {
    if (const json::Value* value = resource.property(name)) properties[name] = *value;
  }
  json::Object derived = resource.derived("AWS::Lambda::LayerVersion", std::move(properties));

  // A layer version that is replaced stays by default: functions may still point at it.
  const std::string retention =
      json::find_string(resource.properties(), "RetentionPolicy").value_or("Retain");
  if (retention != "Retain" && retention != "Delete") {
    return invalid_resource(resource.id(),
                            "'RetentionPolicy' must be one of the following options: ['Retain', "
                            "'Delete'].");
  }
  derived["DeletionPolicy"] = retention;
  context.resources[new_id] = std::move(derived);
  return {};
}

Result<void> expand_simple_table(const Resource& resource, Context& context) {
  STATOR_TRY_VOID(resource.allow_only({"PrimaryKey", "TableName", "Tags"}));
  std::string name = "id", type = "S";
  if (const json::Value* key = resource.property("PrimaryKey")) {
    if (!key->is_object()) return invalid_resource(resource.id(), "PrimaryKey is not a map.");
    name = json::find_string(key->get_object(), "Name").value_or(name);
    const std::string given = json::find_string(key->get_object(), "Type").value_or("String");
    if (given != "String" && given != "Number" && given != "Binary") {
      return invalid_resource(resource.id(), "Invalid 'Type' \"" + given + "\".");
    }
    type = given.substr(0, 1);
  }
  json::Object properties{
      {"AttributeDefinitions",
       json::Array{json::Object{{"AttributeName", name}, {"AttributeType", type}}}},
      {"KeySchema", json::Array{json::Object{{"AttributeName", name}, {"KeyType", "HASH"}}}},
      {"BillingMode", "PAY_PER_REQUEST"}};
  if (const json::Value* table = resource.property("TableName")) properties["TableName"] = *table;
  if (resource.property("Tags") != nullptr) {
    STATOR_TRY(json::Array tags, tag_list(resource, "lambda:createdBy"));
    tags.erase(tags.begin());
    properties["Tags"] = std::move(tags);
  }
  context.resources[resource.id()] =
      resource.derived("AWS::DynamoDB::Table", std::move(properties));
  return {};
}

}  // namespace stator::cloudformation::sam
