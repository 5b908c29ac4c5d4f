#include "cloudformation/resources/apigatewayv2.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-api.html
namespace stator::cloudformation::resources {
namespace {

using namespace apigatewayv2;

const std::vector<Mapped>& members() {
  static const std::vector<Mapped> kMembers = {
      {"Name", "name"},
      {"Description", "description", Shape::kSame, ""},
      {"Version", "version", Shape::kSame, ""},
      {"DisableExecuteApiEndpoint", "disableExecuteApiEndpoint", Shape::kSame, false},
      {"RouteSelectionExpression", "routeSelectionExpression"},
      {"IpAddressType", "ipAddressType", Shape::kSame, "ipv4"},
      {"CorsConfiguration", "corsConfiguration", Shape::kStructure, json::Object()}};
  return kMembers;
}

/// Quick create's, which UpdateApi takes too; what is not said stays, so they are no `members`.
json::Object quick_members(const json::Object& properties) {
  return renamed(
      properties,
      {{"Target", "target"}, {"RouteKey", "routeKey"}, {"CredentialsArn", "credentialsArn"}});
}

bool has(const json::Object& properties, std::string_view name) {
  return json::find(properties, name) != nullptr;
}

/// The document with the template's tags among its own.
std::string document_of(const ResourceContext& context, const json::Object& properties) {
  const json::Value& body = *json::find(properties, "Body");
  if (!body.is_object())
    return body.is_string() ? std::string(body.get_string()) : json::dump(body);
  json::Object document = body.get_object();
  const json::Object tags = tags_of(context, properties);
  if (!tags.empty()) {
    json::Value& list = document["tags"];
    if (!list.is_array()) list = json::Array();
    for (const auto& tag : tags) {
      list.get_array().push_back(
          json::Object{{"name", tag.key()}, {"x-amazon-apigateway-tag-value", tag.value()}});
    }
  }
  return json::dump(document);
}

json::Object import_input(const ResourceContext& context, const json::Object& properties) {
  json::Object input{{"body", document_of(context, properties)}};
  for (const auto& [property, member] :
       {std::pair("BasePath", "basepath"), std::pair("FailOnWarnings", "failOnWarnings")}) {
    if (const json::Value* value = json::find(properties, property)) input[member] = *value;
  }
  return input;
}

/// What the template says beside the document goes before what the document says.
Result<void> override_document(ResourceContext& context, const std::string& id,
                               const json::Object& properties) {
  json::Object input = input_of(properties, members());
  if (input.empty()) return {};
  input["apiId"] = id;
  STATOR_TRY_VOID(context.api.call(kService, "UpdateApi", std::move(input)));
  return {};
}

Result<json::Object> make(ResourceContext& context, const json::Object& properties) {
  if (has(properties, "Body")) {
    return context.api.call(kService, "ImportApi", import_input(context, properties));
  }
  json::Object input = input_of(properties, members());
  merge(input, renamed(properties, {{"ProtocolType", "protocolType"}}));
  merge(input, quick_members(properties));
  if (json::Object tags = tags_of(context, properties); !tags.empty()) {
    input["tags"] = std::move(tags);
  }
  return context.api.call(kService, "CreateApi", std::move(input));
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  if (!has(properties, "Body") && !(has(properties, "Name") && has(properties, "ProtocolType"))) {
    return invalid("Name and ProtocolType are required unless Body is given");
  }
  STATOR_TRY(const json::Object api, make(context, properties));
  const std::string id = text_of(api, "apiId");
  STATOR_TRY_VOID(context.exists(
      {id, {{"ApiEndpoint", text_of(api, "apiEndpoint")}, {"ApiId", id}}, properties}));
  return has(properties, "Body") ? override_document(context, id, properties) : Result<void>();
}

Result<void> remove(ResourceContext& context, const Existing& api) {
  return gone(context.api.call(kService, "DeleteApi", {{"apiId", api.physical_id}}));
}

Result<void> update(ResourceContext& context, const Existing& api, const json::Object& properties) {
  const std::string& id = api.physical_id;
  if (has(api.properties, "Body") && !has(properties, "Body")) {
    return invalid("stator cannot take the Body away from an API that exists");
  }
  if (has(properties, "Body")) {
    json::Object input = import_input(context, properties);
    input["apiId"] = id;
    STATOR_TRY_VOID(context.api.call(kService, "ReimportApi", std::move(input)));
    STATOR_TRY_VOID(override_document(context, id, properties));
  } else {
    for (const char* name : {"Target", "RouteKey", "CredentialsArn"}) {
      if (has(api.properties, name) && !has(properties, name)) {
        return invalid("stator cannot take " + std::string(name) + " away from an API that exists");
      }
    }
    json::Object input = update_of(api.properties, properties, members());
    if (quick_members(properties) != quick_members(api.properties)) {
      merge(input, quick_members(properties));
    }
    input["apiId"] = id;
    STATOR_TRY_VOID(context.api.call(kService, "UpdateApi", std::move(input)));
  }
  STATOR_TRY_VOID(update_tags(context, "/apis/" + id, api, properties));
  return context.exists({id, api.attributes, properties});
}

/// The document is not told as it was given, nor are quick create's members.
Result<json::Object> read(ResourceContext& context, const Existing& api) {
  STATOR_TRY(const json::Object answer,
             context.api.call(kService, "GetApi", {{"apiId", api.physical_id}}));
  return compared_with(context, api, answer, members(),
                       renamed(answer, {{"protocolType", "ProtocolType"}}));
}

}  // namespace

ResourceType apigatewayv2_api() {
  constexpr auto kInPlace = OnChange::kInPlace;
  return {.name = "AWS::ApiGatewayV2::Api",
          .properties = {{"Name", false, kInPlace},
                         {"ProtocolType", false, OnChange::kReplace},
                         {"Body", false, kInPlace},
                         {"BasePath", false, kInPlace},
                         {"FailOnWarnings", false, kInPlace},
                         {"Description", false, kInPlace},
                         {"Version", false, kInPlace},
                         {"DisableExecuteApiEndpoint", false, kInPlace},
                         {"RouteSelectionExpression", false, kInPlace},
                         {"IpAddressType", false, kInPlace},
                         {"CorsConfiguration", false, kInPlace},
                         {"Target", false, kInPlace},
                         {"RouteKey", false, kInPlace},
                         {"CredentialsArn", false, kInPlace},
                         {"Tags", false, kInPlace}},
          .attributes = {"ApiEndpoint", "ApiId"},
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
