#include "lambda/configuration.hpp"
#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {

aws::Operation tag_resource(Functions& functions) {
  return aws::Operation::json(
      "TagResource",
      aws::ByPath{.method = "POST", .path = "/2017-03-31/tags/{Resource}", .status = 204},
      needs_tagged_function(functions, "lambda:TagResource"),
      [&functions](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"Resource", "Tags"}));
        STATOR_TRY(const auto arn, input.required_text("Resource"));
        STATOR_TRY(const auto reference, parse_function_name(call.account, call.region, arn));
        if (!input.has("Tags")) return invalid_parameter("Tags must be given.");
        const auto apply = [&](FunctionRecord& record) {
          return read_tags(input, "Tags", record.tags);
        };
        STATOR_TRY([[maybe_unused]] const auto record,
                   functions.catalog().change(reference.key.view(), apply));
        return json::Object{};
      });
}

}  // namespace stator::lambda::ops
