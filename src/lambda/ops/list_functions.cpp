#include <algorithm>

#include "base/bytes.hpp"
#include "lambda/configuration.hpp"
#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

constexpr std::int64_t kPageMax = 50;

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"Marker", "MaxItems", "FunctionVersion"}));
  STATOR_TRY(const auto wanted, read_count(input, "MaxItems"));
  STATOR_TRY(const auto marker, input.text("Marker"));
  std::string after;
  if (marker) {
    const auto decoded = base64url_decode(*marker);
    if (!decoded) return invalid_parameter("Invalid Marker: " + *marker);
    after = *decoded;
  }
  const auto page =
      static_cast<std::size_t>(std::clamp<std::int64_t>(wanted.value_or(kPageMax), 1, kPageMax));
  json::Object out;
  json::Array list;
  std::string last;
  for (const auto& record : functions.catalog().list(call.account, call.region)) {
    if (!after.empty() && record->key.name <= after) continue;
    if (list.size() == page) {
      out["NextMarker"] = base64url_encode(last);
      break;
    }
    list.push_back(render_configuration(*record, Phase::kSettled));
    last = record->key.name;
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
