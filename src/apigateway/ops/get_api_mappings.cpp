#include "apigateway/domains/domain_input.hpp"
#include "apigateway/domains/domains.hpp"
#include "apigateway/ops/ops.hpp"
#include "apigateway/ops/paging.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/domainnames/{domainName}/apimappings";

Result<json::Object> handle(Domains& domains, aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const std::string name, input.required_text("domainName"));
  STATOR_TRY(auto records, domains.list_mappings(call, name));
  return page(std::move(records), "apiMappingId", input);
}

}  // namespace

aws::Operation get_api_mappings(Domains& domains) {
  return aws::Operation::json(
      "GetApiMappings",
      aws::ByPath{.method = "GET",
                  .path = kPath,
                  .query = {{"maxResults", "maxResults"}, {"nextToken", "nextToken"}}},
      domain_needs(domains, "GET", kPath), [&domains](aws::Call& call, const aws::Input& input) {
        return handle(domains, call, input);
      });
}

}  // namespace stator::apigateway
