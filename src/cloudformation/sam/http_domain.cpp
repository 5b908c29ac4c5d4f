#include <algorithm>
#include <array>

#include "cloudformation/sam/context.hpp"

namespace stator::cloudformation::sam {
namespace {

Result<void> check_members(const Resource& api, const json::Object& domain) {
  for (const auto& member : domain) {
    const std::string_view name(member.key().data(), member.key().size());
    constexpr std::array<std::string_view, 7> kKnown = {"DomainName",
                                                        "CertificateArn",
                                                        "EndpointConfiguration",
                                                        "SecurityPolicy",
                                                        "BasePath",
                                                        "MutualTlsAuthentication",
                                                        "OwnershipVerificationCertificateArn"};
    if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
      return invalid_resource(
          api.id(), "Property Domain." + std::string(name) + " is not supported by stator.");
    }
  }
  if (!domain.contains("DomainName") || !domain.contains("CertificateArn")) {
    return invalid_resource(
        api.id(), "Custom Domains only works if both DomainName and CertificateArn are provided.");
  }
  if (json::find_string(domain, "EndpointConfiguration").value_or("REGIONAL") != "REGIONAL") {
    return invalid_resource(
        api.id(), "EndpointConfiguration for Custom Domains must be one of ['REGIONAL'].");
  }
  return {};
}

/// What of a base path may stand in a logical id.
std::string letters_of(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

void add_mapping(const Resource& api, json::Object mapping, std::string_view key,
                 Context& context) {
  while (key.starts_with('/')) key.remove_prefix(1);
  while (key.ends_with('/')) key.remove_suffix(1);
  if (!key.empty()) mapping["ApiMappingKey"] = key;
  context.resources[api.id() + letters_of(key) + "ApiMapping"] =
      api.companion("AWS::ApiGatewayV2::ApiMapping", std::move(mapping));
}

}  // namespace

/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-httpapi-httpapidomainconfiguration.html
Result<void> expand_domain(const Resource& api, const std::string& stage_id,
                           const json::Object& tags, Context& context) {
  const json::Value& given = *api.property("Domain");
  if (!given.is_object()) return invalid_resource(api.id(), "Domain is not a map.");
  const json::Object& domain = given.get_object();
  STATOR_TRY_VOID(check_members(api, domain));
  const json::Value& name = domain.at("DomainName");
  const std::string id =
      "ApiGatewayDomainNameV2" +
      id_digits(name.is_string() ? std::string(name.get_string()) : json::dump(name));

  json::Object configuration{{"CertificateArn", domain.at("CertificateArn")},
                             {"EndpointType", "REGIONAL"}};
  for (const char* passed : {"SecurityPolicy", "OwnershipVerificationCertificateArn"}) {
    if (const json::Value* value = domain.if_contains(passed)) configuration[passed] = *value;
  }
  json::Object properties{{"DomainName", name},
                          {"DomainNameConfigurations", json::Array{std::move(configuration)}},
                          {"Tags", tags}};
  if (const json::Value* value = domain.if_contains("MutualTlsAuthentication")) {
    properties["MutualTlsAuthentication"] = *value;
  }
  context.resources[id] = api.companion("AWS::ApiGatewayV2::DomainName", std::move(properties));

  const json::Object mapping{
      {"ApiId", ref_to(api.id())}, {"DomainName", ref_to(id)}, {"Stage", ref_to(stage_id)}};
  const json::Value* paths = domain.if_contains("BasePath");
  if (paths == nullptr) {
    context.resources[api.id() + "ApiMapping"] =
        api.companion("AWS::ApiGatewayV2::ApiMapping", mapping);
    return {};
  }
  const json::Array list = paths->is_array() ? paths->get_array() : json::Array{*paths};
  for (const json::Value& path : list) {
    if (!path.is_string()) return invalid_resource(api.id(), "BasePath must be texts.");
    add_mapping(api, mapping, json::view(path.get_string()), context);
  }
  return {};
}

}  // namespace stator::cloudformation::sam
