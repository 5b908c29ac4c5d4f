#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {

aws::Operation list_tags(Functions& functions) {
  return aws::Operation::json(
      "ListTags", aws::ByPath{.method = "GET", .path = "/2017-03-31/tags/{Resource}"},
      needs_tagged_function(functions, "lambda:ListTags"),
      [&functions](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto arn, input.required_text("Resource"));
        STATOR_TRY(const auto reference, parse_function_name(call.account, call.region, arn));
        STATOR_TRY(const auto record, find_function(functions, reference));
        json::Object tags;
        for (const auto& [name, value] : record->tags) tags[name] = value;
        return json::Object{{"Tags", std::move(tags)}};
      });
}

}  // namespace stator::lambda::ops
