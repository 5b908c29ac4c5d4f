#include "lambda/configuration.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {

aws::Operation get_function(Functions& functions) {
  return aws::Operation::json(
      "GetFunction",
      aws::ByPath{.method = "GET",
                  .path = "/2015-03-31/functions/{FunctionName}",
                  .query = {{"Qualifier", "Qualifier"}}},
      needs_function(functions, "lambda:GetFunction"),
      [&functions](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto reference, read_reference(call, input));
        STATOR_TRY(const auto record, find_function(functions, reference));
        json::Object out{{"Configuration", render_configuration(*record, Phase::kSettled)},
                         {"Code", render_code(*record)}};
        if (!record->tags.empty()) {
          json::Object tags;
          for (const auto& [name, value] : record->tags) tags[name] = value;
          out["Tags"] = std::move(tags);
        }
        return out;
      });
}

}  // namespace stator::lambda::ops
