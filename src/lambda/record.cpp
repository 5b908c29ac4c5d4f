#include "lambda/record.hpp"

#include "crypto/crypto.hpp"
#include "lambda/reader.hpp"

namespace stator::lambda {
namespace {

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

json::Object encode_statement(const PolicyStatement& statement) {
  return {{"sid", statement.sid},
          {"action", statement.action},
          {"principal", statement.principal},
          {"resource", statement.resource},
          {"source_arn", statement.source_arn},
          {"source_account", statement.source_account},
          {"organization_id", statement.organization_id},
          {"event_source_token", statement.event_source_token},
          {"function_url_auth_type", statement.function_url_auth_type},
          {"is_via_function_url", statement.is_via_function_url ? 1 : 0}};
}

PolicyStatement decode_statement(Reader& in) {
  PolicyStatement statement;
  statement.sid = in.text("sid");
  statement.action = in.text("action");
  statement.principal = in.text("principal");
  statement.resource = in.text("resource");
  statement.source_arn = in.text("source_arn");
  statement.source_account = in.text("source_account");
  statement.organization_id = in.text_or("organization_id");
  statement.event_source_token = in.text_or("event_source_token");
  statement.function_url_auth_type = in.text_or("function_url_auth_type");
  statement.is_via_function_url = in.number_or("is_via_function_url", 0) != 0;
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

json::Object encode_logging(const LoggingConfig& logging) {
  return {{"json", logging.is_json ? 1 : 0},
          {"application_level", logging.application_level},
          {"system_level", logging.system_level},
          {"group", logging.group}};
}

LoggingConfig decode_logging(Reader& parent) {
  Reader in(parent.object("logging"));
  LoggingConfig logging;
  logging.is_json = in.number("json") != 0;
  logging.application_level = in.text("application_level");
  logging.system_level = in.text("system_level");
  logging.group = in.text("group");
  if (!in.is_whole()) parent.fail();
  return logging;
}

}  // namespace

json::Array encode_policy(const std::vector<PolicyStatement>& statements) {
  json::Array out;
  for (const auto& statement : statements) out.push_back(encode_statement(statement));
  return out;
}

std::vector<PolicyStatement> decode_policy(Reader& in, std::string_view name) {
  return in.objects<PolicyStatement>(name, decode_statement);
}

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
                   {"version", record.version},
                   {"logging", encode_logging(record.logging)},
                   {"dead_letter_target", record.dead_letter_target},
                   {"published_from", record.published_from},
                   {"tags", encode_pairs(record.tags)},
                   {"policy", encode_policy(record.policy)}};
  if (record.environment) out["environment"] = encode_pairs(*record.environment);
  return json::dump(out);
}

std::string fingerprint(const FunctionRecord& record) {
  FunctionRecord bare = record;
  bare.version = kLatest;
  bare.last_modified = {};
  bare.revision_id.clear();
  bare.published_from.clear();
  bare.tags.clear();
  bare.policy.clear();
  return crypto::sha256_hex(encode(bare));
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
  if (in.has("environment")) record.environment = in.pairs("environment");
  record.layers = in.objects<LayerUse>("layers", decode_layer_use);
  record.code = decode_package(in, "code");
  record.last_modified = from_epoch_ms(in.number("last_modified_ms"));
  record.revision_id = in.text("revision_id");
  record.version = in.text_or("version", record.version);
  if (in.has("logging")) record.logging = decode_logging(in);
  record.dead_letter_target = in.text_or("dead_letter_target");
  record.published_from = in.text_or("published_from");
  for (auto& [name, value] : in.pairs("tags")) record.tags.emplace(name, value);
  record.policy = decode_policy(in, "policy");
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
  record.compatible_runtimes = in.texts("compatible_runtimes");
  record.compatible_architectures = in.texts("compatible_architectures");
  if (in.has("revision_id")) {
    record.policy = decode_policy(in, "policy");
    record.revision_id = in.text("revision_id");
  }
  record.package = decode_package(in, "package");
  record.created = from_epoch_ms(in.number("created_ms"));
  if (!in.is_whole()) return internal("a layer's record is damaged: " + std::string(text));
  return record;
}

}  // namespace stator::lambda
