#include "cloudformation/resources/lambda.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
namespace stator::cloudformation::resources {
namespace {

using namespace lambda;

constexpr std::size_t kNameMax = 64;

/// Where the template says the code is, or the code itself.
Result<json::Object> code_of(const json::Object& properties) {
  const json::Value* code = json::find(properties, "Code");
  if (code == nullptr || !code->is_object()) return invalid("Code must be an object");
  if (const json::Value* source = json::find(code->get_object(), "ZipFile")) {
    if (code->get_object().size() != 1) return invalid("Code has ZipFile beside other members");
    return inline_code(text_of(properties, "Runtime"), *source);
  }
  for (const auto& member : code->get_object()) {
    const std::string_view name(member.key().data(), member.key().size());
    if (name != "S3Bucket" && name != "S3Key" && name != "S3ObjectVersion") {
      return unsupported("stator does not support Code." + std::string(name));
    }
  }
  return code->get_object();
}

json::Object configuration_of(const json::Object& properties) {
  return picked(properties, {"Runtime", "Role", "Handler", "Description", "Timeout", "MemorySize",
                             "Environment", "Layers", "LoggingConfig", "EphemeralStorage",
                             "DeadLetterConfig", "TracingConfig", "SnapStart"});
}

/// LoggingConfig with its defaults, because Lambda keeps what an update does not give.
json::Object logging_of(const std::string& function, const json::Object& properties) {
  json::Object whole{{"LogFormat", "Text"}, {"LogGroup", "/aws/lambda/" + function}};
  const json::Object& given = object_at(properties, "LoggingConfig");
  if (text_of(given, "LogFormat") == "JSON") {
    whole["ApplicationLogLevel"] = "INFO";
    whole["SystemLogLevel"] = "INFO";
  }
  merge(whole, given);
  return whole;
}

/// Until the function takes invocations, or its last change has come into force.
Result<void> wait_for(ResourceContext& context, const std::string& name, const char* member,
                      std::string_view wanted) {
  return wait_until(context, [&]() -> Result<bool> {
    STATOR_TRY(const json::Object answer,
               context.api.call(kService, "GetFunction", {{"FunctionName", name}}));
    STATOR_TRY(const json::Object configuration, object_in(answer, "GetFunction", "Configuration"));
    const std::string now = text_of(configuration, member);
    if (now == "Failed") return invalid(text_of(configuration, std::string(member) + "Reason"));
    return now == wanted;
  });
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  json::Object input = configuration_of(properties);
  merge(input, picked(properties, {"Architectures", "PackageType"}));
  STATOR_TRY(json::Object code, code_of(properties));
  std::string name = text_of(properties, "FunctionName");
  if (name.empty()) name = context.generate_name(kNameMax);
  input["FunctionName"] = name;
  input["Code"] = std::move(code);
  if (json::Object tags = tags_of(context, properties); !tags.empty()) {
    input["Tags"] = std::move(tags);
  }
  STATOR_TRY(const json::Object made,
             context.api.call(kService, "CreateFunction", std::move(input)));
  STATOR_TRY_VOID(context.exists({name,
                                  {{"Arn", text_of(made, "FunctionArn")},
                                   {"SnapStartResponse.ApplyOn", "None"},
                                   {"SnapStartResponse.OptimizationStatus", "Off"}},
                                  properties}));
  STATOR_TRY_VOID(wait_for(context, name, "State", "Active"));
  return set_settings(context, name, {}, properties);
}

Result<void> remove(ResourceContext& context, const Existing& function) {
  return gone(
      context.api.call(kService, "DeleteFunction", {{"FunctionName", function.physical_id}}));
}

Result<void> update_configuration(ResourceContext& context, const std::string& name,
                                  const json::Object& before, const json::Object& after) {
  json::Object input = configuration_of(after);
  if (input == configuration_of(before)) return {};
  // What the template no longer says goes back to its default.
  for (const auto& [member, initial] :
       {std::pair<std::string_view, json::Value>("Description", ""),
        {"Timeout", 3},
        {"MemorySize", 128},
        {"Layers", json::Array()},
        {"Environment", json::Object{{"Variables", json::Object()}}},
        {"EphemeralStorage", json::Object{{"Size", 512}}},
        {"DeadLetterConfig", json::Object{{"TargetArn", ""}}}}) {
    const bool was_said = json::find(before, member) != nullptr;
    if (was_said && json::find(input, member) == nullptr) input[member] = initial;
  }
  if (json::find(input, "LoggingConfig") != nullptr ||
      json::find(before, "LoggingConfig") != nullptr) {
    input["LoggingConfig"] = logging_of(name, after);
  }
  input["FunctionName"] = name;
  STATOR_TRY_VOID(context.api.call(kService, "UpdateFunctionConfiguration", std::move(input)));
  return wait_for(context, name, "LastUpdateStatus", "Successful");
}

Result<void> update_code(ResourceContext& context, const std::string& name,
                         const json::Object& before, const json::Object& after) {
  STATOR_TRY(json::Object code, code_of(after));
  const auto old_code = code_of(before);
  if (old_code && *old_code == code && !differs(before, after, "Architectures")) return {};
  code["FunctionName"] = name;
  merge(code, picked(after, {"Architectures"}));
  if (!code.contains("Architectures") && before.contains("Architectures")) {
    code["Architectures"] = json::Array{"x86_64"};
  }
  STATOR_TRY_VOID(context.api.call(kService, "UpdateFunctionCode", std::move(code)));
  return wait_for(context, name, "LastUpdateStatus", "Successful");
}

Result<void> update_tags(ResourceContext& context, const Existing& function,
                         const json::Object& properties) {
  TagChange change = tag_change(context, function, properties);
  const std::string arn = text_of(function.attributes, "Arn");
  if (!change.dropped.empty()) {
    STATOR_TRY_VOID(context.api.call(kService, "UntagResource",
                                     {{"Resource", arn}, {"TagKeys", std::move(change.dropped)}}));
  }
  if (change.set.empty()) return {};
  STATOR_TRY_VOID(context.api.call(kService, "TagResource",
                                   {{"Resource", arn}, {"Tags", std::move(change.set)}}));
  return {};
}

/// The configuration goes before the code, so that new code finds the variables it reads.
Result<void> update(ResourceContext& context, const Existing& function,
                    const json::Object& properties) {
  const std::string& name = function.physical_id;
  const json::Object& before = function.properties;
  STATOR_TRY_VOID(code_of(properties));
  STATOR_TRY_VOID(update_configuration(context, name, before, properties));
  STATOR_TRY_VOID(update_code(context, name, before, properties));
  STATOR_TRY_VOID(set_settings(context, name, before, properties));
  STATOR_TRY_VOID(update_tags(context, function, properties));
  return context.exists({name, function.attributes, properties});
}

/// The code itself is not told.
Result<json::Object> read(ResourceContext& context, const Existing& function) {
  const json::Object target{{"FunctionName", function.physical_id}};
  STATOR_TRY(const json::Object answer, context.api.call(kService, "GetFunction", target));
  STATOR_TRY(json::Object real, object_in(answer, "GetFunction", "Configuration"));
  if (const json::Value* layers = json::find(real, "Layers"); layers && layers->is_array()) {
    json::Array arns;
    for (const json::Value& layer : layers->get_array()) {
      if (layer.is_object()) arns.push_back(json::Value(text_of(layer.get_object(), "Arn")));
    }
    real["Layers"] = std::move(arns);
  }
  merge(real, object_at(answer, "Concurrency"));
  STATOR_TRY(const json::Object loop,
             context.api.call(kService, "GetFunctionRecursionConfig", target));
  merge(real, loop);
  STATOR_TRY(const json::Object management,
             context.api.call(kService, "GetRuntimeManagementConfig", target));
  real["RuntimeManagementConfig"] = management;
  real["Tags"] = real_tags(context, function.properties, object_at(answer, "Tags"));
  return compared(function.properties, real,
                  {"FunctionName",
                   "Runtime",
                   "Role",
                   "Handler",
                   "Description",
                   "Timeout",
                   "MemorySize",
                   "Environment",
                   "Layers",
                   "LoggingConfig",
                   "EphemeralStorage",
                   "DeadLetterConfig",
                   "Architectures",
                   "PackageType",
                   "TracingConfig",
                   "SnapStart",
                   "ReservedConcurrentExecutions",
                   "RecursiveLoop",
                   "RuntimeManagementConfig",
                   "Tags"});
}

}  // namespace

/// VpcConfig, FileSystemConfigs, ImageConfig, KmsKeyArn, CodeSigningConfigArn and the like are not
/// here, so that they are refused before anything is made.
ResourceType lambda_function() {
  constexpr auto kInPlace = OnChange::kInPlace;
  return {
      .name = "AWS::Lambda::Function",
      .properties = {{"Code", true, kInPlace},
                     {"Role", true, kInPlace},
                     {"Runtime", false, kInPlace},
                     {"Handler", false, kInPlace},
                     {"FunctionName", false, OnChange::kReplace},
                     {"Description", false, kInPlace},
                     {"Timeout", false, kInPlace},
                     {"MemorySize", false, kInPlace},
                     {"Environment", false, kInPlace},
                     {"Layers", false, kInPlace},
                     {"LoggingConfig", false, kInPlace},
                     {"EphemeralStorage", false, kInPlace},
                     {"DeadLetterConfig", false, kInPlace},
                     {"TracingConfig", false, kInPlace},
                     {"SnapStart", false, kInPlace},
                     {"ReservedConcurrentExecutions", false, kInPlace},
                     {"RecursiveLoop", false, kInPlace},
                     {"RuntimeManagementConfig", false, kInPlace},
                     {"Architectures", false, kInPlace},
                     {"PackageType", false, OnChange::kReplace},
                     {"Tags", false, kInPlace}},
      .attributes = {"Arn", "SnapStartResponse.ApplyOn", "SnapStartResponse.OptimizationStatus"},
      .create = create,
      .remove = remove,
      .update = update,
      .read = read};
}

}  // namespace stator::cloudformation::resources
