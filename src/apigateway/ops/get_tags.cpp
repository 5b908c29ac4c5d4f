#include "apigateway/ops/tag_target.hpp"

namespace stator::apigateway {

aws::Operation get_tags(TagPlaces places) {
  return aws::Operation::json(
      "GetTags", aws::ByPath{.method = "GET", .path = "/v2/tags/{resourceArn}"},
      needs_of_tags(places, "GET"),
      [places](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const std::string arn, input.required_text("resourceArn"));
        STATOR_TRY(json::Object tags, read_tags(places, call, arn));
        return json::Object{{"tags", std::move(tags)}};
      });
}

}  // namespace stator::apigateway
