#include "apigateway/domains/domain_input.hpp"
#include "apigateway/domains/domains.hpp"
#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/domainnames/{domainName}";

Result<json::Object> handle(Domains& domains, aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const std::string name, input.required_text("domainName"));
  STATOR_TRY_VOID(domains.remove(call, name));
  return json::Object{};
}

}  // namespace

aws::Operation delete_domain_name(Domains& domains) {
  return aws::Operation::json(
      "DeleteDomainName", aws::ByPath{.method = "DELETE", .path = kPath, .status = 204},
      domain_needs(domains, "DELETE", kPath), [&domains](aws::Call& call, const aws::Input& input) {
        return handle(domains, call, input);
      });
}

}  // namespace stator::apigateway
