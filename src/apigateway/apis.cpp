#include "apigateway/apis.hpp"

#include "apigateway/deployments.hpp"
#include "apigateway/errors.hpp"
#include "base/time_format.hpp"
#include "storage/key.hpp"

namespace stator::apigateway {
namespace {

/// AWS's quota of APIs per account and region.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
constexpr std::size_t kApisMax = 600;
constexpr storage::Family kFamily = storage::Family::kMeta;

/// An API itself has no id below its own.
const std::string& own_id(Kind kind, const RecordId& id) {
  return kind == Kind::kApi ? id.api_id : id.id;
}

}  // namespace

Apis::Apis(storage::Store& store, Random& random, std::string endpoint_suffix)
    : store_(store), random_(random), endpoint_suffix_(std::move(endpoint_suffix)) {
  load_all();
}

Result<json::Object> Apis::edit(const aws::Call& call, const std::string& api_id,
                                const Work& work) {
  const std::lock_guard lock(changing_);
  STATOR_TRY(Draft draft, Draft::open(store_, random_, {call.account, call.region}, api_id));
  STATOR_TRY(json::Object answer, work(draft));
  STATOR_TRY_VOID(commit(draft, iso8601(call.now), {}));
  return answer;
}

Result<json::Object> Apis::create_api(const aws::Call& call, json::Object record,
                                      const std::function<Result<void>(Draft&)>& work) {
  const std::lock_guard lock(changing_);
  const Scope scope{call.account, call.region};
  STATOR_TRY(const auto existing, list_in(scope, Kind::kApi, ""));
  if (existing.size() >= kApisMax) return too_many("APIs", "this account");
  Draft draft = Draft::begin(store_, random_, scope, std::move(record));
  if (work) STATOR_TRY_VOID(work(draft));
  storage::Batch batch;
  batch.put(kFamily, index_key(draft.api_id()), storage::path_key({scope.account, scope.region}));
  STATOR_TRY_VOID(commit(draft, iso8601(call.now), std::move(batch)));
  return shown(Kind::kApi, draft.api());
}

Result<json::Object> Apis::create(const aws::Call& call, Kind kind, std::string api_id,
                                  json::Object record, const Check& check) {
  if (kind == Kind::kApi) return create_api(call, std::move(record), {});
  return edit(call, api_id, [&](Draft& draft) -> Result<json::Object> {
    std::vector<json::Object> existing;
    for (const auto& [id, other] : draft.all(kind)) existing.push_back(other);
    if (check) STATOR_TRY_VOID(check(existing));
    STATOR_TRY(const json::Object* added, draft.add(kind, std::move(record)));
    return *added;
  });
}

json::Object Apis::shown(Kind kind, json::Object record) const {
  if (kind == Kind::kApi) {
    record["apiEndpoint"] = "http://" + id_of(kind, record) + endpoint_suffix_;
  }
  return record;
}

Result<json::Object> Apis::get(const aws::Call& call, Kind kind, const RecordId& id) const {
  const Scope scope{call.account, call.region};
  if (kind != Kind::kApi) STATOR_TRY_VOID(require_api(scope, id.api_id));
  STATOR_TRY(const auto found, store_.get(kFamily, record_key(scope, kind, id)));
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
  std::vector<json::Object> records;
  const auto iterator =
      store_.iterate(kFamily, storage::prefix_range(records_prefix(scope, kind, api_id)));
  for (iterator->seek_first(); iterator->valid(); iterator->next()) {
    STATOR_TRY(json::Object record, json::parse_object(iterator->value()));
    records.push_back(shown(kind, std::move(record)));
  }
  STATOR_TRY_VOID(iterator->status());
  return records;
}

Result<void> Apis::require_api(const Scope& scope, std::string_view api_id) const {
  STATOR_TRY(const auto found,
             store_.get(kFamily, record_key(scope, Kind::kApi, {std::string(api_id)})));
  if (!found) return no_such("API", scope.account + ":" + std::string(api_id));
  return {};
}

Result<json::Object> Apis::update(const aws::Call& call, Kind kind, const RecordId& id,
                                  const Change& change) {
  return edit(call, id.api_id, [&](Draft& draft) -> Result<json::Object> {
    STATOR_TRY(json::Object * record, draft.edit(kind, own_id(kind, id)));
    std::vector<json::Object> others;
    for (const auto& [other_id, other] : draft.all(kind)) {
      if (other_id != own_id(kind, id)) others.push_back(other);
    }
    if (change) STATOR_TRY_VOID(change(*record, others));
    return shown(kind, *record);
  });
}

Result<void> Apis::remove(const aws::Call& call, Kind kind, const RecordId& id) {
  if (kind == Kind::kApi) return remove_api(call, id.api_id);
  const auto work = [&](Draft& draft) -> Result<json::Object> {
    STATOR_TRY(const json::Object* record, draft.find(kind, id.id));
    if (json::find_bool(*record, "apiGatewayManaged").value_or(false)) {
      return conflict_exception("Cannot delete the " + std::string(names(kind).spoken) + " " +
                                id.id + ", which is managed by API Gateway");
    }
    if (removal_guard_) STATOR_TRY_VOID(removal_guard_(kind, id));
    STATOR_TRY_VOID(draft.erase(kind, id.id));
    return json::Object();
  };
  STATOR_TRY_VOID(edit(call, id.api_id, work));
  return {};
}

Result<void> Apis::remove_api(const aws::Call& call, const std::string& api_id) {
  const std::lock_guard lock(changing_);
  const Scope scope{call.account, call.region};
  STATOR_TRY_VOID(require_api(scope, api_id));
  if (removal_guard_) STATOR_TRY_VOID(removal_guard_(Kind::kApi, {api_id}));
  storage::Batch batch;
  batch.erase(kFamily, record_key(scope, Kind::kApi, {api_id}));
  batch.erase(kFamily, index_key(api_id));
  const auto erase_below = [&](const std::string& prefix) {
    storage::Range range = storage::prefix_range(prefix);
    batch.erase_range(kFamily, std::move(range.begin), std::move(range.end));
  };
  for (const Kind part : kParts) erase_below(records_prefix(scope, part, api_id));
  erase_below(snapshots_prefix(scope, api_id));
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  const std::unique_lock compiled_lock(compiled_mutex_);
  compiled_.erase(api_id);
  return {};
}

std::optional<json::Object> Apis::tags(const aws::Call& call, const RecordId& id) const {
  const auto record = get(call, id.id.empty() ? Kind::kApi : Kind::kStage, id);
  if (!record) return std::nullopt;
  const json::Value* tags = json::find(*record, "tags");
  return tags != nullptr && tags->is_object() ? tags->get_object() : json::Object();
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

Result<void> Apis::commit(Draft& draft, const std::string& date, storage::Batch batch) {
  STATOR_TRY_VOID(deploy_automatically(draft, date));
  STATOR_TRY(auto compiled, compile(draft, find(draft.api_id()).get()));
  draft.write(batch);
  if (!batch.empty()) STATOR_TRY_VOID(store_.write(std::move(batch)));
  const std::unique_lock lock(compiled_mutex_);
  compiled_[draft.api_id()] = std::move(compiled);
  return {};
}

void Apis::load_all() {
  std::vector<std::pair<Scope, std::string>> all;
  const auto iterator = store_.iterate(kFamily, storage::prefix_range(index_prefix()));
  for (iterator->seek_first(); iterator->valid(); iterator->next()) {
    const auto parts = storage::split_path_key(iterator->key());
    const auto scope = storage::split_path_key(iterator->value());
    STATOR_CHECK(parts && scope && scope->size() == 2);
    all.push_back({{(*scope)[0], (*scope)[1]}, parts->back()});
  }
  for (auto& [scope, api_id] : all) {
    const auto load = [&, &where = scope, &id = api_id]() -> Result<void> {
      STATOR_TRY(Draft draft, Draft::open(store_, random_, where, id));
      return commit(draft, json::find_string(draft.api(), "createdDate").value_or(""), {});
    };
    const auto outcome = load();
    if (!outcome) throw ConfigError("API " + api_id + ": " + outcome.error().message);
  }
}

}  // namespace stator::apigateway
