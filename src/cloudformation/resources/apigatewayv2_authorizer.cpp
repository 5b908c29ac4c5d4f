#include "cloudformation/resources/apigatewayv2.hpp"
#include "cloudformation/resources/resources.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-authorizer.html
namespace stator::cloudformation::resources {
namespace {

using namespace apigatewayv2;

const std::vector<Mapped>& members() {
  static const std::vector<Mapped> kMembers = {
      {"ApiId", "apiId"},
      {"Name", "name"},
      {"AuthorizerType", "authorizerType"},
      {"AuthorizerUri", "authorizerUri"},
      {"AuthorizerCredentialsArn", "authorizerCredentialsArn", Shape::kSame, ""},
      {"AuthorizerPayloadFormatVersion", "authorizerPayloadFormatVersion"},
      {"AuthorizerResultTtlInSeconds", "authorizerResultTtlInSeconds", Shape::kSame, 300},
      {"EnableSimpleResponses", "enableSimpleResponses", Shape::kSame, false},
      {"IdentitySource", "identitySource", Shape::kSame, json::Array()},
      {"JwtConfiguration", "jwtConfiguration", Shape::kStructure}};
  return kMembers;
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  STATOR_TRY(const json::Object made,
             context.api.call(kService, "CreateAuthorizer", input_of(properties, members())));
  const std::string id = text_of(made, "authorizerId");
  return context.exists({id, {{"AuthorizerId", id}}, properties});
}

Result<void> update(ResourceContext& context, const Existing& authorizer,
                    const json::Object& properties) {
  json::Object input = update_of(authorizer.properties, properties, members());
  input["authorizerId"] = authorizer.physical_id;
  STATOR_TRY_VOID(context.api.call(kService, "UpdateAuthorizer", std::move(input)));
  return context.exists({authorizer.physical_id, authorizer.attributes, properties});
}

Result<void> remove(ResourceContext& context, const Existing& authorizer) {
  return gone(context.api.call(kService, "DeleteAuthorizer",
                               {{"apiId", text_of(authorizer.properties, "ApiId")},
                                {"authorizerId", authorizer.physical_id}}));
}

Result<json::Object> read(ResourceContext& context, const Existing& authorizer) {
  STATOR_TRY(const json::Object answer,
             context.api.call(kService, "GetAuthorizer",
                              {{"apiId", text_of(authorizer.properties, "ApiId")},
                               {"authorizerId", authorizer.physical_id}}));
  return compared_with(context, authorizer, answer, members());
}

}  // namespace

ResourceType apigatewayv2_authorizer() {
  constexpr auto kInPlace = OnChange::kInPlace;
  return {.name = "AWS::ApiGatewayV2::Authorizer",
          .properties = {{"ApiId", true, OnChange::kReplace},
                         {"Name", true, kInPlace},
                         {"AuthorizerType", true, kInPlace},
                         {"AuthorizerUri", false, kInPlace},
                         {"AuthorizerCredentialsArn", false, kInPlace},
                         {"AuthorizerPayloadFormatVersion", false, kInPlace},
                         {"AuthorizerResultTtlInSeconds", false, kInPlace},
                         {"EnableSimpleResponses", false, kInPlace},
                         {"IdentitySource", false, kInPlace},
                         {"JwtConfiguration", false, kInPlace}},
          .attributes = {"AuthorizerId"},
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
