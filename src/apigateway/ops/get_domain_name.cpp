#include "apigateway/domains/domain_input.hpp"
#include "apigateway/domains/domains.hpp"
#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/domainnames/{domainName}";

Result<json::Object> handle(Domains& domains, aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const std::string name, input.required_text("domainName"));
  return domains.get(call, name);
}

}  // namespace

aws::Operation get_domain_name(Domains& domains) {
  return aws::Operation::json("GetDomainName", aws::ByPath{.method = "GET", .path = kPath},
                              domain_needs(domains, "GET", kPath),
                              [&domains](aws::Call& call, const aws::Input& input) {
                                return handle(domains, call, input);
                              });
}

}  // namespace stator::apigateway
