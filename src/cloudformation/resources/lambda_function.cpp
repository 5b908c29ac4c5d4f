#include "archive/zip.hpp"
#include "base/bytes.hpp"
#include "cloudformation/resources/resources.hpp"

namespace stator::cloudformation::resources {
namespace {

constexpr std::string_view kService = "lambda";
constexpr std::size_t kNameMax = 64;

/// Source text in the template becomes the package's only file, called index.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-lambda-function-code.html
Result<json::Object> inline_code(const json::Object& properties, const json::Value& source) {
  const std::string runtime = text_of(properties, "Runtime");
  const bool is_python = runtime.starts_with("python");
  if (!is_python && !runtime.starts_with("nodejs")) {
    return invalid("ZipFile can only be used when Runtime is set to one of Python's or Node.js's");
  }
  if (!source.is_string()) return invalid("Code.ZipFile must be text");
  std::vector<archive::Entry> entries{{.name = is_python ? "index.py" : "index.js",
                                       .contents = std::string(json::view(source.get_string()))}};
  STATOR_TRY(const std::string zip, archive::pack(std::move(entries)));
  return json::Object{{"ZipFile", base64_encode(zip)}};
}

/// Where the template says the code is, or the code itself.
Result<json::Object> code_of(const json::Object& properties) {
  const json::Value* code = json::find(properties, "Code");
  if (code == nullptr || !code->is_object()) return invalid("Code must be an object");
  if (const json::Value* source = json::find(code->get_object(), "ZipFile")) {
    if (code->get_object().size() != 1) return invalid("Code has ZipFile beside other members");
    return inline_code(properties, *source);
  }
  for (const auto& member : code->get_object()) {
    const std::string_view name(member.key().data(), member.key().size());
    if (name != "S3Bucket" && name != "S3Key") {
      return unsupported("stator does not support Code." + std::string(name));
    }
  }
  return code->get_object();
}

json::Object configuration_of(const json::Object& properties) {
  return picked(properties, {"Runtime", "Role", "Handler", "Description", "Timeout", "MemorySize",
                             "Environment", "Layers", "LoggingConfig"});
}

/// LoggingConfig with its defaults, because Lambda keeps what an update does not give.
json::Object logging_of(const std::string& function, const json::Object& properties) {
  json::Object whole{{"LogFormat", "Text"}, {"LogGroup", "/aws/lambda/" + function}};
  const json::Value* given = json::find(properties, "LoggingConfig");
  if (given == nullptr || !given->is_object()) return whole;
  if (text_of(given->get_object(), "LogFormat") == "JSON") {
    whole["ApplicationLogLevel"] = "INFO";
    whole["SystemLogLevel"] = "INFO";
  }
  for (const auto& member : given->get_object()) whole[member.key()] = member.value();
  return whole;
}

/// Until the function takes invocations, or its last change has come into force.
Result<void> wait_for(ResourceContext& context, const std::string& name, const char* member,
                      std::string_view wanted) {
  return wait_until(context, [&]() -> Result<bool> {
    STATOR_TRY(const json::Object answer,
               context.api.call(kService, "GetFunction", {{"FunctionName", name}}));
    const json::Value* configuration = json::find(answer, "Configuration");
    if (configuration == nullptr || !configuration->is_object()) {
      return internal("GetFunction gave no Configuration");
    }
    const std::string now = text_of(configuration->get_object(), member);
    if (now == "Failed") {
      return invalid(text_of(configuration->get_object(), std::string(member) + "Reason"));
    }
    return now == wanted;
  });
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  json::Object input = configuration_of(properties);
  for (const auto& member : picked(properties, {"Architectures", "PackageType"})) {
    input[member.key()] = member.value();
  }
  STATOR_TRY(json::Object code, code_of(properties));
  std::string name = text_of(properties, "FunctionName");
  if (name.empty()) name = context.generate_name(kNameMax);
  input["FunctionName"] = name;
  input["Code"] = std::move(code);
  if (json::Object tags = tag_map(properties); !tags.empty()) input["Tags"] = std::move(tags);
  STATOR_TRY(const json::Object made,
             context.api.call(kService, "CreateFunction", std::move(input)));
  STATOR_TRY_VOID(context.exists({name, {{"Arn", text_of(made, "FunctionArn")}}, properties}));
  return wait_for(context, name, "State", "Active");
}

Result<void> remove(ResourceContext& context, const Existing& function) {
  return gone(
      context.api.call(kService, "DeleteFunction", {{"FunctionName", function.physical_id}}));
}

Result<void> update(ResourceContext& context, const Existing& function,
                    const json::Object& properties) {
  const std::string& name = function.physical_id;
  STATOR_TRY(json::Object code, code_of(properties));
  json::Object configuration = configuration_of(properties);
  if (configuration != configuration_of(function.properties)) {
    configuration["FunctionName"] = name;
    // What the template no longer says goes back to its default.
    for (const auto& [member, initial] :
         {std::pair<std::string_view, json::Value>("Description", ""),
          {"Timeout", 3},
          {"MemorySize", 128},
          {"Layers", json::Array()},
          {"Environment", json::Object{{"Variables", json::Object()}}}}) {
      const bool was_said = json::find(function.properties, member) != nullptr;
      if (was_said && json::find(configuration, member) == nullptr) configuration[member] = initial;
    }
    if (json::find(configuration, "LoggingConfig") != nullptr ||
        json::find(function.properties, "LoggingConfig") != nullptr) {
      configuration["LoggingConfig"] = logging_of(name, properties);
    }
    STATOR_TRY_VOID(
        context.api.call(kService, "UpdateFunctionConfiguration", std::move(configuration)));
    STATOR_TRY_VOID(wait_for(context, name, "LastUpdateStatus", "Successful"));
  }
  const auto old_code = code_of(function.properties);
  if (!old_code || *old_code != code) {
    code["FunctionName"] = name;
    STATOR_TRY_VOID(context.api.call(kService, "UpdateFunctionCode", std::move(code)));
    STATOR_TRY_VOID(wait_for(context, name, "LastUpdateStatus", "Successful"));
  }
  return context.exists({name, function.attributes, properties});
}

}  // namespace

ResourceType lambda_function() {
  constexpr auto kInPlace = OnChange::kInPlace;
  return {.name = "AWS::Lambda::Function",
          .properties = {{"Code", true, kInPlace},
                         {"Role", true, kInPlace},
                         {"Runtime", false, kInPlace},
                         {"Handler", false, kInPlace},
                         {"FunctionName"},
                         {"Description", false, kInPlace},
                         {"Timeout", false, kInPlace},
                         {"MemorySize", false, kInPlace},
                         {"Environment", false, kInPlace},
                         {"Layers", false, kInPlace},
                         {"LoggingConfig", false, kInPlace},
                         {"Architectures"},
                         {"PackageType"},
                         {"Tags"}},
          .attributes = {"Arn"},
          .create = create,
          .remove = remove,
          .update = update};
}

}  // namespace stator::cloudformation::resources
