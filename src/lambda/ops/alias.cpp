#include "lambda/ops/alias.hpp"

#include "lambda/configuration.hpp"
#include "lambda/errors.hpp"

namespace stator::lambda::ops {
namespace {

Error constraint(std::string_view value, std::string_view member, std::string_view rule) {
  return validation_failed("1 validation error detected: Value '" + std::string(value) + "' at '" +
                           std::string(member) + "' failed to satisfy constraint: Member must " +
                           std::string(rule));
}

Result<double> read_weight(const json::Value& value) {
  double weight = -1;
  if (value.is_double()) weight = value.get_double();
  if (value.is_int64()) weight = static_cast<double>(value.get_int64());
  if (weight >= 0 && weight <= 1) return weight;
  return constraint(json::dump(value), "routingConfig.additionalVersionWeights",
                    "be a number from 0.0 to 1.0");
}

Result<std::map<std::string, double>> read_weights(const aws::Input& routing) {
  std::map<std::string, double> weights;
  STATOR_TRY_VOID(routing.allow_only({"AdditionalVersionWeights"}));
  STATOR_TRY(const auto* given, routing.object("AdditionalVersionWeights"));
  if (given == nullptr) return weights;
  for (const auto& member : *given) {
    const std::string version(member.key());
    if (!version_number(version)) {
      return constraint(version, "routingConfig.additionalVersionWeights",
                        "satisfy regular expression pattern: [0-9]+");
    }
    STATOR_TRY(weights[version], read_weight(member.value()));
  }
  if (weights.size() > 1) {
    return invalid_parameter(
        "Number of items in AdditionalVersionWeights cannot be greater than 1");
  }
  return weights;
}

Result<void> check_versions(const Catalog& catalog, const FunctionKeyView& key,
                            const Alias& alias) {
  const auto check = [&](const std::string& version) -> Result<void> {
    if (catalog.find_version(key, version) != nullptr) return {};
    return function_missing(function_arn(key) + ":" + version);
  };
  STATOR_TRY_VOID(check(alias.version));
  for (const auto& [version, weight] : alias.weights) {
    if (alias.version == kLatest) {
      return invalid_parameter(
          "$LATEST is not supported for an alias pointing to more than 1 version");
    }
    if (version == alias.version) {
      return invalid_parameter("Invalid function version " + version + ". Function version " +
                               version + " is already included in routing configuration.");
    }
    STATOR_TRY_VOID(check(version));
  }
  return {};
}

}  // namespace

Result<FunctionReference> read_alias_reference(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto text, input.required_text("FunctionName"));
  STATOR_TRY(auto reference, parse_function_name(call.account, call.region, text));
  STATOR_TRY_VOID(refuse_qualifier(reference));
  STATOR_TRY(reference.qualifier, input.required_text("Name"));
  if (is_alias_name(reference.qualifier)) return reference;
  return constraint(reference.qualifier, "name",
                    "satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)");
}

Result<void> read_alias(const aws::Input& input, const Catalog& catalog, const FunctionKeyView& key,
                        Alias& alias) {
  STATOR_TRY(const auto version, input.text("FunctionVersion"));
  if (version) {
    if (*version != kLatest && !version_number(*version)) {
      return constraint(*version, "functionVersion",
                        R"(satisfy regular expression pattern: (\$LATEST|[0-9]+))");
    }
    alias.version = *version;
  }
  STATOR_TRY(const auto description, input.text("Description"));
  if (description) {
    STATOR_TRY_VOID(check_description(*description));
    alias.description = *description;
  }
  STATOR_TRY(const auto* routing, input.object("RoutingConfig"));
  if (routing != nullptr) {
    STATOR_TRY(alias.weights, read_weights(input.nested(*routing)));
  }
  return check_versions(catalog, key, alias);
}

json::Object render_alias(const FunctionReference& reference, const Alias& alias) {
  json::Object out{{"AliasArn", reference.qualified_arn()},
                   {"Name", reference.qualifier},
                   {"FunctionVersion", alias.version},
                   {"Description", alias.description},
                   {"RevisionId", alias.revision_id}};
  if (!alias.weights.empty()) {
    json::Object weights;
    for (const auto& [version, weight] : alias.weights) weights[version] = weight;
    out["RoutingConfig"] = json::Object{{"AdditionalVersionWeights", std::move(weights)}};
  }
  return out;
}

Error alias_missing(const FunctionReference& reference) {
  return resource_missing("Cannot find alias arn: " + reference.qualified_arn());
}

}  // namespace stator::lambda::ops
