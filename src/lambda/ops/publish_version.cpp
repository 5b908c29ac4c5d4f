#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"FunctionName", "CodeSha256", "Description", "RevisionId"}));
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY_VOID(refuse_qualifier(reference));
  return publish(functions, reference.key.view(), input);
}

}  // namespace

aws::Operation publish_version(Functions& functions) {
  return aws::Operation::json(
      "PublishVersion",
      aws::ByPath{
          .method = "POST", .path = "/2015-03-31/functions/{FunctionName}/versions", .status = 201},
      needs_function(functions, "lambda:PublishVersion"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
