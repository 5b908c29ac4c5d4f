#include "apigateway/draft.hpp"

#include <array>

#include "apigateway/errors.hpp"
#include "base/check.hpp"
#include "base/ids.hpp"
#include "storage/key.hpp"

namespace stator::apigateway {
namespace {

constexpr storage::Family kFamily = storage::Family::kMeta;
constexpr std::size_t kApiIdLength = 10, kIdLength = 7, kDeploymentIdLength = 6;

/// How many there may be in one API, and AWS's word for them.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
struct Quota {
  Kind kind;
  std::size_t count_max;
  std::string_view spoken;
};
constexpr std::array kQuotas = {
    Quota{Kind::kRoute, 300, "Routes"}, Quota{Kind::kIntegration, 300, "Integrations"},
    Quota{Kind::kStage, 10, "Stages"}, Quota{Kind::kAuthorizer, 10, "Authorizers"}};

/// Where a record names another by a member: "integrations/ID" or the id alone.
struct Reference {
  Kind to;
  Kind from;
  std::string_view member;
  std::string_view prefix;
};
constexpr std::array kReferences = {
    Reference{Kind::kIntegration, Kind::kRoute, "target", "integrations/"},
    Reference{Kind::kAuthorizer, Kind::kRoute, "authorizerId", ""},
    Reference{Kind::kDeployment, Kind::kStage, "deploymentId", ""}};

/// The members of an API that a deployment freezes.
constexpr std::array<std::string_view, 2> kDeployedMembers = {"corsConfiguration",
                                                              "disableExecuteApiEndpoint"};

std::vector<json::Object> values(const Draft::Records& records) {
  std::vector<json::Object> list;
  list.reserve(records.size());
  for (const auto& [id, record] : records) list.push_back(record);
  return list;
}

json::Array to_array(const std::vector<json::Object>& records) {
  json::Array array;
  for (const json::Object& record : records) array.emplace_back(record);
  return array;
}

std::string to_text(const Snapshot& snapshot) {
  return json::dump(json::Object{{"api", snapshot.api},
                                 {"integrations", to_array(snapshot.integrations)},
                                 {"routes", to_array(snapshot.routes)},
                                 {"authorizers", to_array(snapshot.authorizers)}});
}

std::vector<json::Object> from_array(const json::Object& stored, std::string_view member) {
  std::vector<json::Object> records;
  const json::Value* array = json::find(stored, member);
  STATOR_CHECK(array != nullptr && array->is_array());
  for (const json::Value& record : array->get_array()) records.push_back(record.as_object());
  return records;
}

Result<std::shared_ptr<const Snapshot>> from_text(std::string_view text) {
  STATOR_TRY(const json::Object stored, json::parse_object(text));
  auto snapshot = std::make_shared<Snapshot>();
  const json::Value* api = json::find(stored, "api");
  STATOR_CHECK(api != nullptr && api->is_object());
  snapshot->api = api->get_object();
  snapshot->integrations = from_array(stored, "integrations");
  snapshot->routes = from_array(stored, "routes");
  snapshot->authorizers = from_array(stored, "authorizers");
  return std::shared_ptr<const Snapshot>(std::move(snapshot));
}

}  // namespace

Result<Draft> Draft::open(const storage::Store& store, Random& random, Scope scope,
                          std::string api_id) {
  Draft draft(store, random, std::move(scope));
  draft.api_id_ = std::move(api_id);
  STATOR_TRY(const auto found,
             store.get(kFamily, record_key(draft.scope_, Kind::kApi, {draft.api_id_})));
  if (!found) return no_such("API", draft.scope_.account + ":" + draft.api_id_);
  STATOR_TRY(draft.api_before_, json::parse_object(*found));
  draft.records_[Kind::kApi][draft.api_id_] = draft.api_before_;
  for (const Kind kind : kParts) STATOR_TRY_VOID(draft.load(kind));
  return draft;
}

Draft Draft::begin(const storage::Store& store, Random& random, Scope scope, json::Object api) {
  Draft draft(store, random, std::move(scope));
  draft.api_id_ = random_text(random, kLowerAlnum, kApiIdLength);
  api[std::string(names(Kind::kApi).id_member)] = draft.api_id_;
  draft.records_[Kind::kApi][draft.api_id_] = std::move(api);
  draft.touched_.emplace(Kind::kApi, draft.api_id_);
  return draft;
}

Result<void> Draft::load(Kind kind) {
  const auto iterator =
      store_->iterate(kFamily, storage::prefix_range(records_prefix(scope_, kind, api_id_)));
  for (iterator->seek_first(); iterator->valid(); iterator->next()) {
    STATOR_TRY(json::Object record, json::parse_object(iterator->value()));
    std::string id = id_of(kind, record);
    records_[kind].emplace(std::move(id), std::move(record));
  }
  return iterator->status();
}

const json::Object& Draft::api() const {
  return records_.at(Kind::kApi).at(api_id_);
}

const Draft::Records& Draft::all(Kind kind) const {
  static const Records kNone;
  const auto found = records_.find(kind);
  return found == records_.end() ? kNone : found->second;
}

Result<const json::Object*> Draft::find(Kind kind, const std::string& id) const {
  const Records& records = all(kind);
  const auto found = records.find(id);
  if (found == records.end()) return no_such(names(kind).spoken, id);
  return &found->second;
}

Result<json::Object*> Draft::edit(Kind kind, const std::string& id) {
  STATOR_TRY_VOID(find(kind, id));
  touched_.emplace(kind, id);
  return &records_[kind][id];
}

json::Object& Draft::edit_api() {
  touched_.emplace(Kind::kApi, api_id_);
  return records_[Kind::kApi][api_id_];
}

Result<json::Object*> Draft::add(Kind kind, json::Object record) {
  Records& records = records_[kind];
  for (const Quota& quota : kQuotas) {
    if (quota.kind == kind && records.size() >= quota.count_max) {
      return too_many(quota.spoken, "this API");
    }
  }
  std::string id = id_of(kind, record);
  while (id.empty()) {
    id = random_text(*random_, kLowerAlnum,
                     kind == Kind::kDeployment ? kDeploymentIdLength : kIdLength);
    if (records.contains(id)) id.clear();
  }
  record[std::string(names(kind).id_member)] = id;
  touched_.emplace(kind, id);
  json::Object& stored = records[id];
  stored = std::move(record);
  return &stored;
}

Result<void> Draft::check_unused(Kind kind, const std::string& id) const {
  for (const Reference& reference : kReferences) {
    if (reference.to != kind) continue;
    std::string users;
    for (const auto& [user, record] : all(reference.from)) {
      if (json::find_string(record, reference.member) != std::string(reference.prefix) + id) {
        continue;
      }
      users += (users.empty() ? "" : ", ") + user;
    }
    if (users.empty()) continue;
    if (kind == Kind::kDeployment) {
      return conflict_exception(
          "Active stages pointing to this deployment must be moved or deleted: [" + users + "]");
    }
    return conflict_exception("Cannot delete " + std::string(names(kind).spoken) +
                              " because it is referenced by the following Routes with Ids: [" +
                              users + "]");
  }
  return {};
}

Result<void> Draft::erase(Kind kind, const std::string& id) {
  STATOR_TRY_VOID(find(kind, id));
  STATOR_TRY_VOID(check_unused(kind, id));
  records_[kind].erase(id);
  touched_.emplace(kind, id);
  return {};
}

bool Draft::has_deployable_change() const {
  for (const auto& [kind, id] : touched_) {
    if (kind == Kind::kRoute || kind == Kind::kIntegration || kind == Kind::kAuthorizer)
      return true;
  }
  for (const std::string_view member : kDeployedMembers) {
    const json::Value* before = json::find(api_before_, member);
    const json::Value* now = json::find(api(), member);
    if ((before == nullptr) != (now == nullptr)) return true;
    if (before != nullptr && *before != *now) return true;
  }
  return false;
}

std::shared_ptr<const Snapshot> Draft::snapshot() const {
  auto now = std::make_shared<Snapshot>();
  now->api = api();
  now->integrations = values(all(Kind::kIntegration));
  now->routes = values(all(Kind::kRoute));
  now->authorizers = values(all(Kind::kAuthorizer));
  return now;
}

Result<std::shared_ptr<const Snapshot>> Draft::snapshot_of(const std::string& deployment) {
  if (const auto found = snapshots_.find(deployment); found != snapshots_.end()) {
    return found->second;
  }
  STATOR_TRY(const auto stored, store_->get(kFamily, snapshot_key(scope_, {api_id_, deployment})));
  if (!stored) return no_such("Deployment", deployment);
  STATOR_TRY(auto snapshot, from_text(*stored));
  snapshots_[deployment] = snapshot;
  return snapshot;
}

void Draft::freeze(const std::string& deployment, std::shared_ptr<const Snapshot> snapshot) {
  snapshots_[deployment] = std::move(snapshot);
  frozen_.insert(deployment);
}

void Draft::write(storage::Batch& batch) const {
  for (const auto& [kind, id] : touched_) {
    const Records& records = all(kind);
    const auto found = records.find(id);
    const RecordId record{api_id_, id};
    if (found != records.end()) {
      batch.put(kFamily, record_key(scope_, kind, record), json::dump(found->second));
    } else {
      batch.erase(kFamily, record_key(scope_, kind, record));
      if (kind == Kind::kDeployment) batch.erase(kFamily, snapshot_key(scope_, record));
    }
  }
  for (const std::string& deployment : frozen_) {
    if (!all(Kind::kDeployment).contains(deployment)) continue;
    batch.put(kFamily, snapshot_key(scope_, {api_id_, deployment}),
              to_text(*snapshots_.at(deployment)));
  }
}

}  // namespace stator::apigateway
