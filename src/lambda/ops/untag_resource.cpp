#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {

aws::Operation untag_resource(Functions& functions) {
  return aws::Operation::json(
      "UntagResource",
      aws::ByPath{.method = "DELETE",
                  .path = "/2017-03-31/tags/{Resource}",
                  .status = 204,
                  .query = {{"tagKeys", "TagKeys[]"}}},
      needs_tagged_function(functions, "lambda:UntagResource"),
      [&functions](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto arn, input.required_text("Resource"));
        STATOR_TRY(const auto reference, parse_function_name(call.account, call.region, arn));
        STATOR_TRY(const auto keys, input.text_list("TagKeys"));
        if (keys.empty()) return invalid_parameter("tagKeys must be given.");
        const auto apply = [&](FunctionRecord& record) -> Result<void> {
          for (const auto& key : keys) record.tags.erase(key);
          return {};
        };
        STATOR_TRY([[maybe_unused]] const auto record,
                   functions.catalog().change(reference.key.view(), apply));
        return json::Object{};
      });
}

}  // namespace stator::lambda::ops
