#include "apigateway/ops/tag_target.hpp"
#include "apigateway/rules/rules.hpp"

namespace stator::apigateway {
namespace {

Result<json::Object> handle(const TagPlaces& places, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"resourceArn", "tags"}));
  STATOR_TRY(const std::string arn, input.required_text("resourceArn"));
  STATOR_TRY(const json::Object* given, input.object("tags"));
  const auto add = [given](json::Object& tags) -> Result<void> {
    if (given == nullptr) return {};
    for (const auto& tag : *given) tags[tag.key()] = tag.value();
    return check_tags(tags);
  };
  STATOR_TRY_VOID(change_tags(places, call, arn, add));
  return json::Object();
}

}  // namespace

aws::Operation tag_resource(TagPlaces places) {
  return aws::Operation::json(
      "TagResource", aws::ByPath{.method = "POST", .path = "/v2/tags/{resourceArn}", .status = 201},
      needs_of_tags(places, "POST"),
      [places](aws::Call& call, const aws::Input& input) { return handle(places, call, input); });
}

}  // namespace stator::apigateway
