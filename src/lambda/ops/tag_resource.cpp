#include "lambda/configuration.hpp"
#include "lambda/confinement.hpp"
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
        std::string network_before;
        const auto apply = [&](FunctionRecord& record) {
          network_before = network_tag(record);
          return read_tags(input, "Tags", record.tags);
        };
        STATOR_TRY(const auto record, functions.catalog().change(reference.key.view(), apply));
        // Instances keep the network they were started with.
        if (network_tag(*record) != network_before) functions.refresh(reference.key.view());
        return json::Object{};
      });
}

}  // namespace stator::lambda::ops
