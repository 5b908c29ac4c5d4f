#include "lambda/confinement.hpp"
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
        std::string network_before;
        const auto apply = [&](FunctionRecord& record) -> Result<void> {
          network_before = network_tag(record);
          for (const auto& key : keys) record.tags.erase(key);
          return {};
        };
        STATOR_TRY(const auto record, functions.catalog().change(reference.key.view(), apply));
        // Instances keep the network they were started with.
        if (network_tag(*record) != network_before) functions.refresh(reference.key.view());
        return json::Object{};
      });
}

}  // namespace stator::lambda::ops
