#include "apigateway/ops/tag_target.hpp"

namespace stator::apigateway {
namespace {

Result<json::Object> handle(const TagPlaces& places, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"resourceArn", "tagKeys"}));
  STATOR_TRY(const std::string arn, input.required_text("resourceArn"));
  STATOR_TRY(const auto keys, input.text_list("tagKeys"));
  const auto remove = [&keys](json::Object& tags) -> Result<void> {
    for (const std::string& key : keys) tags.erase(key);
    return {};
  };
  STATOR_TRY_VOID(change_tags(places, call, arn, remove));
  return json::Object();
}

}  // namespace

aws::Operation untag_resource(TagPlaces places) {
  return aws::Operation::json(
      "UntagResource",
      aws::ByPath{.method = "DELETE",
                  .path = "/v2/tags/{resourceArn}",
                  .status = 204,
                  .query = {{"tagKeys", "tagKeys[]"}}},
      needs_of_tags(places, "DELETE"),
      [places](aws::Call& call, const aws::Input& input) { return handle(places, call, input); });
}

}  // namespace stator::apigateway
