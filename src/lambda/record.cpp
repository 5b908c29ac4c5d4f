#include "lambda/record.hpp"

#include "json/json.hpp"

namespace stator::lambda {
namespace {

/// Reads members of a stored object and remembers whether one was missing or of the wrong type.
class Reader {
 public:
  explicit Reader(const json::Object& object) : object_(object) {}

  std::string text(std::string_view name) { return take(json::find_string(object_, name)); }
  std::int64_t number(std::string_view name) { return take(json::find_int(object_, name)); }
  const json::Object& object(std::string_view name) {
    const auto* value = json::find(object_, name);
    if (value != nullptr && value->is_object()) return value->get_object();
    is_whole_ = false;
    return object_;
  }
  const json::Array& array(std::string_view name) {
    static const json::Array kNone;
    const auto* value = json::find(object_, name);
    if (value != nullptr && value->is_array()) return value->get_array();
    is_whole_ = false;
    return kNone;
  }
  [[nodiscard]] bool has(std::string_view name) const {
    return json::find(object_, name) != nullptr;
  }
  [[nodiscard]] bool is_whole() const { return is_whole_; }
  void fail() { is_whole_ = false; }

 private:
  template <class T>
  T take(std::optional<T> value) {
    if (!value) is_whole_ = false;
    return value ? std::move(*value) : T{};
  }
  const json::Object& object_;
  bool is_whole_ = true;
};

json::Object encode_package(const CodePackage& package) {
  return {{"sha256", package.sha256_hex},
          {"zipped", static_cast<std::int64_t>(package.zipped_bytes)},
          {"unzipped", static_cast<std::int64_t>(package.unzipped_bytes)}};
}

CodePackage decode_package(Reader& parent, std::string_view name) {
  Reader in(parent.object(name));
  CodePackage package;
  package.sha256_hex = in.text("sha256");
  package.zipped_bytes = static_cast<std::uint64_t>(in.number("zipped"));
  package.unzipped_bytes = static_cast<std::uint64_t>(in.number("unzipped"));
  if (!in.is_whole()) parent.fail();
  return package;
}

template <class Pairs>
json::Object encode_pairs(const Pairs& pairs) {
  json::Object out;
  for (const auto& [name, value] : pairs) out[name] = value;
  return out;
}

EnvironmentVariables decode_pairs(Reader& in, std::string_view name) {
  EnvironmentVariables out;
  for (const auto& member : in.object(name)) {
    if (!member.value().is_string()) {
      in.fail();
      continue;
    }
    out.emplace_back(std::string(member.key()),
                     std::string(json::view(member.value().get_string())));
  }
  return out;
}

json::Array encode_texts(const std::vector<std::string>& texts) {
  json::Array out;
  for (const auto& text : texts) out.emplace_back(text);
  return out;
}

std::vector<std::string> decode_texts(Reader& in, std::string_view name) {
  std::vector<std::string> out;
  for (const auto& value : in.array(name)) {
    if (value.is_string()) out.emplace_back(json::view(value.get_string()));
  }
  return out;
}

json::Object encode_statement(const PolicyStatement& statement) {
  return {{"sid", statement.sid},
          {"action", statement.action},
          {"principal", statement.principal},
          {"resource", statement.resource},
          {"source_arn", statement.source_arn},
          {"source_account", statement.source_account},
          {"organization_id", statement.organization_id},
          {"event_source_token", statement.event_source_token},
          {"function_url_auth_type", statement.function_url_auth_type}};
}

json::Array encode_policy(const std::vector<PolicyStatement>& statements) {
  json::Array out;
  for (const auto& statement : statements) out.push_back(encode_statement(statement));
  return out;
}

template <class T, class Decode>
std::vector<T> decode_objects(Reader& in, std::string_view name, Decode decode) {
  std::vector<T> out;
  for (const auto& value : in.array(name)) {
    if (!value.is_object()) {
      in.fail();
      continue;
    }
    Reader element(value.get_object());
    out.push_back(decode(element));
    if (!element.is_whole()) in.fail();
  }
  return out;
}

PolicyStatement decode_statement(Reader& in) {
  PolicyStatement statement;
  statement.sid = in.text("sid");
  statement.action = in.text("action");
  statement.principal = in.text("principal");
  statement.resource = in.text("resource");
  statement.source_arn = in.text("source_arn");
  statement.source_account = in.text("source_account");
  // Records of older versions have none of these.
  if (in.has("organization_id")) statement.organization_id = in.text("organization_id");
  if (in.has("event_source_token")) statement.event_source_token = in.text("event_source_token");
  if (in.has("function_url_auth_type")) {
    statement.function_url_auth_type = in.text("function_url_auth_type");
  }
  return statement;
}

LayerUse decode_layer_use(Reader& in) {
  LayerUse use;
  use.arn = in.text("arn");
  use.package = decode_package(in, "package");
  return use;
}

FunctionKey decode_key(Reader& in) {
  FunctionKey key;
  key.account = in.text("account");
  key.region = in.text("region");
  key.name = in.text("name");
  return key;
}

}  // namespace

std::string encode(const FunctionRecord& record) {
  json::Array layers;
  for (const auto& layer : record.layers) {
    layers.push_back(json::Object{{"arn", layer.arn}, {"package", encode_package(layer.package)}});
  }
  json::Object out{{"account", record.key.account},
                   {"region", record.key.region},
                   {"name", record.key.name},
                   {"role", record.role},
                   {"runtime", record.runtime},
                   {"handler", record.handler},
                   {"description", record.description},
                   {"timeout_s", record.timeout_s},
                   {"memory_mb", record.memory_mb},
                   {"ephemeral_mb", record.ephemeral_mb},
                   {"layers", std::move(layers)},
                   {"code", encode_package(record.code)},
                   {"last_modified_ms", epoch_ms(record.last_modified)},
                   {"revision_id", record.revision_id},
                   {"tags", encode_pairs(record.tags)},
                   {"policy", encode_policy(record.policy)}};
  if (record.environment) out["environment"] = encode_pairs(*record.environment);
  return json::dump(out);
}

Result<FunctionRecord> decode_function(std::string_view text) {
  STATOR_TRY(const auto object, json::parse_object(text));
  Reader in(object);
  FunctionRecord record;
  record.key = decode_key(in);
  record.role = in.text("role");
  record.runtime = in.text("runtime");
  record.handler = in.text("handler");
  record.description = in.text("description");
  record.timeout_s = in.number("timeout_s");
  record.memory_mb = in.number("memory_mb");
  record.ephemeral_mb = in.number("ephemeral_mb");
  if (in.has("environment")) record.environment = decode_pairs(in, "environment");
  record.layers = decode_objects<LayerUse>(in, "layers", decode_layer_use);
  record.code = decode_package(in, "code");
  record.last_modified = from_epoch_ms(in.number("last_modified_ms"));
  record.revision_id = in.text("revision_id");
  for (auto& [name, value] : decode_pairs(in, "tags")) record.tags.emplace(name, value);
  record.policy = decode_objects<PolicyStatement>(in, "policy", decode_statement);
  if (!in.is_whole()) return internal("a function's record is damaged: " + std::string(text));
  return record;
}

std::string encode(const LayerVersionRecord& record) {
  json::Object out{{"account", record.reference.account},
                   {"region", record.reference.region},
                   {"name", record.reference.name},
                   {"version", record.reference.version},
                   {"description", record.description},
                   {"license_info", record.license_info},
                   {"compatible_runtimes", encode_texts(record.compatible_runtimes)},
                   {"compatible_architectures", encode_texts(record.compatible_architectures)},
                   {"package", encode_package(record.package)},
                   {"created_ms", epoch_ms(record.created)}};
  if (!record.revision_id.empty()) {
    out["policy"] = encode_policy(record.policy);
    out["revision_id"] = record.revision_id;
  }
  return json::dump(out);
}

Result<LayerVersionRecord> decode_layer_version(std::string_view text) {
  STATOR_TRY(const auto object, json::parse_object(text));
  Reader in(object);
  LayerVersionRecord record;
  const FunctionKey key = decode_key(in);
  record.reference = {key.account, key.region, key.name, in.number("version")};
  record.description = in.text("description");
  record.license_info = in.text("license_info");
  record.compatible_runtimes = decode_texts(in, "compatible_runtimes");
  record.compatible_architectures = decode_texts(in, "compatible_architectures");
  if (in.has("revision_id")) {
    record.policy = decode_objects<PolicyStatement>(in, "policy", decode_statement);
    record.revision_id = in.text("revision_id");
  }
  record.package = decode_package(in, "package");
  record.created = from_epoch_ms(in.number("created_ms"));
  if (!in.is_whole()) return internal("a layer's record is damaged: " + std::string(text));
  return record;
}

}  // namespace stator::lambda
