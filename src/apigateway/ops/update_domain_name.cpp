#include "apigateway/domains/domain_input.hpp"
#include "apigateway/domains/domains.hpp"
#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/domainnames/{domainName}";

Result<json::Object> handle(Domains& domains, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only(
      {"domainName", "domainNameConfigurations", "mutualTlsAuthentication", "routingMode"}));
  STATOR_TRY(const std::string name, input.required_text("domainName"));
  STATOR_TRY(const DomainSettings settings, read_domain_settings(input));
  return domains.update(call, name, [&](DomainRecord& domain) {
    return apply_settings(domains, call, settings, domain);
  });
}

}  // namespace

aws::Operation update_domain_name(Domains& domains) {
  return aws::Operation::json("UpdateDomainName", aws::ByPath{.method = "PATCH", .path = kPath},
                              domain_needs(domains, "PATCH", kPath),
                              [&domains](aws::Call& call, const aws::Input& input) {
                                return handle(domains, call, input);
                              });
}

}  // namespace stator::apigateway
