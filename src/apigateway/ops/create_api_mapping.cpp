#include "apigateway/domains/domain_input.hpp"
#include "apigateway/domains/domains.hpp"
#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/domainnames/{domainName}/apimappings";

Result<json::Object> handle(Domains& domains, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"domainName", "apiId", "apiMappingKey", "stage"}));
  STATOR_TRY(const std::string name, input.required_text("domainName"));
  STATOR_TRY_VOID(input.required_text("apiId"));
  STATOR_TRY_VOID(input.required_text("stage"));
  STATOR_TRY(const auto key, input.text("apiMappingKey"));
  STATOR_TRY_VOID(check_mapping_key(key.value_or("")));
  json::Object record = pick(input, {"apiId", "stage"});
  record["apiMappingKey"] = key.value_or("");
  return domains.create_mapping(call, name, std::move(record));
}

}  // namespace

aws::Operation create_api_mapping(Domains& domains) {
  return aws::Operation::json(
      "CreateApiMapping", aws::ByPath{.method = "POST", .path = kPath, .status = 201},
      domain_needs(domains, "POST", kPath), [&domains](aws::Call& call, const aws::Input& input) {
        return handle(domains, call, input);
      });
}

}  // namespace stator::apigateway
