#include "lambda/configuration.hpp"
#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

/// $LATEST, whose ARN has its qualifier here, and then the versions, oldest first.
Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY(const auto page, read_page_size(input));
  STATOR_TRY(const auto marker, read_marker(input));
  const FunctionKeyView key = reference.key.view();
  auto records = functions.catalog().versions(key);
  auto latest = functions.catalog().find(key);
  if (latest == nullptr) return function_missing(reference.arn());
  records.insert(records.begin(), std::move(latest));
  json::Array list;
  json::Object out;
  // A page goes on after a number; $LATEST counts as 0.
  const std::int64_t after = marker.empty() ? -1 : version_number(marker).value_or(0);
  std::string last;
  for (const auto& record : records) {
    if (version_number(record->version).value_or(0) <= after) continue;
    if (list.size() == page) {
      out["NextMarker"] = make_marker(last);
      break;
    }
    json::Object version = render_configuration(*record, Phase::kSettled);
    version["FunctionArn"] = record->version_arn();
    list.push_back(std::move(version));
    last = record->version;
  }
  out["Versions"] = std::move(list);
  return out;
}

}  // namespace

aws::Operation list_versions_by_function(Functions& functions) {
  return aws::Operation::json(
      "ListVersionsByFunction",
      aws::ByPath{.method = "GET",
                  .path = "/2015-03-31/functions/{FunctionName}/versions",
                  .query = {{"Marker", "Marker"}, {"MaxItems", "MaxItems"}}},
      needs_function(functions, "lambda:ListVersionsByFunction"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
