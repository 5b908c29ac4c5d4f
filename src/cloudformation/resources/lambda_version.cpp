#include <set>

#include "cloudformation/resources/lambda.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html
namespace stator::cloudformation::resources {
namespace {

using namespace lambda;

Result<std::set<std::string>> versions_of(ResourceContext& context, const std::string& function) {
  std::set<std::string> versions;
  std::string marker;
  do {
    json::Object input{{"FunctionName", function}};
    if (!marker.empty()) input["Marker"] = marker;
    STATOR_TRY(const json::Object page,
               context.api.call(kService, "ListVersionsByFunction", std::move(input)));
    const json::Value* list = json::find(page, "Versions");
    if (list == nullptr || !list->is_array()) return internal("ListVersions gave no Versions");
    for (const json::Value& version : list->get_array()) {
      if (version.is_object()) versions.insert(text_of(version.get_object(), "Version"));
    }
    marker = text_of(page, "NextMarker");
  } while (!marker.empty());
  return versions;
}

/// Publishing what was published already answers the version that there is. That one is another
/// resource's, so AWS refuses to make it a second time.
Result<void> create(ResourceContext& context, const json::Object& properties) {
  const std::string function = text_of(properties, "FunctionName");
  STATOR_TRY(const auto before, versions_of(context, function));
  STATOR_TRY(const json::Object made,
             context.api.call(kService, "PublishVersion",
                              picked(properties, {"FunctionName", "CodeSha256", "Description"})));
  const std::string version = text_of(made, "Version");
  if (before.contains(version)) {
    return Error{ErrorCode::kConflict,
                 "A version for this Lambda function exists ( " + version +
                     " ). Modify the function to create a new version.",
                 "AlreadyExists"};
  }
  const std::string arn = text_of(made, "FunctionArn");
  STATOR_TRY_VOID(context.exists({arn, {{"Version", version}, {"FunctionArn", arn}}, properties}));
  return set_provisioned(context, split_arn(arn).function, version, {}, properties);
}

Result<void> remove(ResourceContext& context, const Existing& version) {
  const Qualified name = split_arn(version.physical_id);
  return gone(context.api.call(kService, "DeleteFunction",
                               {{"FunctionName", name.function}, {"Qualifier", name.qualifier}}));
}

Result<json::Object> read(ResourceContext& context, const Existing& version) {
  const Qualified name = split_arn(version.physical_id);
  STATOR_TRY(json::Object real,
             context.api.call(kService, "GetFunctionConfiguration",
                              {{"FunctionName", name.function}, {"Qualifier", name.qualifier}}));
  STATOR_TRY(real["ProvisionedConcurrencyConfig"],
             read_provisioned(context, name.function, name.qualifier));
  return compared(version.properties, real,
                  {"CodeSha256", "Description", "ProvisionedConcurrencyConfig"});
}

}  // namespace

ResourceType lambda_version() {
  constexpr auto kReplace = OnChange::kReplace;
  return {.name = "AWS::Lambda::Version",
          .properties = {{"FunctionName", true, kReplace},
                         {"CodeSha256", false, kReplace},
                         {"Description", false, kReplace},
                         {"ProvisionedConcurrencyConfig", false, kReplace}},
          .attributes = {"Version", "FunctionArn"},
          .create = create,
          .remove = remove,
          .read = read};
}

}  // namespace stator::cloudformation::resources
