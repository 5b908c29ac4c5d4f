#include "apigateway/openapi/apply.hpp"
#include "apigateway/openapi/request.hpp"
#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}";

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  STATOR_TRY(const openapi::Imported imported, openapi::read_request(call, input));
  STATOR_TRY_VOID(apis.edit(call, api_id, [&](Draft& draft) -> Result<json::Object> {
    STATOR_TRY_VOID(openapi::apply(imported, draft));
    return json::Object();
  }));
  STATOR_TRY(json::Object api, apis.get(call, Kind::kApi, {api_id}));
  return openapi::with_notes(std::move(api), imported.notes);
}

}  // namespace

aws::Operation reimport_api(Apis& apis) {
  return aws::Operation::json(
      "ReimportApi",
      aws::ByPath{.method = "PUT",
                  .path = kPath,
                  .status = 201,
                  .query = {{"basepath", "basepath"}, {"failOnWarnings", "failOnWarnings"}}},
      openapi::with_document(needs_of(apis, "PUT", kPath)),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
