#include "apigateway/apis.hpp"

#include "apigateway/errors.hpp"
#include "base/ids.hpp"
#include "storage/key.hpp"

namespace stator::apigateway {
namespace {

constexpr std::size_t kApiIdLength = 10, kIdLength = 7;
constexpr storage::Family kFamily = storage::Family::kMeta;

struct KindNames {
  std::string_view stored;     ///< in keys
  std::string_view id_member;  ///< of the record
  std::string_view spoken;     ///< in errors
};

KindNames names(Kind kind) {
  switch (kind) {
    case Kind::kApi:
      return {"api", "apiId", "API"};
    case Kind::kIntegration:
      return {"integration", "integrationId", "Integration"};
    case Kind::kRoute:
      return {"route", "routeId", "Route"};
    case Kind::kStage:
      return {"stage", "stageName", "stage"};
  }
  return {};
}

/// Under this prefix every API's id leads to its account and region.
std::string index_key(std::string_view api_id) {
  return storage::path_key({"", "", "apigateway", "index", api_id});
}

CompiledApi::Variables read_variables(const json::Object& stage) {
  CompiledApi::Variables variables;
  const json::Value* given = json::find(stage, "stageVariables");
  if (given == nullptr || !given->is_object()) return variables;
  for (const auto& member : given->get_object()) {
    if (!member.value().is_string()) continue;
    variables.emplace_back(member.key(), json::view(member.value().get_string()));
  }
  return variables;
}

}  // namespace

std::optional<std::string> function_of(std::string_view uri) {
  constexpr std::string_view kBefore = ":lambda:path/2015-03-31/functions/";
  constexpr std::string_view kAfter = "/invocations";
  if (uri.starts_with("arn:aws:lambda:")) return std::string(uri);
  const auto at = uri.find(kBefore);
  if (!uri.starts_with("arn:aws:apigateway:") || at == std::string_view::npos ||
      !uri.ends_with(kAfter)) {
    return std::nullopt;
  }
  uri.remove_prefix(at + kBefore.size());
  uri.remove_suffix(kAfter.size());
  if (!uri.starts_with("arn:aws:lambda:")) return std::nullopt;
  return std::string(uri);
}

Apis::Apis(storage::Store& store, Random& random, std::string endpoint_suffix)
    : store_(store), random_(random), endpoint_suffix_(std::move(endpoint_suffix)) {
  load_all();
}

std::string Apis::key(const Scope& scope, Kind kind, const RecordId& id) const {
  const std::string_view stored = names(kind).stored;
  if (kind == Kind::kApi) {
    return storage::path_key({scope.account, scope.region, "apigateway", stored, id.api_id});
  }
  return storage::path_key({scope.account, scope.region, "apigateway", stored, id.api_id, id.id});
}

Result<json::Object> Apis::create(const aws::Call& call, Kind kind, std::string api_id,
                                  json::Object record, const Check& check) {
  const std::lock_guard lock(changing_);
  const Scope scope{call.account, call.region};
  const std::string id_member(names(kind).id_member);
  RecordId id{std::move(api_id), {}};
  if (kind == Kind::kApi) {
    id.api_id = random_text(random_, kLowerAlnum, kApiIdLength);
    record[id_member] = id.api_id;
  } else {
    STATOR_TRY_VOID(require_api(scope, id.api_id));
    if (!record.contains(id_member))
      record[id_member] = random_text(random_, kLowerAlnum, kIdLength);
    id.id = *json::find_string(record, id_member);
  }
  STATOR_TRY(const auto existing, list_in(scope, kind, id.api_id));
  if (check) STATOR_TRY_VOID(check(existing));

  storage::Batch batch;
  batch.put(kFamily, key(scope, kind, id), json::dump(record));
  if (kind == Kind::kApi) {
    batch.put(kFamily, index_key(id.api_id), storage::path_key({scope.account, scope.region}));
  }
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  STATOR_TRY_VOID(compile(scope, id.api_id));
  return shown(kind, std::move(record));
}

json::Object Apis::shown(Kind kind, json::Object record) const {
  if (kind == Kind::kApi) {
    record["apiEndpoint"] =
        "http://" + json::find_string(record, "apiId").value_or("") + endpoint_suffix_;
  }
  return record;
}

Result<json::Object> Apis::get(const aws::Call& call, Kind kind, const RecordId& id) const {
  const Scope scope{call.account, call.region};
  if (kind != Kind::kApi) STATOR_TRY_VOID(require_api(scope, id.api_id));
  STATOR_TRY(const auto found, store_.get(kFamily, key(scope, kind, id)));
  if (!found) {
    return no_such(names(kind).spoken, kind == Kind::kApi ? call.account + ":" + id.api_id : id.id);
  }
  STATOR_TRY(json::Object record, json::parse_object(*found));
  return shown(kind, std::move(record));
}

Result<std::vector<json::Object>> Apis::list(const aws::Call& call, Kind kind,
                                             std::string_view api_id) const {
  const Scope scope{call.account, call.region};
  if (kind != Kind::kApi) STATOR_TRY_VOID(require_api(scope, api_id));
  return list_in(scope, kind, api_id);
}

Result<std::vector<json::Object>> Apis::list_in(const Scope& scope, Kind kind,
                                                std::string_view api_id) const {
  std::string prefix =
      storage::path_key({scope.account, scope.region, "apigateway", names(kind).stored});
  if (kind != Kind::kApi) storage::append_part(prefix, api_id);
  std::vector<json::Object> records;
  const auto iterator = store_.iterate(kFamily, storage::prefix_range(prefix));
  for (iterator->seek_first(); iterator->valid(); iterator->next()) {
    STATOR_TRY(json::Object record, json::parse_object(iterator->value()));
    records.push_back(shown(kind, std::move(record)));
  }
  STATOR_TRY_VOID(iterator->status());
  return records;
}

Result<void> Apis::require_api(const Scope& scope, std::string_view api_id) const {
  STATOR_TRY(const auto found, store_.get(kFamily, key(scope, Kind::kApi, {std::string(api_id)})));
  if (!found) return no_such("API", scope.account + ":" + std::string(api_id));
  return {};
}

Result<void> Apis::remove(const aws::Call& call, Kind kind, const RecordId& id) {
  const std::lock_guard lock(changing_);
  STATOR_TRY_VOID(get(call, kind, id));
  const Scope scope{call.account, call.region};
  storage::Batch batch;
  batch.erase(kFamily, key(scope, kind, id));
  if (kind == Kind::kApi) {
    batch.erase(kFamily, index_key(id.api_id));
    for (const Kind part : {Kind::kIntegration, Kind::kRoute, Kind::kStage}) {
      storage::Range range = storage::prefix_range(storage::path_key(
          {scope.account, scope.region, "apigateway", names(part).stored, id.api_id}));
      batch.erase_range(kFamily, std::move(range.begin), std::move(range.end));
    }
  }
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  if (kind != Kind::kApi) return compile(scope, id.api_id);
  const std::unique_lock compiled_lock(compiled_mutex_);
  compiled_.erase(id.api_id);
  return {};
}

std::shared_ptr<const CompiledApi> Apis::find(std::string_view api_id) const {
  const std::shared_lock lock(compiled_mutex_);
  const auto found = compiled_.find(api_id);
  return found == compiled_.end() ? nullptr : found->second;
}

Result<void> Apis::compile(const Scope& scope, const std::string& api_id) {
  auto api = std::make_shared<CompiledApi>();
  api->id = api_id;
  api->account = scope.account;
  api->region = scope.region;

  std::map<std::string, CompiledApi::Route> integrations;
  STATOR_TRY(const auto integration_records, list_in(scope, Kind::kIntegration, api_id));
  for (const json::Object& record : integration_records) {
    CompiledApi::Route route;
    route.function_arn =
        function_of(json::find_string(record, "integrationUri").value_or("")).value_or("");
    route.timeout =
        std::chrono::milliseconds(json::find_int(record, "timeoutInMillis").value_or(30'000));
    integrations.emplace("integrations/" + *json::find_string(record, "integrationId"), route);
  }
  STATOR_TRY(const auto route_records, list_in(scope, Kind::kRoute, api_id));
  for (const json::Object& record : route_records) {
    const std::string text = json::find_string(record, "routeKey").value_or("");
    STATOR_TRY(const RouteKey route_key, RouteKey::parse(text));
    CompiledApi::Route route = integrations[json::find_string(record, "target").value_or("")];
    route.key = text;
    route.needs_signature = json::find_string(record, "authorizationType") == "AWS_IAM";
    api->table.add(route_key, api->routes.size());
    api->routes.push_back(std::move(route));
  }
  STATOR_TRY(const auto stage_records, list_in(scope, Kind::kStage, api_id));
  for (const json::Object& record : stage_records) {
    api->stages.emplace(*json::find_string(record, "stageName"), read_variables(record));
  }

  const std::unique_lock lock(compiled_mutex_);
  compiled_[api_id] = std::move(api);
  return {};
}

void Apis::load_all() {
  const std::string prefix = storage::path_key({"", "", "apigateway", "index"});
  const auto iterator = store_.iterate(kFamily, storage::prefix_range(prefix));
  for (iterator->seek_first(); iterator->valid(); iterator->next()) {
    const auto parts = storage::split_path_key(iterator->key());
    const auto scope = storage::split_path_key(iterator->value());
    STATOR_CHECK(parts && scope && scope->size() == 2);
    const auto outcome = compile({(*scope)[0], (*scope)[1]}, parts->back());
    if (!outcome) throw ConfigError("API " + parts->back() + ": " + outcome.error().message);
  }
}

}  // namespace stator::apigateway
