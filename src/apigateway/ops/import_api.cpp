#include "apigateway/openapi/apply.hpp"
#include "apigateway/openapi/request.hpp"
#include "apigateway/ops/ops.hpp"
#include "base/time_format.hpp"

namespace stator::apigateway {
namespace {

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const openapi::Imported imported, openapi::read_request(call, input));
  json::Object record{{"protocolType", "HTTP"}, {"createdDate", iso8601(call.now)}};
  STATOR_TRY(json::Object api, apis.create_api(call, std::move(record), [&](Draft& draft) {
    return openapi::apply(imported, draft);
  }));
  return openapi::with_notes(std::move(api), imported.notes);
}

}  // namespace

aws::Operation import_api(Apis& apis) {
  return aws::Operation::json(
      "ImportApi",
      aws::ByPath{.method = "PUT",
                  .path = "/v2/apis",
                  .status = 201,
                  .query = {{"basepath", "basepath"}, {"failOnWarnings", "failOnWarnings"}}},
      openapi::with_document(needs_of("PUT", "/v2/apis")),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
