#include "lambda/settings.hpp"

#include <utility>

#include "base/time_format.hpp"
#include "lambda/reader.hpp"
#include "lambda/record.hpp"

namespace stator::lambda {
namespace {

/// {"qualifier": ..., ...} of a map, each value through `encode_one`.
template <class Map, class Encode>
json::Object encode_map(const Map& map, Encode encode_one) {
  json::Object out;
  for (const auto& [qualifier, value] : map) out[qualifier] = encode_one(value);
  return out;
}

template <class Map, class Decode>
void decode_map(Reader& parent, std::string_view name, Map& map, Decode decode_one) {
  if (!parent.has(name)) return;
  for (const auto& member : parent.object(name)) {
    if (!member.value().is_object()) {
      parent.fail();
      continue;
    }
    Reader in(member.value().get_object());
    map.emplace(std::string(member.key()), decode_one(in));
    if (!in.is_whole()) parent.fail();
  }
}

json::Object encode_alias(const Alias& alias) {
  json::Object weights;
  for (const auto& [version, weight] : alias.weights) weights[version] = weight;
  return {{"version", alias.version},
          {"description", alias.description},
          {"revision_id", alias.revision_id},
          {"weights", std::move(weights)}};
}

Alias decode_alias(Reader& in) {
  Alias alias;
  alias.version = in.text("version");
  alias.description = in.text("description");
  alias.revision_id = in.text("revision_id");
  for (const auto& member : in.object("weights")) {
    if (member.value().is_number()) {
      alias.weights.emplace(std::string(member.key()), member.value().to_number<double>());
    } else {
      in.fail();
    }
  }
  return alias;
}

json::Object encode_qualified_policy(const QualifiedPolicy& policy) {
  return {{"statements", encode_policy(policy.statements)}, {"revision_id", policy.revision_id}};
}

QualifiedPolicy decode_qualified_policy(Reader& in) {
  QualifiedPolicy policy;
  policy.statements = decode_policy(in, "statements");
  policy.revision_id = in.text("revision_id");
  return policy;
}

json::Object encode_event_invoke(const EventInvokeConfig& config) {
  return {{"retries_max", config.retries_max},
          {"age_s_max", config.age_s_max},
          {"on_success", config.on_success},
          {"on_failure", config.on_failure},
          {"last_modified_ms", epoch_ms(config.last_modified)},
          {"is_retries_given", config.is_retries_given ? 1 : 0},
          {"is_age_given", config.is_age_given ? 1 : 0}};
}

EventInvokeConfig decode_event_invoke(Reader& in) {
  EventInvokeConfig config;
  config.retries_max = in.number("retries_max");
  config.age_s_max = in.number("age_s_max");
  config.on_success = in.text("on_success");
  config.on_failure = in.text("on_failure");
  config.last_modified = from_epoch_ms(in.number("last_modified_ms"));
  config.is_retries_given = in.number("is_retries_given") != 0;
  config.is_age_given = in.number("is_age_given") != 0;
  return config;
}

json::Object encode_cors(const UrlCors& cors) {
  return {{"allow_credentials", cors.allow_credentials ? 1 : 0},
          {"allow_headers", encode_texts(cors.allow_headers)},
          {"allow_methods", encode_texts(cors.allow_methods)},
          {"allow_origins", encode_texts(cors.allow_origins)},
          {"expose_headers", encode_texts(cors.expose_headers)},
          {"max_age_s", cors.max_age_s}};
}

UrlCors decode_cors(Reader& in) {
  UrlCors cors;
  cors.allow_credentials = in.number("allow_credentials") != 0;
  cors.allow_headers = in.texts("allow_headers");
  cors.allow_methods = in.texts("allow_methods");
  cors.allow_origins = in.texts("allow_origins");
  cors.expose_headers = in.texts("expose_headers");
  cors.max_age_s = in.number("max_age_s");
  return cors;
}

json::Object encode_url(const UrlConfig& url) {
  json::Object out{{"id", url.id},
                   {"needs_signature", url.needs_signature ? 1 : 0},
                   {"is_streaming", url.is_streaming ? 1 : 0},
                   {"created_ms", epoch_ms(url.created)},
                   {"last_modified_ms", epoch_ms(url.last_modified)}};
  if (url.cors) out["cors"] = encode_cors(*url.cors);
  return out;
}

UrlConfig decode_url(Reader& in) {
  UrlConfig url;
  url.id = in.text("id");
  url.needs_signature = in.number("needs_signature") != 0;
  url.is_streaming = in.number("is_streaming") != 0;
  url.created = from_epoch_ms(in.number("created_ms"));
  url.last_modified = from_epoch_ms(in.number("last_modified_ms"));
  if (in.has("cors")) {
    Reader cors(in.object("cors"));
    url.cors = decode_cors(cors);
    if (!cors.is_whole()) in.fail();
  }
  return url;
}

json::Object encode_runtime_management(const RuntimeManagement& management) {
  return {{"update_on", management.update_on},
          {"runtime_version_arn", management.runtime_version_arn}};
}

RuntimeManagement decode_runtime_management(Reader& in) {
  return {in.text("update_on"), in.text("runtime_version_arn")};
}

json::Object encode_provisioned(const ProvisionedConcurrency& provisioned) {
  return {{"count", provisioned.count}, {"last_modified_ms", epoch_ms(provisioned.last_modified)}};
}

ProvisionedConcurrency decode_provisioned(Reader& in) {
  return {in.number("count"), from_epoch_ms(in.number("last_modified_ms"))};
}

}  // namespace

void FunctionSettings::forget_qualifier(const std::string& qualifier) {
  policies.erase(qualifier);
  event_invoke.erase(qualifier);
  urls.erase(qualifier);
  runtime_management.erase(qualifier);
  provisioned_concurrency.erase(qualifier);
}

std::string encode(const FunctionSettings& settings) {
  json::Object out{
      {"account", settings.key.account},
      {"region", settings.key.region},
      {"name", settings.key.name},
      {"last_version", settings.last_version},
      {"aliases", encode_map(settings.aliases, encode_alias)},
      {"policies", encode_map(settings.policies, encode_qualified_policy)},
      {"event_invoke", encode_map(settings.event_invoke, encode_event_invoke)},
      {"urls", encode_map(settings.urls, encode_url)},
      {"runtime_management", encode_map(settings.runtime_management, encode_runtime_management)},
      {"provisioned_concurrency", encode_map(settings.provisioned_concurrency, encode_provisioned)},
      {"allows_recursion", settings.allows_recursion ? 1 : 0}};
  if (settings.reserved_concurrency) out["reserved_concurrency"] = *settings.reserved_concurrency;
  return json::dump(out);
}

Result<FunctionSettings> decode_settings(std::string_view text) {
  STATOR_TRY(const auto object, json::parse_object(text));
  Reader in(object);
  FunctionSettings settings;
  settings.key = {in.text("account"), in.text("region"), in.text("name")};
  settings.last_version = in.number("last_version");
  decode_map(in, "aliases", settings.aliases, decode_alias);
  decode_map(in, "policies", settings.policies, decode_qualified_policy);
  decode_map(in, "event_invoke", settings.event_invoke, decode_event_invoke);
  decode_map(in, "urls", settings.urls, decode_url);
  decode_map(in, "runtime_management", settings.runtime_management, decode_runtime_management);
  decode_map(in, "provisioned_concurrency", settings.provisioned_concurrency, decode_provisioned);
  if (in.has("reserved_concurrency")) {
    settings.reserved_concurrency = in.number("reserved_concurrency");
  }
  settings.allows_recursion = in.number("allows_recursion") != 0;
  if (!in.is_whole()) return internal("a function's settings are damaged: " + std::string(text));
  return settings;
}

}  // namespace stator::lambda
