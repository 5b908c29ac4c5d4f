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
        json::Object out{{"Configuration", render_function(reference, *record)},
                         {"Code", render_code(*record)}};
        const FunctionKeyView key = reference.key.view();
        const auto latest = functions.catalog().find(key);
        if (latest != nullptr && !latest->tags.empty()) {
          json::Object tags;
          for (const auto& [name, value] : latest->tags) tags[name] = value;
          out["Tags"] = std::move(tags);
        }
        const auto settings = functions.catalog().settings(key);
        if (settings != nullptr && settings->reserved_concurrency) {
          out["Concurrency"] =
              json::Object{{"ReservedConcurrentExecutions", *settings->reserved_concurrency}};
        }
        return out;
      });
}

}  // namespace stator::lambda::ops
