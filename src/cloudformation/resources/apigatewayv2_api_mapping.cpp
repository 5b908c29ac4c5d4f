#include "cloudformation/resources/apigatewayv2.hpp"
#include "cloudformation/resources/resources.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-apimapping.html
namespace stator::cloudformation::resources {
namespace {

using namespace apigatewayv2;

const std::vector<Mapped>& members() {
  static const std::vector<Mapped> kMembers = {
      {"DomainName", "domainName"},
      {"ApiId", "apiId"},
      {"Stage", "stage"},
      {"ApiMappingKey", "apiMappingKey", Shape::kSame, ""}};
  return kMembers;
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  STATOR_TRY(const json::Object made,
             context.api.call(kService, "CreateApiMapping", input_of(properties, members())));
  const std::string id = text_of(made, "apiMappingId");
  return context.exists({id, {{"ApiMappingId", id}}, properties});
}

Result<void> update(ResourceContext& context, const Existing& mapping,
                    const json::Object& properties) {
  json::Object input = update_of(mapping.properties, properties, members());
  input["apiMappingId"] = mapping.physical_id;
  STATOR_TRY_VOID(context.api.call(kService, "UpdateApiMapping", std::move(input)));
  return context.exists({mapping.physical_id, mapping.attributes, properties});
}

Result<void> remove(ResourceContext& context, const Existing& mapping) {
  return gone(context.api.call(kService, "DeleteApiMapping",
                               {{"domainName", text_of(mapping.properties, "DomainName")},
                                {"apiMappingId", mapping.physical_id}}));
}

Result<json::Object> read(ResourceContext& context, const Existing& mapping) {
  STATOR_TRY(const json::Object answer,
             context.api.call(kService, "GetApiMapping",
                              {{"domainName", text_of(mapping.properties, "DomainName")},
                               {"apiMappingId", mapping.physical_id}}));
  return compared_with(context, mapping, answer, members());
}

}  // namespace

ResourceType apigatewayv2_api_mapping() {
  constexpr auto kInPlace = OnChange::kInPlace;
  return {.name = "AWS::ApiGatewayV2::ApiMapping",
          .properties = {{"DomainName", true, OnChange::kReplace},
                         {"ApiId", true, kInPlace},
                         {"Stage", true, kInPlace},
                         {"ApiMappingKey", false, kInPlace}},
          .attributes = {"ApiMappingId"},
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
