#include "dynamodb/ops/operations.hpp"
#include "dynamodb/recovery/recovery.hpp"
#include "dynamodb/recovery/s3_request.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

namespace {

Result<json::Object> handle(recovery::Recovery& recovery, const aws::Call& call,
                            const aws::Input& input) {
  STATOR_TRY(const auto request,
             recovery::read_list_request(call, input, {"MaxResults", "export"}));
  STATOR_TRY(const auto jobs, recovery.exports(request.table));
  return recovery::list_page(request, jobs, "ExportSummaries",
                             [](const recovery::Export& job) { return recovery::summarize(job); });
}

}  // namespace

aws::Operation list_exports(recovery::Recovery& recovery) {
  return modelled_operation(
      "ListExports",
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"dynamodb:ListExports", "*"}};
      },
      [&recovery](aws::Call& call, const aws::Input& input) {
        return handle(recovery, call, input);
      });
}

}  // namespace stator::dynamodb
