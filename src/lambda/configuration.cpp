#include "lambda/configuration.hpp"

#include <algorithm>
#include <array>

#include "aws/arn.hpp"
#include "base/bytes.hpp"
#include "base/limits.hpp"
#include "base/strings.hpp"
#include "base/time_format.hpp"
#include "lambda/confinement.hpp"
#include "lambda/environment.hpp"
#include "lambda/errors.hpp"
#include "lambda/log_target.hpp"
#include "lambda/logging_config.hpp"
#include "lambda/runtimes/identifiers.hpp"

namespace stator::lambda {
namespace {

constexpr std::size_t kLayersMax = 5;
constexpr std::size_t kDescriptionMax = 256;
constexpr std::size_t kHandlerMax = 128;
constexpr std::size_t kTagsMax = 50;

/// {} and {"SubnetIds": []} and {"TargetArn": ""} all say "none".
bool is_empty(const json::Value& value) {
  if (value.is_null()) return true;
  if (value.is_string()) return value.get_string().empty();
  if (value.is_array()) return value.get_array().empty();
  if (value.is_bool()) return !value.get_bool();
  if (!value.is_object()) return false;
  const auto& members = value.get_object();
  return std::all_of(members.begin(), members.end(),
                     [](const auto& member) { return is_empty(member.value()); });
}

Result<void> refuse_unless_empty(const aws::Input& input) {
  constexpr std::array<std::string_view, 7> kAbsent = {
      "VpcConfig",     "FileSystemConfigs",    "ImageConfig",  "KMSKeyArn",
      "DurableConfig", "CodeSigningConfigArn", "TenancyConfig"};
  for (const auto name : kAbsent) {
    const auto* value = json::find(input.members(), name);
    if (value != nullptr && !is_empty(*value)) {
      return unsupported("Lambda's " + std::string(name) + " is not supported.");
    }
  }
  return {};
}

/// A structure of which only the default is supported, e.g. TracingConfig {Mode: PassThrough}.
struct OnlyDefault {
  std::string_view structure;
  std::string_view member;
  std::string_view value;
};

Result<void> check_only_default(const aws::Input& input, const OnlyDefault& rule) {
  STATOR_TRY(const auto* structure, input.object(rule.structure));
  if (structure == nullptr) return {};
  for (const auto& member : *structure) {
    const bool is_default = member.key() == rule.member && member.value().is_string() &&
                            json::view(member.value().get_string()) == rule.value;
    if (!is_default) {
      return unsupported("Lambda's " + std::string(rule.structure) + "." +
                         std::string(member.key()) + " " + json::dump(member.value()) +
                         " is not supported; only " + std::string(rule.member) + " " +
                         std::string(rule.value) + " is.");
    }
  }
  return {};
}

Error out_of_range(std::string_view member, std::string_view value, std::string_view rule) {
  return invalid_parameter("1 validation error detected: Value '" + std::string(value) + "' at '" +
                           std::string(member) + "' failed to satisfy constraint: Member must " +
                           std::string(rule));
}

struct Bounds {
  std::int64_t least;
  std::int64_t most;
};

Result<void> read_number(const aws::Input& input, std::string_view member, Bounds bounds,
                         std::int64_t& out) {
  STATOR_TRY(const auto value, input.integer(member));
  if (!value) return {};
  std::string name(member);
  name[0] = static_cast<char>(name[0] - 'A' + 'a');
  if (*value < bounds.least) {
    return out_of_range(name, std::to_string(*value),
                        "have value greater than or equal to " + std::to_string(bounds.least));
  }
  if (*value > bounds.most) {
    return out_of_range(name, std::to_string(*value),
                        "have value less than or equal to " + std::to_string(bounds.most));
  }
  out = *value;
  return {};
}

Result<void> read_text(const aws::Input& input, std::string_view member, std::size_t length_max,
                       std::string& out) {
  STATOR_TRY(auto value, input.text(member));
  if (!value) return {};
  if (value->size() > length_max) {
    std::string name(member);
    name[0] = static_cast<char>(name[0] - 'A' + 'a');
    return out_of_range(name, *value,
                        "have length less than or equal to " + std::to_string(length_max));
  }
  out = std::move(*value);
  return {};
}

Result<void> read_environment(const aws::Input& input, FunctionRecord& record) {
  STATOR_TRY(const auto* environment, input.object("Environment"));
  if (environment == nullptr) return {};
  const aws::Input structure = input.nested(*environment);
  STATOR_TRY_VOID(structure.allow_only({"Variables"}));
  STATOR_TRY(const auto* variables, structure.object("Variables"));
  if (variables == nullptr) return {};
  STATOR_TRY(record.environment, parse_environment(*variables));
  return {};
}

Result<void> read_layers(const aws::Input& input, const Catalog& catalog, FunctionRecord& record) {
  if (!input.has("Layers")) return {};
  STATOR_TRY(const auto arns, input.text_list("Layers"));
  if (arns.size() > kLayersMax) {
    return invalid_parameter("Cannot reference more than 5 layers.");
  }
  std::vector<LayerUse> layers;
  std::vector<LayerReference> references;
  for (const auto& arn : arns) {
    STATOR_TRY(const auto reference, parse_layer_version_arn(arn));
    for (const auto& other : references) {
      if (other.layer_arn() != reference.layer_arn()) continue;
      return invalid_parameter(
          "Two different versions of the same layer are not allowed to be referenced in the same "
          "function. " +
          other.arn() + " and " + arn + " are versions of the same layer.");
    }
    const auto layer = catalog.find_layer(reference);
    if (!layer && layer.error().code != ErrorCode::kNotFound) return layer.error();
    if (!layer) return invalid_parameter("Layer version " + arn + " does not exist.");
    layers.push_back({arn, layer->package});
    references.push_back(reference);
  }
  record.layers = std::move(layers);
  return {};
}

Result<void> read_ephemeral_storage(const aws::Input& input, FunctionRecord& record) {
  STATOR_TRY(const auto* storage, input.object("EphemeralStorage"));
  if (storage == nullptr) return {};
  const aws::Input structure = input.nested(*storage);
  STATOR_TRY_VOID(structure.allow_only({"Size"}));
  return read_number(structure, "Size", {512, 10'240}, record.ephemeral_mb);
}

/// AWS takes queues and topics, which stator has not; a function stands in for them.
Result<void> read_dead_letter(const aws::Input& input, FunctionRecord& record) {
  STATOR_TRY(const auto* config, input.object("DeadLetterConfig"));
  if (config == nullptr) return {};
  const aws::Input structure = input.nested(*config);
  STATOR_TRY_VOID(structure.allow_only({"TargetArn"}));
  STATOR_TRY(const auto target, structure.text("TargetArn"));
  const std::string arn = target.value_or("");
  const std::string functions =
      aws::make_arn("lambda", record.key.region, record.key.account, "function:");
  if (!arn.empty() && !arn.starts_with(functions)) {
    return unsupported("Lambda's DeadLetterConfig.TargetArn " + arn +
                       " is not supported: stator has no SQS queues or SNS topics. Name a Lambda "
                       "function's ARN here, or one as the OnFailure destination of "
                       "PutFunctionEventInvokeConfig.");
  }
  record.dead_letter_target = arn;
  return {};
}

void render_state(json::Object& out, Phase phase) {
  switch (phase) {
    case Phase::kCreated:
      out["State"] = "Pending";
      out["StateReason"] = "The function is being created.";
      out["StateReasonCode"] = "Creating";
      return;
    case Phase::kUpdated:
      out["State"] = "Active";
      out["LastUpdateStatus"] = "InProgress";
      out["LastUpdateStatusReason"] = "The function is being created.";
      out["LastUpdateStatusReasonCode"] = "Creating";
      return;
    case Phase::kSettled:
      out["State"] = "Active";
      out["LastUpdateStatus"] = "Successful";
      return;
  }
}

}  // namespace

Result<void> read_configuration(const aws::Input& input, const Catalog& catalog,
                                FunctionRecord& record) {
  STATOR_TRY_VOID(refuse_unless_empty(input));
  STATOR_TRY_VOID(check_only_default(input, {"TracingConfig", "Mode", "PassThrough"}));
  STATOR_TRY_VOID(check_only_default(input, {"SnapStart", "ApplyOn", "None"}));
  STATOR_TRY(const auto runtime, input.text("Runtime"));
  if (runtime) {
    STATOR_TRY([[maybe_unused]] const auto known, runtimes::parse_identifier(*runtime));
    record.runtime = *runtime;
  }
  STATOR_TRY_VOID(read_text(input, "Role", 2'048, record.role));
  STATOR_TRY_VOID(read_text(input, "Handler", kHandlerMax, record.handler));
  STATOR_TRY_VOID(read_text(input, "Description", kDescriptionMax, record.description));
  STATOR_TRY_VOID(read_number(input, "Timeout", {1, 900}, record.timeout_s));
  STATOR_TRY_VOID(read_number(input, "MemorySize", {128, 10'240}, record.memory_mb));
  STATOR_TRY_VOID(read_ephemeral_storage(input, record));
  STATOR_TRY_VOID(read_environment(input, record));
  STATOR_TRY_VOID(read_logging(input, record.logging));
  STATOR_TRY_VOID(read_dead_letter(input, record));
  return read_layers(input, catalog, record);
}

Result<void> check_unzipped_size(const FunctionRecord& record) {
  std::uint64_t bytes = record.code.unzipped_bytes;
  for (const auto& layer : record.layers) bytes += layer.package.unzipped_bytes;
  if (bytes <= limits::kUnzippedBytesMax) return {};
  return invalid_parameter(
      "Function code combined with layers exceeds the maximum allowed size of " +
      std::to_string(limits::kUnzippedBytesMax) + " bytes. The actual size is " +
      std::to_string(bytes) + " bytes.");
}

json::Object render_configuration(const FunctionRecord& record, Phase phase) {
  json::Object out{{"FunctionName", record.key.name},
                   {"FunctionArn", record.is_latest() ? record.arn() : record.version_arn()},
                   {"Runtime", record.runtime},
                   {"Role", record.role},
                   {"Handler", record.handler},
                   {"CodeSize", static_cast<std::int64_t>(record.code.zipped_bytes)},
                   {"Description", record.description},
                   {"Timeout", record.timeout_s},
                   {"MemorySize", record.memory_mb},
                   {"LastModified", iso8601_lambda(record.last_modified)},
                   {"CodeSha256", code_sha256(record.code)},
                   {"Version", record.version},
                   {"TracingConfig", json::Object{{"Mode", "PassThrough"}}},
                   {"RevisionId", record.revision_id},
                   {"PackageType", "Zip"},
                   {"Architectures", json::Array{"x86_64"}},
                   {"EphemeralStorage", json::Object{{"Size", record.ephemeral_mb}}},
                   {"SnapStart", json::Object{{"ApplyOn", "None"}, {"OptimizationStatus", "Off"}}},
                   {"LoggingConfig", render_logging(record)}};
  // Names the runtime that stands here, as AWS's ARN names a build of its own.
  out["RuntimeVersionConfig"] =
      json::Object{{"RuntimeVersionArn", runtime_version_arn(record.key.region, record.runtime)}};
  if (!record.dead_letter_target.empty()) {
    out["DeadLetterConfig"] = json::Object{{"TargetArn", record.dead_letter_target}};
  }
  if (record.environment) {
    json::Object variables;
    for (const auto& [name, value] : *record.environment) variables[name] = value;
    out["Environment"] = json::Object{{"Variables", std::move(variables)}};
  }
  if (!record.layers.empty()) {
    json::Array layers;
    for (const auto& layer : record.layers) {
      layers.push_back(json::Object{
          {"Arn", layer.arn}, {"CodeSize", static_cast<std::int64_t>(layer.package.zipped_bytes)}});
    }
    out["Layers"] = std::move(layers);
  }
  render_state(out, phase);
  return out;
}

Result<void> check_description(const std::string& description) {
  if (description.size() <= kDescriptionMax) return {};
  return out_of_range("description", description,
                      "have length less than or equal to " + std::to_string(kDescriptionMax));
}

json::Object render_code(const FunctionRecord&) {
  return {{"RepositoryType", "S3"}};
}

std::string code_sha256(const CodePackage& package) {
  return base64_encode(hex_decode(package.sha256_hex).value_or(""));
}

Result<void> check_architectures(const aws::Input& input, std::string_view member) {
  STATOR_TRY(const auto architectures, input.text_list(member));
  for (const auto& architecture : architectures) {
    if (architecture == "x86_64") continue;
    return invalid_parameter("Value [" + architecture +
                             "] at 'architectures' is not supported by stator: only x86_64 is.");
  }
  return {};
}

Result<void> read_tags(const aws::Input& input, std::string_view member,
                       std::map<std::string, std::string>& tags) {
  STATOR_TRY(const auto* given, input.object(member));
  if (given == nullptr) return {};
  auto merged = tags;
  for (const auto& tag : *given) {
    if (!tag.value().is_string() || tag.key().empty() || tag.key().size() > 128 ||
        tag.value().get_string().size() > 256) {
      return invalid_parameter("Tag " + json::quote(std::string(tag.key())) +
                               ": keys have 1 to 128 characters and values are text of at most "
                               "256.");
    }
    merged[std::string(tag.key())] = std::string(json::view(tag.value().get_string()));
  }
  if (merged.size() > kTagsMax) {
    return invalid_parameter("A function has at most 50 tags.");
  }
  STATOR_TRY_VOID(check_network_tag(merged));
  tags = std::move(merged);
  return {};
}

}  // namespace stator::lambda
