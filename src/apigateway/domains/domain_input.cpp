#include "apigateway/domains/domain_input.hpp"

#include <array>

#include "apigateway/errors.hpp"
#include "apigateway/ops/ops.hpp"
#include "aws/arn.hpp"
#include "base/strings.hpp"
#include "base/time_format.hpp"

namespace stator::apigateway {
namespace {

constexpr std::size_t kMappingKeyBytesMax = 300;
constexpr std::string_view kRoutingMode = "API_MAPPING_ONLY";

/// Route 53's zones of API Gateway's regional endpoints.
/// https://docs.aws.amazon.com/general/latest/gr/apigateway.html
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kHostedZones = {{
    {"us-east-1", "Z1UJRXOUMOOFQ8"},
    {"us-east-2", "ZOJJZC49E0EPZ"},
    {"us-west-1", "Z2MUQ32089INYE"},
    {"us-west-2", "Z2OJLYMUO9EFXC"},
    {"ap-northeast-1", "Z1YSHQZHG15GKL"},
    {"ap-southeast-1", "ZL327KTPIQFUL"},
    {"ap-southeast-2", "Z2RPCDW04V8134"},
    {"ca-central-1", "Z19DQILCV0OWEC"},
    {"eu-central-1", "Z1U9ULNL0V5AJ3"},
    {"eu-west-1", "ZLY8HYME6SFDD"},
    {"eu-west-2", "ZJ5UAJN8Y3Z2Q"},
    {"eu-west-3", "Z3KY65QIEKYHQQ"},
    {"sa-east-1", "ZCMLWB8V5SYIT"},
}};

/// Certificates are named, not looked up: there is no ACM here.
Result<void> check_certificate_arn(const aws::Input& configuration, std::string_view member) {
  STATOR_TRY(const auto text, configuration.text(member));
  if (!text) return {};
  const auto arn = aws::Arn::parse(*text);
  if (!arn || arn->service != "acm" || !arn->resource.starts_with("certificate/")) {
    return bad_request("Invalid certificate ARN: " + *text);
  }
  return {};
}

Result<void> check_choice(const aws::Input& configuration, std::string_view member,
                          std::initializer_list<std::string_view> choices) {
  STATOR_TRY(const auto given, configuration.text(member));
  if (!given) return {};
  for (const std::string_view choice : choices) {
    if (*given == choice) return {};
  }
  return bad_request("Invalid " + std::string(member) + " " + *given +
                     " for a domain name of HTTP APIs. Must be " + std::string(*choices.begin()));
}

Result<std::optional<json::Object>> read_configuration(const aws::Input& input) {
  STATOR_TRY(const json::Array* given, input.array("domainNameConfigurations"));
  if (given == nullptr) return std::optional<json::Object>();
  if (given->size() != 1 || !given->front().is_object()) {
    return bad_request("Invalid input. Expected one domain name configuration");
  }
  const aws::Input one = input.nested(given->front().get_object());
  STATOR_TRY_VOID(one.allow_only({"certificateArn", "endpointType", "securityPolicy",
                                  "ipAddressType", "ownershipVerificationCertificateArn"}));
  STATOR_TRY_VOID(check_certificate_arn(one, "certificateArn"));
  STATOR_TRY_VOID(check_certificate_arn(one, "ownershipVerificationCertificateArn"));
  STATOR_TRY_VOID(check_choice(one, "endpointType", {"REGIONAL"}));
  STATOR_TRY_VOID(check_choice(one, "securityPolicy", {"TLS_1_2"}));
  STATOR_TRY_VOID(check_choice(one, "ipAddressType", {"ipv4", "dualstack"}));
  return std::optional(pick(one, {"certificateArn", "endpointType", "securityPolicy",
                                  "ipAddressType", "ownershipVerificationCertificateArn"}));
}

Result<void> check_routing_mode(const aws::Input& input) {
  STATOR_TRY(const auto mode, input.text("routingMode"));
  if (mode && *mode != kRoutingMode) {
    return unsupported("routingMode other than '" + std::string(kRoutingMode) +
                       "' is not supported by stator: there are no routing rules");
  }
  return {};
}

void apply_configuration(const aws::Call& call, const json::Object& given, json::Object& record) {
  json::Array& all = record["domainNameConfigurations"].is_array()
                         ? record["domainNameConfigurations"].as_array()
                         : record["domainNameConfigurations"].emplace_array();
  if (all.empty()) {
    json::Object first{{"domainNameStatus", "AVAILABLE"},
                       {"endpointType", "REGIONAL"},
                       {"ipAddressType", "ipv4"},
                       {"securityPolicy", "TLS_1_2"}};
    for (const auto& [region, zone] : kHostedZones) {
      if (region == call.region) first["hostedZoneId"] = zone;
    }
    all.push_back(std::move(first));
  }
  json::Object& configuration = all.at(0).as_object();
  if (given.contains("certificateArn")) {
    configuration["certificateUploadDate"] = iso8601(call.now);
  }
  for (const auto& member : given) configuration[member.key()] = member.value();
}

}  // namespace

Result<DomainSettings> read_domain_settings(const aws::Input& input) {
  DomainSettings settings;
  STATOR_TRY_VOID(check_routing_mode(input));
  STATOR_TRY(settings.configuration, read_configuration(input));
  STATOR_TRY(const json::Object* mutual_tls, input.object("mutualTlsAuthentication"));
  if (mutual_tls == nullptr) return settings;
  const aws::Input one = input.nested(*mutual_tls);
  STATOR_TRY_VOID(one.allow_only({"truststoreUri", "truststoreVersion"}));
  STATOR_TRY(const auto uri, one.text("truststoreUri"));
  STATOR_TRY(const auto version, one.text("truststoreVersion"));
  if (version && !version->empty()) {
    return unsupported(
        "truststoreVersion is not supported by stator: its S3 keeps one version of an object");
  }
  if (!uri) return bad_request("mutualTlsAuthentication has no truststoreUri");
  settings.has_mutual_tls = true;
  if (uri->empty()) return settings;
  STATOR_TRY(settings.truststore, parse_s3_uri(*uri));
  return settings;
}

Result<void> apply_settings(const Domains& domains, const aws::Call& call,
                            const DomainSettings& settings, DomainRecord& domain) {
  if (settings.configuration) apply_configuration(call, *settings.configuration, domain.record);
  if (!settings.has_mutual_tls) return {};
  if (!settings.truststore) {
    domain.record.erase("mutualTlsAuthentication");
    domain.client_authorities.clear();
    return {};
  }
  STATOR_TRY(Truststore truststore, domains.truststore(call, *settings.truststore));
  json::Object shown{
      {"truststoreUri", "s3://" + settings.truststore->bucket + "/" + settings.truststore->key}};
  json::Array warnings;
  for (std::string& warning : truststore.warnings) warnings.emplace_back(std::move(warning));
  if (!warnings.empty()) shown["truststoreWarnings"] = std::move(warnings);
  domain.record["mutualTlsAuthentication"] = std::move(shown);
  domain.client_authorities = std::move(truststore.authorities);
  return {};
}

Result<void> check_mapping_key(std::string_view key) {
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789$-_.+!*'(),/";
  if (key.empty()) return {};
  bool is_good = key.size() <= kMappingKeyBytesMax &&
                 key.find_first_not_of(kAllowed) == std::string_view::npos;
  for (const std::string_view segment : split(key, '/')) is_good = is_good && !segment.empty();
  if (!is_good) {
    return bad_request(
        "An ApiMapping key may contain only letters, numbers and one of $-_.+!*'(),");
  }
  return {};
}

aws::Operation::JsonNeeds domain_needs(const Domains& domains, std::string method,
                                       std::string path) {
  return [&domains, base = needs_of(std::move(method), std::move(path))](
             const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(aws::Needs needs, base(call, input));
    needs.front().keys = [&domains, &call, &input, given = needs.front().keys] {
      aws::ConditionKeys keys = given();
      const auto name = json::find_string(input.members(), "domainName").value_or("");
      const auto domain = domains.get(call, name);
      const json::Value* tags = domain ? json::find(*domain, "tags") : nullptr;
      if (tags != nullptr && tags->is_object()) append_tag_keys(tags->get_object(), keys);
      return keys;
    };
    STATOR_TRY(const json::Object* mutual_tls, input.object("mutualTlsAuthentication"));
    if (mutual_tls == nullptr) return needs;
    const auto uri = json::find_string(*mutual_tls, "truststoreUri").value_or("");
    if (!uri.empty()) {
      STATOR_TRY(const S3Location location, parse_s3_uri(uri));
      needs.push_back({"s3:GetObject", "arn:aws:s3:::" + location.bucket + "/" + location.key});
    }
    return needs;
  };
}

}  // namespace stator::apigateway
