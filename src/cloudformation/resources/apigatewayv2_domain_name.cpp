#include "cloudformation/resources/apigatewayv2.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-domainname.html
namespace stator::cloudformation::resources {
namespace {

using namespace apigatewayv2;

const std::vector<Mapped>& members() {
  static const std::vector<Mapped> kMembers = {
      {"DomainName", "domainName"},
      {"DomainNameConfigurations", "domainNameConfigurations", Shape::kList},
      {"MutualTlsAuthentication", "mutualTlsAuthentication", Shape::kStructure,
       json::Object{{"truststoreUri", ""}}}};
  return kMembers;
}

/// What Fn::GetAtt gives: the first configuration's name and zone.
json::Object attributes_of(const ResourceContext& context, const json::Object& answer) {
  json::Object attributes{{"DomainNameArn", "arn:aws:apigateway:" + context.region +
                                                "::/domainnames/" + text_of(answer, "domainName")}};
  const json::Value* list = json::find(answer, "domainNameConfigurations");
  if (list == nullptr || !list->is_array() || list->get_array().empty()) return attributes;
  const json::Value& first = list->get_array()[0];
  if (!first.is_object()) return attributes;
  attributes["RegionalDomainName"] = text_of(first.get_object(), "apiGatewayDomainName");
  attributes["RegionalHostedZoneId"] = text_of(first.get_object(), "hostedZoneId");
  return attributes;
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  json::Object input = input_of(properties, members());
  if (json::Object tags = tags_of(context, properties); !tags.empty()) {
    input["tags"] = std::move(tags);
  }
  STATOR_TRY(const json::Object made,
             context.api.call(kService, "CreateDomainName", std::move(input)));
  return context.exists(
      {text_of(properties, "DomainName"), attributes_of(context, made), properties});
}

Result<void> update(ResourceContext& context, const Existing& domain,
                    const json::Object& properties) {
  STATOR_TRY(const json::Object made,
             context.api.call(kService, "UpdateDomainName",
                              update_of(domain.properties, properties, members())));
  STATOR_TRY_VOID(update_tags(context, "/domainnames/" + domain.physical_id, domain, properties));
  return context.exists({domain.physical_id, attributes_of(context, made), properties});
}

Result<void> remove(ResourceContext& context, const Existing& domain) {
  return gone(context.api.call(kService, "DeleteDomainName", {{"domainName", domain.physical_id}}));
}

Result<json::Object> read(ResourceContext& context, const Existing& domain) {
  STATOR_TRY(const json::Object answer,
             context.api.call(kService, "GetDomainName", {{"domainName", domain.physical_id}}));
  return compared_with(context, domain, answer, members());
}

}  // namespace

ResourceType apigatewayv2_domain_name() {
  constexpr auto kInPlace = OnChange::kInPlace;
  return {.name = "AWS::ApiGatewayV2::DomainName",
          .properties = {{"DomainName", true, OnChange::kReplace},
                         {"DomainNameConfigurations", false, kInPlace},
                         {"MutualTlsAuthentication", false, kInPlace},
                         {"Tags", false, kInPlace}},
          .attributes = {"RegionalDomainName", "RegionalHostedZoneId", "DomainNameArn"},
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
