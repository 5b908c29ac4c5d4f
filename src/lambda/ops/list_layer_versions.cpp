#include <algorithm>

#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

constexpr std::int64_t kPageMax = 50;

bool lists(const std::vector<std::string>& values, const std::optional<std::string>& wanted) {
  return !wanted || std::find(values.begin(), values.end(), *wanted) != values.end();
}

/// Newest first; the marker is the number of the last version of a page.
Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto text, input.required_text("LayerName"));
  STATOR_TRY(const auto name, parse_layer_name(call.account, call.region, text));
  STATOR_TRY(const auto runtime, input.text("CompatibleRuntime"));
  STATOR_TRY(const auto architecture, input.text("CompatibleArchitecture"));
  STATOR_TRY(const auto wanted, read_count(input, "MaxItems"));
  STATOR_TRY(const auto before, read_count(input, "Marker"));
  const auto page =
      static_cast<std::size_t>(std::clamp<std::int64_t>(wanted.value_or(kPageMax), 1, kPageMax));
  STATOR_TRY(const auto versions, functions.catalog().list_layer(call.account, call.region, name));
  json::Object out;
  json::Array list;
  std::int64_t last = 0;
  for (const auto& version : versions) {
    if (before && version.reference.version >= *before) continue;
    if (!lists(version.compatible_runtimes, runtime)) continue;
    if (!lists(version.compatible_architectures, architecture)) continue;
    if (list.size() == page) {
      out["NextMarker"] = std::to_string(last);
      break;
    }
    list.push_back(render_layer_summary(version));
    last = version.reference.version;
  }
  out["LayerVersions"] = std::move(list);
  return out;
}

}  // namespace

aws::Operation list_layer_versions(Functions& functions) {
  return aws::Operation::json(
      "ListLayerVersions",
      aws::ByPath{.method = "GET",
                  .path = "/2018-10-31/layers/{LayerName}/versions",
                  .query = {{"CompatibleRuntime", "CompatibleRuntime"},
                            {"CompatibleArchitecture", "CompatibleArchitecture"},
                            {"Marker", "Marker"},
                            {"MaxItems", "MaxItems"}}},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"lambda:ListLayerVersions", "*"}};
      },
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
