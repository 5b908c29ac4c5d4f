#include "cloudformation/sam/context.hpp"

namespace stator::cloudformation::sam {
namespace {

Result<void> expand_events(const Resource& function, Context& context) {
  const json::Value* events = function.property("Events");
  if (events == nullptr) return {};
  if (!events->is_object()) return invalid_resource(function.id(), "Events is not a map.");
  for (const auto& member : events->get_object()) {
    const std::string_view id(member.key().data(), member.key().size());
    const std::string prefix = "Event with id [" + std::string(id) + "] is invalid. ";
    if (!member.value().is_object()) {
      return invalid_resource(function.id(), prefix + "Event is not an object.");
    }
    const json::Object& event = member.value().get_object();
    const std::string type = json::find_string(event, "Type").value_or("");
    if (type == "DynamoDB") {
      STATOR_TRY_VOID(expand_dynamodb_event(function, id, event, context));
      continue;
    }
    if (type != "HttpApi") {
      return invalid_resource(function.id(),
                              prefix + "Event type '" + type + "' is not supported by stator.");
    }
    STATOR_TRY_VOID(expand_http_event(function, id, event, context));
  }
  return {};
}

/// InlineCode goes before CodeUri, as in SAM.
Result<json::Object> code_of(const Resource& resource) {
  const json::Value* source = resource.property("InlineCode");
  if (source == nullptr) return s3_location(resource, "CodeUri");
  return json::Object{{"ZipFile", *source}};
}

}  // namespace

Result<void> expand_function(const Resource& resource, Context& context) {
  STATOR_TRY_VOID(resource.allow_only({"FunctionName", "Description", "CodeUri", "InlineCode",
                                       "Handler", "Runtime", "Architectures", "MemorySize",
                                       "Timeout", "Environment", "Layers", "Role", "Policies",
                                       "Events", "Tags", "PackageType", "LoggingConfig"}));
  STATOR_TRY(json::Object code, code_of(resource));
  STATOR_TRY(json::Array tags, tag_list(resource, "lambda:createdBy"));

  json::Object properties{{"Code", std::move(code)}};
  for (const char* name :
       {"FunctionName", "Description", "Handler", "Runtime", "Architectures", "MemorySize",
        "Timeout", "Environment", "Layers", "PackageType", "LoggingConfig"}) {
    if (const json::Value* value = resource.property(name)) properties[name] = *value;
  }
  const std::string role_id = resource.id() + "Role";
  const json::Value* own_role = resource.property("Role");
  properties["Role"] = own_role == nullptr ? get_att(role_id, "Arn") : *own_role;
  properties["Tags"] = std::move(tags);
  context.resources[resource.id()] =
      resource.derived("AWS::Lambda::Function", std::move(properties));

  if (own_role == nullptr) {
    STATOR_TRY(json::Object role, function_role(resource));
    context.resources[role_id] = std::move(role);
  }
  return expand_events(resource, context);
}

}  // namespace stator::cloudformation::sam
