#include "lambda/errors.hpp"
#include "lambda/ops/function_policy.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {

aws::Operation get_policy(Functions& functions) {
  return aws::Operation::json(
      "GetPolicy",
      aws::ByPath{.method = "GET",
                  .path = "/2015-03-31/functions/{FunctionName}/policy",
                  .query = {{"Qualifier", "Qualifier"}}},
      needs_function(functions, "lambda:GetPolicy"),
      [&functions](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto reference, read_reference(call, input));
        STATOR_TRY(const auto policy, find_policy(functions, reference));
        if (policy.statements.empty()) {
          return resource_missing("The resource you requested does not exist.");
        }
        return json::Object{{"Policy", render_policy(policy.statements)},
                            {"RevisionId", policy.revision_id}};
      });
}

}  // namespace stator::lambda::ops
