#include <charconv>

#include "cloudformation/resources/lambda.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-alias.html
namespace stator::cloudformation::resources {
namespace {

using namespace lambda;

Result<double> weight_of(const json::Value* value) {
  if (value != nullptr && value->is_number()) return value->to_number<double>();
  if (value != nullptr && value->is_string()) {
    const std::string_view text = json::view(value->get_string());
    double weight = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), weight);
    if (failure == std::errc() && end == text.data() + text.size()) return weight;
  }
  return invalid("FunctionWeight must be a number");
}

/// A list of FunctionVersion and FunctionWeight as the API's map. Always given, since an update
/// leaves alone what it is not told.
Result<json::Object> routing_of(const json::Object& properties) {
  json::Object weights;
  const json::Value* list =
      json::find(object_at(properties, "RoutingConfig"), "AdditionalVersionWeights");
  if (list != nullptr && !list->is_array()) {
    return invalid("AdditionalVersionWeights must be a list");
  }
  for (const json::Value& item : list != nullptr ? list->get_array() : json::Array()) {
    if (!item.is_object()) return invalid("AdditionalVersionWeights must hold objects");
    STATOR_TRY(weights[text_of(item.get_object(), "FunctionVersion")],
               weight_of(json::find(item.get_object(), "FunctionWeight")));
  }
  return json::Object{{"AdditionalVersionWeights", std::move(weights)}};
}

Result<json::Object> input_of(const json::Object& properties) {
  json::Object input =
      picked(properties, {"FunctionName", "Name", "FunctionVersion", "Description"});
  STATOR_TRY(input["RoutingConfig"], routing_of(properties));
  return input;
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  STATOR_TRY(json::Object input, input_of(properties));
  STATOR_TRY(const json::Object made, context.api.call(kService, "CreateAlias", std::move(input)));
  const std::string arn = text_of(made, "AliasArn");
  STATOR_TRY_VOID(context.exists({arn, {{"AliasArn", arn}}, properties}));
  const Qualified name = split_arn(arn);
  return set_provisioned(context, name.function, name.qualifier, {}, properties);
}

Result<void> update(ResourceContext& context, const Existing& alias,
                    const json::Object& properties) {
  STATOR_TRY(json::Object input, input_of(properties));
  if (!input.contains("Description")) input["Description"] = "";
  STATOR_TRY_VOID(context.api.call(kService, "UpdateAlias", std::move(input)));
  const Qualified name = split_arn(alias.physical_id);
  STATOR_TRY_VOID(
      set_provisioned(context, name.function, name.qualifier, alias.properties, properties));
  return context.exists({alias.physical_id, alias.attributes, properties});
}

Result<void> remove(ResourceContext& context, const Existing& alias) {
  const Qualified name = split_arn(alias.physical_id);
  return gone(context.api.call(kService, "DeleteAlias",
                               {{"FunctionName", name.function}, {"Name", name.qualifier}}));
}

Result<json::Object> read(ResourceContext& context, const Existing& alias) {
  const Qualified name = split_arn(alias.physical_id);
  STATOR_TRY(json::Object real,
             context.api.call(kService, "GetAlias",
                              {{"FunctionName", name.function}, {"Name", name.qualifier}}));
  json::Array weights;
  const json::Object routing = object_at(real, "RoutingConfig");
  for (const auto& weight : object_at(routing, "AdditionalVersionWeights")) {
    weights.push_back(
        json::Object{{"FunctionVersion", weight.key()}, {"FunctionWeight", weight.value()}});
  }
  real["RoutingConfig"] = json::Object{{"AdditionalVersionWeights", std::move(weights)}};
  STATOR_TRY(real["ProvisionedConcurrencyConfig"],
             read_provisioned(context, name.function, name.qualifier));
  return compared(
      alias.properties, real,
      {"Name", "FunctionVersion", "Description", "RoutingConfig", "ProvisionedConcurrencyConfig"});
}

}  // namespace

ResourceType lambda_alias() {
  constexpr auto kInPlace = OnChange::kInPlace;
  constexpr auto kReplace = OnChange::kReplace;
  return {.name = "AWS::Lambda::Alias",
          .properties = {{"FunctionName", true, kReplace},
                         {"FunctionVersion", true, kInPlace},
                         {"Name", true, kReplace},
                         {"Description", false, kInPlace},
                         {"RoutingConfig", false, kInPlace},
                         {"ProvisionedConcurrencyConfig", false, kInPlace}},
          .attributes = {"AliasArn"},
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
