#include <algorithm>

#include "lambda/ops/ops.hpp"
#include "lambda/ops/page.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

bool lists(const std::vector<std::string>& values, const std::optional<std::string>& wanted) {
  return !wanted || std::find(values.begin(), values.end(), *wanted) != values.end();
}

json::Object render(const LayerVersionRecord& latest) {
  return {{"LayerName", latest.reference.name},
          {"LayerArn", latest.reference.layer_arn()},
          {"LatestMatchingVersion", render_layer_summary(latest)}};
}

/// Each layer with its newest version that matches, by name.
Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(
      input.allow_only({"CompatibleRuntime", "CompatibleArchitecture", "Marker", "MaxItems"}));
  STATOR_TRY(const auto runtime, input.text("CompatibleRuntime"));
  STATOR_TRY(const auto architecture, input.text("CompatibleArchitecture"));
  STATOR_TRY(auto page, Page::read(input));
  STATOR_TRY(const auto versions, functions.catalog().list_layers(call.account, call.region));
  json::Array list;
  const LayerVersionRecord* latest = nullptr;
  const auto add_latest = [&] {
    if (latest != nullptr && page.takes(latest->reference.name)) list.push_back(render(*latest));
  };
  for (const auto& version : versions) {
    if (!lists(version.compatible_runtimes, runtime)) continue;
    if (!lists(version.compatible_architectures, architecture)) continue;
    if (latest != nullptr && latest->reference.name != version.reference.name) add_latest();
    latest = &version;
  }
  add_latest();
  json::Object out{{"Layers", std::move(list)}};
  page.finish(out);
  return out;
}

}  // namespace

aws::Operation list_layers(Functions& functions) {
  return aws::Operation::json(
      "ListLayers",
      aws::ByPath{.method = "GET",
                  .path = "/2018-10-31/layers",
                  .query = {{"CompatibleRuntime", "CompatibleRuntime"},
                            {"CompatibleArchitecture", "CompatibleArchitecture"},
                            {"Marker", "Marker"},
                            {"MaxItems", "MaxItems"}}},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"lambda:ListLayers", "*"}};
      },
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
