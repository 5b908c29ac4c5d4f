#include "apigateway/errors.hpp"
#include "apigateway/ops/ops.hpp"
#include "apigateway/rules/rules.hpp"
#include "base/time_format.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}/stages/{stageName}";

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  STATOR_TRY(const std::string name, input.required_text("stageName"));
  if (input.has("tags")) return unsupported("UpdateStage has no tags: TagResource has");
  const auto work = [&](Draft& draft) -> Result<json::Object> {
    STATOR_TRY(json::Object * record, draft.edit(Kind::kStage, name));
    STATOR_TRY_VOID(apply_stage(input, draft, *record));
    (*record)["lastUpdatedDate"] = iso8601(call.now);
    return json::Object();
  };
  STATOR_TRY_VOID(apis.edit(call, api_id, work));
  return apis.get(call, Kind::kStage, {api_id, name});
}

}  // namespace

aws::Operation update_stage(Apis& apis) {
  return aws::Operation::json(
      "UpdateStage", aws::ByPath{.method = "PATCH", .path = kPath}, needs_of(apis, "PATCH", kPath),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
