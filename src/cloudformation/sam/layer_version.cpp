#include "base/strings.hpp"
#include "cloudformation/sam/context.hpp"

namespace stator::cloudformation::sam {
namespace {

/// Attributes that the id of a layer does not hang on.
constexpr const char* kBeside[] = {"DeletionPolicy", "UpdateReplacePolicy", "Metadata"};

/// The declaration with everything that the id hangs on: the same content gives the same id.
json::Object id_source(const Resource& resource, const json::Object& properties) {
  json::Object whole = resource.derived("AWS::Serverless::LayerVersion", properties);
  for (const char* name : kBeside) whole.erase(name);
  return json::Object{{resource.id(), std::move(whole)}};
}

/// "" where the template leaves it to DeletionPolicy.
Result<std::string> retention_of(const Resource& resource, const json::Object& properties) {
  const json::Value* policy = given(properties, "RetentionPolicy");
  if (policy == nullptr) return std::string();
  if (policy->is_string()) {
    const std::string_view text = json::view(policy->get_string());
    if (equals_ignore_case(text, "Retain")) return std::string("Retain");
    if (equals_ignore_case(text, "Delete")) return std::string("Delete");
  }
  return resource.invalid_property(
      "RetentionPolicy",
      "'RetentionPolicy' must be one of the following options: ['Retain', 'Delete'].");
}

Result<void> check_architectures(const Resource& resource) {
  const json::Value* list = resource.property("CompatibleArchitectures");
  if (list == nullptr || !list->is_array()) return {};
  for (const json::Value& one : list->get_array()) {
    if (is_intrinsic(one) || one == json::Value("arm64") || one == json::Value("x86_64")) continue;
    return resource.invalid_property(
        "CompatibleArchitectures",
        "CompatibleArchitectures needs to be a list of 'x86_64' or 'arm64'");
  }
  return {};
}

}  // namespace

/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-layerversion.html
Result<void> expand_layer_version(const Resource& resource, Context& context) {
  STATOR_TRY_VOID(resource.allow_only({"ContentUri", "LayerName", "Description", "LicenseInfo",
                                       "CompatibleRuntimes", "CompatibleArchitectures",
                                       "RetentionPolicy", "PublishLambdaVersion"}));
  STATOR_TRY(json::Object content, s3_location(resource, "ContentUri"));
  STATOR_TRY_VOID(check_architectures(resource));
  json::Object known;
  for (const auto& member : resource.properties()) {
    if (!member.value().is_null()) known[member.key()] = member.value();
  }
  for (const char* name : {"LayerName", "LicenseInfo", "Description", "RetentionPolicy"}) {
    if (json::Value* value = known.if_contains(name)) resolve_parameters(*value, context.values);
  }
  const std::string id = resource.id() + id_digits(json::Value(id_source(resource, known)));
  context.new_ids[resource.id()] = id;

  json::Object properties{{"Content", std::move(content)}, {"LayerName", resource.id()}};
  for (const char* name : {"LayerName", "Description", "LicenseInfo", "CompatibleRuntimes",
                           "CompatibleArchitectures"}) {
    if (const json::Value* value = given(known, name)) properties[name] = *value;
  }
  // A layer version that is replaced stays by default: functions may still point at it.
  STATOR_TRY(const std::string retention, retention_of(resource, known));
  json::Object derived = resource.companion("AWS::Lambda::LayerVersion", std::move(properties));
  if (const json::Value* needs = resource.attribute("DependsOn")) derived["DependsOn"] = *needs;
  if (!retention.empty() || !derived.contains("DeletionPolicy")) {
    derived["DeletionPolicy"] = retention.empty() ? "Retain" : retention;
  }
  context.resources[id] = std::move(derived);
  return {};
}

/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-simpletable.html
Result<void> expand_simple_table(const Resource& resource, Context& context) {
  STATOR_TRY_VOID(resource.allow_only({"PrimaryKey", "TableName", "Tags", "ProvisionedThroughput",
                                       "SSESpecification", "PointInTimeRecoverySpecification"}));
  json::Value name = "id";
  std::string type = "S";
  if (const json::Value* key = resource.property("PrimaryKey")) {
    const json::Object* parts = key->if_object();
    const json::Value* given_name = parts == nullptr ? nullptr : given(*parts, "Name");
    const json::Value* given_type = parts == nullptr ? nullptr : given(*parts, "Type");
    for (const auto& [value, what] :
         {std::pair(given_name, "PrimaryKey.Name"), std::pair(given_type, "PrimaryKey.Type")}) {
      if (value != nullptr) continue;
      return resource.invalid_property("PrimaryKey",
                                       "Property '" + std::string(what) + "' is required.");
    }
    const std::string text =
        given_type->is_string() ? std::string(given_type->get_string()) : json::dump(*given_type);
    if (text != "String" && text != "Number" && text != "Binary") {
      return resource.invalid_property("PrimaryKey", "Invalid 'Type' \"" + text + "\".");
    }
    name = *given_name;
    type = text.substr(0, 1);
  }
  json::Object properties{
      {"AttributeDefinitions",
       json::Array{json::Object{{"AttributeName", name}, {"AttributeType", type}}}},
      {"KeySchema", json::Array{json::Object{{"AttributeName", name}, {"KeyType", "HASH"}}}}};
  for (const char* passed : {"ProvisionedThroughput", "SSESpecification", "TableName",
                             "PointInTimeRecoverySpecification"}) {
    if (const json::Value* value = resource.property(passed)) properties[passed] = *value;
  }
  if (!properties.contains("ProvisionedThroughput")) properties["BillingMode"] = "PAY_PER_REQUEST";
  if (const json::Value* tags = resource.property("Tags")) {
    if (!tags->is_object()) {
      return resource.invalid_property("Tags", "Property 'Tags' should be a map.");
    }
    if (!tags->get_object().empty()) properties["Tags"] = tag_list(tags->get_object());
  }
  context.resources[resource.id()] =
      resource.derived("AWS::DynamoDB::Table", std::move(properties));
  return {};
}

}  // namespace stator::cloudformation::sam
