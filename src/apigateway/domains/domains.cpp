#include "apigateway/domains/domains.hpp"

#include "apigateway/domains/domain_names.hpp"
#include "apigateway/errors.hpp"
#include "base/ids.hpp"
#include "storage/key.hpp"

namespace stator::apigateway {
namespace {

constexpr storage::Family kFamily = storage::Family::kMeta;
constexpr std::size_t kMappingIdLength = 6, kTargetIdLength = 10;
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
constexpr std::size_t kDomainsMax = 120, kMappingsMax = 200;

std::string key_of(const Scope& scope, std::string_view kind, std::string_view name = {},
                   std::string_view id = {}) {
  std::string key = storage::path_key({scope.account, scope.region, "apigateway", kind});
  if (!name.empty()) storage::append_part(key, name);
  if (!id.empty()) storage::append_part(key, id);
  return key;
}

std::string domain_key(const Scope& scope, std::string_view name = {}) {
  return key_of(scope, "domain", name);
}
std::string truststore_key(const Scope& scope, std::string_view name) {
  return key_of(scope, "domain-truststore", name);
}
std::string mapping_key(const Scope& scope, std::string_view domain, std::string_view id = {}) {
  return key_of(scope, "domain-mapping", domain, id);
}
/// Under this prefix every domain's name leads to its account and region.
std::string domain_index_key(std::string_view name) {
  return storage::path_key({"", "", "apigateway", "domain-index", name});
}

Scope scope_of(const aws::Call& call) {
  return {call.account, call.region};
}

Error no_such_domain() {
  return {ErrorCode::kNotFound, "Invalid domain name identifier specified", "NotFoundException"};
}

Error too_many(std::string message) {
  return {ErrorCode::kThrottled, std::move(message), "TooManyRequestsException"};
}

/// What a truststore's key holds: nothing is written where mutual TLS is off.
void put(storage::Batch& batch, const Scope& scope, const std::string& name,
         const DomainRecord& domain) {
  batch.put(kFamily, domain_key(scope, name), json::dump(domain.record));
  if (domain.client_authorities.empty()) {
    batch.erase(kFamily, truststore_key(scope, name));
  } else {
    batch.put(kFamily, truststore_key(scope, name), domain.client_authorities);
  }
}

}  // namespace

Domains::Domains(storage::Store& store, Random& random, Apis& apis, TruststoreReader& truststores)
    : store_(store), random_(random), apis_(apis), truststores_(truststores) {
  load_all();
  apis_.guard_removal([this](Kind kind, const RecordId& id) { return check_removal(kind, id); });
}

Domains::~Domains() {
  apis_.guard_removal({});
}

Result<Truststore> Domains::truststore(const aws::Call& call, const S3Location& location) const {
  return read_truststore(truststores_, call.account, location, call.now);
}

Result<void> Domains::check_free(const Scope& scope, const std::string& name) const {
  const std::shared_lock lock(table_mutex_);
  std::size_t own = 0;
  for (const auto& [taken, domain] : table_.all()) {
    const bool is_own = domain->account == scope.account;
    if (is_own && domain->region == scope.region) ++own;
    const bool is_covered = taken == wildcard_for(name) || wildcard_for(taken) == name;
    if (taken == name || (!is_own && is_covered)) {
      return conflict_exception("The domain name you provided already exists.");
    }
  }
  if (own >= kDomainsMax) {
    return too_many("Maximum number of domain names for this account has been reached.");
  }
  return {};
}

Result<json::Object> Domains::create(const aws::Call& call, DomainRecord domain) {
  const std::lock_guard lock(changing_);
  const Scope scope = scope_of(call);
  const std::string name = json::find_string(domain.record, "domainName").value_or("");
  STATOR_TRY_VOID(check_free(scope, name));
  domain.record["domainNameConfigurations"].as_array().at(0).as_object()["apiGatewayDomainName"] =
      "d-" + random_text(random_, kLowerAlnum, kTargetIdLength) + ".execute-api.localhost";
  storage::Batch batch;
  put(batch, scope, name, domain);
  batch.put(kFamily, domain_index_key(name), storage::path_key({scope.account, scope.region}));
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  STATOR_TRY_VOID(compile(scope, name));
  return std::move(domain.record);
}

Result<json::Object> Domains::get(const aws::Call& call, std::string_view name) const {
  if (name.empty()) return no_such_domain();
  STATOR_TRY(const auto found, store_.get(kFamily, domain_key(scope_of(call), name)));
  if (!found) return no_such_domain();
  return json::parse_object(*found);
}

Result<std::vector<json::Object>> Domains::list(const aws::Call& call) const {
  return records_below(domain_key(scope_of(call)));
}

Result<json::Object> Domains::update(const aws::Call& call, const std::string& name,
                                     const Change& change) {
  const std::lock_guard lock(changing_);
  const Scope scope = scope_of(call);
  DomainRecord domain;
  STATOR_TRY(domain.record, get(call, name));
  STATOR_TRY(const auto authorities, store_.get(kFamily, truststore_key(scope, name)));
  domain.client_authorities = authorities.value_or("");
  STATOR_TRY_VOID(change(domain));
  storage::Batch batch;
  put(batch, scope, name, domain);
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  STATOR_TRY_VOID(compile(scope, name));
  return std::move(domain.record);
}

Result<void> Domains::remove(const aws::Call& call, const std::string& name) {
  const std::lock_guard lock(changing_);
  const Scope scope = scope_of(call);
  STATOR_TRY_VOID(require(scope, name));
  storage::Batch batch;
  batch.erase(kFamily, domain_key(scope, name));
  batch.erase(kFamily, truststore_key(scope, name));
  batch.erase(kFamily, domain_index_key(name));
  storage::Range mappings = storage::prefix_range(mapping_key(scope, name));
  batch.erase_range(kFamily, std::move(mappings.begin), std::move(mappings.end));
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  const std::unique_lock table_lock(table_mutex_);
  table_.erase(name);
  has_any_ = !table_.empty();
  return {};
}

Result<void> Domains::require(const Scope& scope, std::string_view name) const {
  if (name.empty()) return no_such_domain();
  STATOR_TRY(const auto found, store_.get(kFamily, domain_key(scope, name)));
  if (!found) return no_such_domain();
  return {};
}

Result<void> Domains::check_mapping(const aws::Call& call, const std::string& domain,
                                    const json::Object& record) const {
  const std::string api_id = json::find_string(record, "apiId").value_or("");
  const std::string stage = json::find_string(record, "stage").value_or("");
  STATOR_TRY_VOID(apis_.get(call, Kind::kApi, {api_id}));
  if (!apis_.get(call, Kind::kStage, {api_id, stage})) {
    return bad_request("Invalid stage identifier specified");
  }
  const auto id = json::find_string(record, "apiMappingId");
  const auto key = json::find_string(record, "apiMappingKey");
  STATOR_TRY(const auto others, list_mappings(call, domain));
  for (const json::Object& other : others) {
    if (json::find_string(other, "apiMappingId") == id) continue;
    if (json::find_string(other, "apiMappingKey") == key) {
      return conflict_exception("ApiMapping key already exists for this domain name");
    }
  }
  return {};
}

Result<void> Domains::store_mapping(const aws::Call& call, const std::string& domain,
                                    const json::Object& record) {
  const Scope scope = scope_of(call);
  const std::string id = json::find_string(record, "apiMappingId").value_or("");
  storage::Batch batch;
  batch.put(kFamily, mapping_key(scope, domain, id), json::dump(record));
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  return compile(scope, domain);
}

Result<json::Object> Domains::create_mapping(const aws::Call& call, const std::string& domain,
                                             json::Object record) {
  const std::lock_guard lock(changing_);
  STATOR_TRY(const auto others, list_mappings(call, domain));
  if (others.size() >= kMappingsMax) {
    return too_many("Maximum number of API mappings for this domain name has been reached.");
  }
  record["apiMappingId"] = random_text(random_, kLowerAlnum, kMappingIdLength);
  STATOR_TRY_VOID(check_mapping(call, domain, record));
  STATOR_TRY_VOID(store_mapping(call, domain, record));
  return record;
}

Result<json::Object> Domains::get_mapping(const aws::Call& call, std::string_view domain,
                                          std::string_view id) const {
  STATOR_TRY_VOID(require(scope_of(call), domain));
  if (id.empty()) return no_such("ApiMapping", id);
  STATOR_TRY(const auto found, store_.get(kFamily, mapping_key(scope_of(call), domain, id)));
  if (!found) return no_such("ApiMapping", id);
  return json::parse_object(*found);
}

Result<std::vector<json::Object>> Domains::list_mappings(const aws::Call& call,
                                                         std::string_view domain) const {
  STATOR_TRY_VOID(require(scope_of(call), domain));
  return records_below(mapping_key(scope_of(call), domain));
}

Result<json::Object> Domains::update_mapping(const aws::Call& call, const std::string& domain,
                                             const std::string& id, const json::Object& changes) {
  const std::lock_guard lock(changing_);
  STATOR_TRY(json::Object record, get_mapping(call, domain, id));
  for (const auto& member : changes) record[member.key()] = member.value();
  STATOR_TRY_VOID(check_mapping(call, domain, record));
  STATOR_TRY_VOID(store_mapping(call, domain, record));
  return record;
}

Result<void> Domains::remove_mapping(const aws::Call& call, const std::string& domain,
                                     const std::string& id) {
  const std::lock_guard lock(changing_);
  STATOR_TRY_VOID(get_mapping(call, domain, id));
  storage::Batch batch;
  batch.erase(kFamily, mapping_key(scope_of(call), domain, id));
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  return compile(scope_of(call), domain);
}

Result<void> Domains::check_removal(Kind kind, const RecordId& id) const {
  if (kind != Kind::kApi && kind != Kind::kStage) return {};
  const std::shared_lock lock(table_mutex_);
  for (const auto& [name, domain] : table_.all()) {
    for (const ApiMapping& mapping : domain->mappings) {
      if (mapping.api_id != id.api_id) continue;
      if (kind == Kind::kApi) {
        return bad_request("Deleting API " + id.api_id +
                           " failed. Please remove all API mappings for the API from your custom "
                           "domain names.");
      }
      if (mapping.stage == id.id) {
        return bad_request("Deleting stage " + id.id +
                           " failed. Please remove all API mappings for the stage from your custom "
                           "domain names.");
      }
    }
  }
  return {};
}

CompiledDomainPtr Domains::find(std::string_view host) const {
  if (!has_any_.load(std::memory_order_relaxed)) return nullptr;
  const std::string name = host_name(host);
  const std::shared_lock lock(table_mutex_);
  return table_.find(name);
}

Result<std::vector<json::Object>> Domains::records_below(const std::string& prefix) const {
  std::vector<json::Object> records;
  const auto iterator = store_.iterate(kFamily, storage::prefix_range(prefix));
  for (iterator->seek_first(); iterator->valid(); iterator->next()) {
    STATOR_TRY(json::Object record, json::parse_object(iterator->value()));
    records.push_back(std::move(record));
  }
  STATOR_TRY_VOID(iterator->status());
  return records;
}

Result<void> Domains::compile(const Scope& scope, const std::string& name) {
  auto domain = std::make_shared<CompiledDomain>();
  domain->name = name;
  domain->account = scope.account;
  domain->region = scope.region;
  STATOR_TRY(const auto authorities, store_.get(kFamily, truststore_key(scope, name)));
  domain->client_authorities = authorities.value_or("");
  STATOR_TRY(const auto mappings, records_below(mapping_key(scope, name)));
  for (const json::Object& mapping : mappings) {
    domain->mappings.push_back({json::find_string(mapping, "apiMappingKey").value_or(""),
                                json::find_string(mapping, "apiId").value_or(""),
                                json::find_string(mapping, "stage").value_or("")});
  }
  sort_mappings(domain->mappings);
  const std::unique_lock lock(table_mutex_);
  table_.put(std::move(domain));
  has_any_ = true;
  return {};
}

void Domains::load_all() {
  const std::string prefix = storage::path_key({"", "", "apigateway", "domain-index"});
  const auto iterator = store_.iterate(kFamily, storage::prefix_range(prefix));
  for (iterator->seek_first(); iterator->valid(); iterator->next()) {
    const auto parts = storage::split_path_key(iterator->key());
    const auto scope = storage::split_path_key(iterator->value());
    STATOR_CHECK(parts && scope && scope->size() == 2);
    const auto outcome = compile({(*scope)[0], (*scope)[1]}, parts->back());
    if (!outcome) throw ConfigError("domain " + parts->back() + ": " + outcome.error().message);
  }
}

}  // namespace stator::apigateway
