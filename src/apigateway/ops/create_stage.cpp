#include "apigateway/errors.hpp"
#include "apigateway/ops/ops.hpp"
#include "apigateway/rules/rules.hpp"
#include "base/time_format.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}/stages";

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  STATOR_TRY(const std::string name, input.required_text("stageName"));
  const auto work = [&](Draft& draft) -> Result<json::Object> {
    if (draft.all(Kind::kStage).contains(name)) return conflict_exception("Stage already exists");
    json::Object record{{"createdDate", iso8601(call.now)}, {"lastUpdatedDate", iso8601(call.now)}};
    STATOR_TRY_VOID(apply_stage(input, draft, record));
    STATOR_TRY_VOID(apply_tags(input, record));
    STATOR_TRY_VOID(draft.add(Kind::kStage, std::move(record)));
    return json::Object();
  };
  STATOR_TRY_VOID(apis.edit(call, api_id, work));
  return apis.get(call, Kind::kStage, {api_id, name});
}

}  // namespace

aws::Operation create_stage(Apis& apis) {
  return aws::Operation::json(
      "CreateStage", aws::ByPath{.method = "POST", .path = kPath, .status = 201},
      needs_of(apis, "POST", kPath),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
