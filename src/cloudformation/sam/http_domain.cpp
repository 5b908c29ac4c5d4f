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
      return api.invalid_property(
          "Domain", "Property Domain." + std::string(name) + " is not supported by stator.");
    }
  }
  if (!domain.contains("DomainName") || !domain.contains("CertificateArn")) {
    return api.invalid_property(
        "Domain", "Custom Domains only works if both DomainName and CertificateArn are provided.");
  }
  if (json::find_string(domain, "EndpointConfiguration").value_or("REGIONAL") != "REGIONAL") {
    return api.invalid_property(
        "Domain", "EndpointConfiguration for Custom Domains must be one of ['REGIONAL'].");
  }
  return {};
}

/// Without what may stand in a base path but not in a logical id.
std::string letters_of(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c != '/' && c != '-' && c != '_') out += c;
  }
  return out;
}

bool is_base_path(std::string_view path) {
  return std::all_of(path.begin(), path.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '-' || c == '_';
  });
}

void add_mapping(const Resource& api, json::Object mapping, std::string_view key,
                 Context& context) {
  while (key.starts_with('/')) key.remove_prefix(1);
  while (key.ends_with('/')) key.remove_suffix(1);
  mapping["ApiMappingKey"] = key;
  context.resources[api.id() + letters_of(key) + "ApiMapping"] =
      api.companion("AWS::ApiGatewayV2::ApiMapping", std::move(mapping));
}

}  // namespace

/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-httpapi-httpapidomainconfiguration.html
Result<void> expand_domain(const Resource& api, const std::string& stage_id,
                           const json::Object& tags, Context& context) {
  const json::Value given_domain = with_parameters(*api.property("Domain"), context.values);
  if (!given_domain.is_object()) {
    return api.invalid_property("Domain", "Property 'Domain' should be a map.");
  }
  const json::Object& domain = given_domain.get_object();
  STATOR_TRY_VOID(check_members(api, domain));
  const json::Value& name = domain.at("DomainName");
  const std::string id = "ApiGatewayDomainNameV2" + id_digits(name);

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
  context.references[api.id() + ".DomainName"] = id;

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
    if (!path.is_string()) return api.invalid_property("Domain", "Basepath must be a string.");
    if (!is_base_path(json::view(path.get_string()))) {
      return api.invalid_property("Domain", "Invalid Basepath name provided.");
    }
    add_mapping(api, mapping, json::view(path.get_string()), context);
  }
  return {};
}

}  // namespace stator::cloudformation::sam
