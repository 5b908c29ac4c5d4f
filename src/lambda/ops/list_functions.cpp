#include <vector>

#include "lambda/configuration.hpp"
#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

/// Whether each function's versions are listed too.
Result<bool> reads_versions(const aws::Input& input) {
  STATOR_TRY(const auto wanted, input.text("FunctionVersion"));
  if (!wanted || wanted->empty()) return false;
  if (*wanted == "ALL") return true;
  return validation_failed("1 validation error detected: Value '" + *wanted +
                           "' at 'functionVersion' failed to satisfy constraint: Member must "
                           "satisfy enum value set: [ALL]");
}

/// Where a record stands among all: by name, $LATEST first, then by number. No name has a space or
/// what sorts below it.
std::string place_of(const FunctionRecord& record) {
  const std::string number = std::to_string(version_number(record.version).value_or(0));
  return record.key.name + " " + std::string(20 - number.size(), '0') + number;
}

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"Marker", "MaxItems", "FunctionVersion"}));
  STATOR_TRY(const auto with_versions, reads_versions(input));
  STATOR_TRY(const auto page, read_page_size(input));
  STATOR_TRY(const auto after, read_marker(input));
  std::vector<Catalog::FunctionPtr> records;
  for (auto& record : functions.catalog().list(call.account, call.region)) {
    const FunctionKeyView key = record->key.view();
    auto versions =
        with_versions ? functions.catalog().versions(key) : std::vector<Catalog::FunctionPtr>();
    records.push_back(std::move(record));
    records.insert(records.end(), versions.begin(), versions.end());
  }
  json::Object out;
  json::Array list;
  std::string last;
  for (const auto& record : records) {
    if (!after.empty() && place_of(*record) <= after) continue;
    if (list.size() == page) {
      out["NextMarker"] = make_marker(last);
      break;
    }
    json::Object one = render_configuration(*record, Phase::kSettled);
    if (with_versions) one["FunctionArn"] = record->version_arn();
    list.push_back(std::move(one));
    last = place_of(*record);
  }
  out["Functions"] = std::move(list);
  return out;
}

}  // namespace

aws::Operation list_functions(Functions& functions) {
  return aws::Operation::json(
      "ListFunctions",
      aws::ByPath{.method = "GET",
                  .path = "/2015-03-31/functions",
                  .query = {{"Marker", "Marker"},
                            {"MaxItems", "MaxItems"},
                            {"FunctionVersion", "FunctionVersion"},
                            {"MasterRegion", "MasterRegion"}}},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"lambda:ListFunctions", "*"}};
      },
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
