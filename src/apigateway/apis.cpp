#include "apigateway/apis.hpp"

#include <array>

#include "apigateway/errors.hpp"
#include "base/ids.hpp"
#include "storage/key.hpp"

namespace stator::apigateway {
namespace {

constexpr std::size_t kApiIdLength = 10, kIdLength = 7;
/// What belongs to an API and goes with it.
constexpr std::array kParts = {Kind::kIntegration, Kind::kRoute,      Kind::kStage,
                               Kind::kDeployment,  Kind::kAuthorizer, Kind::kModel};
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
    case Kind::kDeployment:
      return {"deployment", "deploymentId", "Deployment"};
    case Kind::kAuthorizer:
      return {"authorizer", "authorizerId", "Authorizer"};
    case Kind::kModel:
      return {"model", "modelId", "Model"};
  }
  return {};
}

/// Under this prefix every API's id leads to its account and region.
std::string index_key(std::string_view api_id) {
  return storage::path_key({"", "", "apigateway", "index", api_id});
}

}  // namespace

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

Result<json::Object> Apis::update(const aws::Call& call, Kind kind, const RecordId& id,
                                  const Change& change) {
  const std::lock_guard lock(changing_);
  const Scope scope{call.account, call.region};
  STATOR_TRY(json::Object record, get(call, kind, id));
  if (change) {
    STATOR_TRY(auto others, list_in(scope, kind, id.api_id));
    const std::string id_member(names(kind).id_member);
    const std::string own = json::find_string(record, id_member).value_or("");
    std::erase_if(others, [&](const json::Object& other) {
      return json::find_string(other, id_member) == own;
    });
    STATOR_TRY_VOID(change(record, others));
  }
  storage::Batch batch;
  batch.put(kFamily, key(scope, kind, id), json::dump(record));
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  STATOR_TRY_VOID(compile(scope, id.api_id));
  return shown(kind, std::move(record));
}

Result<void> Apis::remove(const aws::Call& call, Kind kind, const RecordId& id) {
  const std::lock_guard lock(changing_);
  STATOR_TRY_VOID(get(call, kind, id));
  if (removal_guard_) STATOR_TRY_VOID(removal_guard_(kind, id));
  const Scope scope{call.account, call.region};
  storage::Batch batch;
  batch.erase(kFamily, key(scope, kind, id));
  if (kind == Kind::kApi) {
    batch.erase(kFamily, index_key(id.api_id));
    for (const Kind part : kParts) {
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

std::vector<std::shared_ptr<const CompiledApi>> Apis::all() const {
  std::vector<std::shared_ptr<const CompiledApi>> apis;
  const std::shared_lock lock(compiled_mutex_);
  for (const auto& [id, api] : compiled_) apis.push_back(api);
  return apis;
}

Result<Snapshot> Apis::snapshot(const Scope& scope, const std::string& api_id) const {
  Snapshot now;
  STATOR_TRY(const auto api, store_.get(kFamily, key(scope, Kind::kApi, {api_id})));
  if (!api) return no_such("API", scope.account + ":" + api_id);
  STATOR_TRY(now.api, json::parse_object(*api));
  STATOR_TRY(now.integrations, list_in(scope, Kind::kIntegration, api_id));
  STATOR_TRY(now.routes, list_in(scope, Kind::kRoute, api_id));
  STATOR_TRY(now.authorizers, list_in(scope, Kind::kAuthorizer, api_id));
  return now;
}

Result<void> Apis::compile(const Scope& scope, const std::string& api_id) {
  STATOR_TRY(const Snapshot now, snapshot(scope, api_id));
  STATOR_TRY(const auto stages, list_in(scope, Kind::kStage, api_id));
  const auto before = find(api_id);
  auto api = std::make_shared<CompiledApi>();
  api->id = api_id;
  for (const json::Object& stage : stages) {
    const std::string name = json::find_string(stage, "stageName").value_or("");
    const auto earlier = before == nullptr ? nullptr : before->stage(name);
    STATOR_TRY(auto compiled, compile_stage(scope, now, stage, earlier.get()));
    api->stages.emplace(name, std::move(compiled));
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
