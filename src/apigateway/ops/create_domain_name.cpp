#include "apigateway/domains/domain_input.hpp"
#include "apigateway/domains/domain_names.hpp"
#include "apigateway/domains/domains.hpp"
#include "apigateway/errors.hpp"
#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/domainnames";

Result<json::Object> handle(Domains& domains, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"domainName", "domainNameConfigurations",
                                    "mutualTlsAuthentication", "routingMode", "tags"}));
  STATOR_TRY(const std::string name, input.required_text("domainName"));
  STATOR_TRY_VOID(check_domain_name(name));
  STATOR_TRY(const DomainSettings settings, read_domain_settings(input));
  if (!settings.configuration) {
    return bad_request("Invalid input. Expected one domain name configuration");
  }
  if (!settings.configuration->contains("certificateArn")) {
    return bad_request("A certificate was not provided for the endpoint type REGIONAL.");
  }
  DomainRecord domain{pick(input, {"domainName", "tags"}), {}};
  domain.record["domainNameArn"] = "arn:aws:apigateway:" + call.region + "::/domainnames/" + name;
  domain.record["apiMappingSelectionExpression"] = "$request.basepath";
  domain.record["routingMode"] = "API_MAPPING_ONLY";
  STATOR_TRY_VOID(apply_settings(domains, call, settings, domain));
  return domains.create(call, std::move(domain));
}

}  // namespace

aws::Operation create_domain_name(Domains& domains) {
  return aws::Operation::json(
      "CreateDomainName", aws::ByPath{.method = "POST", .path = kPath, .status = 201},
      domain_needs(domains, "POST", kPath), [&domains](aws::Call& call, const aws::Input& input) {
        return handle(domains, call, input);
      });
}

}  // namespace stator::apigateway
