#include "apigateway/domains/domain_input.hpp"
#include "apigateway/domains/domains.hpp"
#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/domainnames/{domainName}/apimappings/{apiMappingId}";

Result<json::Object> handle(Domains& domains, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(
      input.allow_only({"domainName", "apiMappingId", "apiId", "apiMappingKey", "stage"}));
  STATOR_TRY(const std::string name, input.required_text("domainName"));
  STATOR_TRY(const std::string id, input.required_text("apiMappingId"));
  STATOR_TRY_VOID(input.required_text("apiId"));
  STATOR_TRY_VOID(input.text("stage"));
  STATOR_TRY(const auto key, input.text("apiMappingKey"));
  STATOR_TRY_VOID(check_mapping_key(key.value_or("")));
  return domains.update_mapping(call, name, id, pick(input, {"apiId", "apiMappingKey", "stage"}));
}

}  // namespace

aws::Operation update_api_mapping(Domains& domains) {
  return aws::Operation::json("UpdateApiMapping", aws::ByPath{.method = "PATCH", .path = kPath},
                              domain_needs(domains, "PATCH", kPath),
                              [&domains](aws::Call& call, const aws::Input& input) {
                                return handle(domains, call, input);
                              });
}

}  // namespace stator::apigateway
