#include "lambda/catalog.hpp"

#include <algorithm>
#include <charconv>

#include "lambda/catalog_paths.hpp"
#include "lambda/errors.hpp"

namespace stator::lambda {

using namespace catalog;
using storage::Batch;
using storage::Family;

namespace {

bool is_of(const std::vector<std::string>& path, std::string_view type) {
  return path.size() >= 4 && path[2] == "lambda" && path[3] == type;
}

/// Every record of one type, of all accounts and regions.
template <class Visit>
Result<void> each_record(const storage::Store& store, std::string_view type, Visit visit) {
  const auto iterator = store.iterate(Family::kMeta, {});
  for (iterator->seek_first(); iterator->valid(); iterator->next()) {
    const auto path = storage::split_path_key(iterator->key());
    if (!path || !is_of(*path, type)) continue;
    STATOR_TRY_VOID(visit(iterator->value()));
  }
  return iterator->status();
}

}  // namespace

Catalog::Catalog(storage::Store& store) : store_(store) {
  load_functions();
  load_versions();
  load_settings();
}

void Catalog::load_functions() {
  const auto loaded =
      each_record(store_, "function", [this](std::string_view text) -> Result<void> {
        STATOR_TRY(auto record, decode_function(text));
        STATOR_TRY(record.compiled_policy, compile_policy(record.policy));
        const FunctionKey key = record.key;
        functions_[key] = std::make_shared<const FunctionRecord>(std::move(record));
        return {};
      });
  if (!loaded) throw ConfigError("cannot load the functions: " + loaded.error().message);
}

void Catalog::load_versions() {
  const auto loaded = each_record(store_, "version", [this](std::string_view text) -> Result<void> {
    STATOR_TRY(auto record, decode_function(text));
    const auto number = version_number(record.version);
    if (!number) return internal("a version's record has no number: " + std::string(text));
    const FunctionKey key = record.key;
    versions_[key][*number] = std::make_shared<const FunctionRecord>(std::move(record));
    return {};
  });
  if (!loaded) throw ConfigError("cannot load functions' versions: " + loaded.error().message);
}

void Catalog::load_settings() {
  const auto loaded =
      each_record(store_, "settings", [this](std::string_view text) -> Result<void> {
        STATOR_TRY(auto settings, decode_settings(text));
        STATOR_TRY_VOID(compile_policies(settings));
        const FunctionKey key = settings.key;
        settings_[key] = std::make_shared<const FunctionSettings>(std::move(settings));
        return {};
      });
  if (!loaded) throw ConfigError("cannot load functions' settings: " + loaded.error().message);
}

Result<void> Catalog::write(Batch batch) {
  STATOR_TRY(const auto sequence, store_.write(std::move(batch)));
  last_write_ = sequence;
  return {};
}

Catalog::FunctionPtr Catalog::find(const FunctionKeyView& key) const {
  const std::shared_lock lock(map_mutex_);
  const auto found = functions_.find(key);
  return found == functions_.end() ? nullptr : found->second;
}

std::vector<Catalog::FunctionPtr> Catalog::list(std::string_view account,
                                                std::string_view region) const {
  std::vector<FunctionPtr> out;
  const std::shared_lock lock(map_mutex_);
  for (auto at = functions_.lower_bound(FunctionKeyView{account, region, ""});
       at != functions_.end() && at->first.account == account && at->first.region == region; ++at) {
    out.push_back(at->second);
  }
  return out;
}

Result<Catalog::FunctionPtr> Catalog::create(FunctionRecord record) {
  const std::lock_guard writing(write_mutex_);
  if (find(record.key.view()) != nullptr) {
    return resource_conflict("Function already exist: " + record.key.name);
  }
  Batch batch;
  batch.put(Family::kMeta, function_path(record.key.view()), encode(record));
  // A function of that name that is gone may have left the number of its last version.
  FunctionSettings settings;
  settings.key = record.key;
  const std::string counter = version_counter_path(record.key.view());
  STATOR_TRY(const auto last, store_.get(Family::kMeta, counter));
  if (last) {
    std::from_chars(last->data(), last->data() + last->size(), settings.last_version);
    batch.put(Family::kMeta, settings_path(record.key.view()), encode(settings));
    batch.erase(Family::kMeta, counter);
  }
  STATOR_TRY_VOID(write(std::move(batch)));
  const auto made = std::make_shared<const FunctionRecord>(std::move(record));
  const std::unique_lock lock(map_mutex_);
  functions_[made->key] = made;
  if (last) settings_[made->key] = std::make_shared<const FunctionSettings>(std::move(settings));
  return FunctionPtr(made);
}

Result<Catalog::FunctionPtr> Catalog::change(const FunctionKeyView& key, const Change& change) {
  const std::lock_guard writing(write_mutex_);
  const FunctionPtr old = find(key);
  if (old == nullptr) return function_missing(function_arn(key));
  FunctionRecord copy = *old;
  STATOR_TRY_VOID(change(copy));
  STATOR_TRY(copy.compiled_policy, compile_policy(copy.policy));
  Batch batch;
  batch.put(Family::kMeta, function_path(key), encode(copy));
  STATOR_TRY_VOID(write(std::move(batch)));
  const auto made = std::make_shared<const FunctionRecord>(std::move(copy));
  const std::unique_lock lock(map_mutex_);
  functions_[made->key] = made;
  return FunctionPtr(made);
}

Result<void> Catalog::remove(const FunctionKeyView& key) {
  const std::lock_guard writing(write_mutex_);
  if (find(key) == nullptr) return function_missing(function_arn(key));
  Batch batch;
  batch.erase(Family::kMeta, function_path(key));
  batch.erase(Family::kMeta, settings_path(key));
  for (const auto& version : versions(key)) {
    batch.erase(Family::kMeta, version_path(key, *version_number(version->version)));
  }
  const std::int64_t last = settings(key)->last_version;
  if (last > 0) batch.put(Family::kMeta, version_counter_path(key), std::to_string(last));
  STATOR_TRY_VOID(write(std::move(batch)));
  const std::unique_lock lock(map_mutex_);
  const auto settings = settings_.find(key);
  if (settings != settings_.end()) settings_.erase(settings);
  const auto versions = versions_.find(key);
  if (versions != versions_.end()) versions_.erase(versions);
  functions_.erase(functions_.find(key));
  return {};
}

Result<LayerVersionRecord> Catalog::publish(LayerVersionRecord record) {
  const std::lock_guard writing(write_mutex_);
  const std::string counter = layer_counter_path(record.reference);
  STATOR_TRY(const auto last, store_.get(Family::kMeta, counter));
  std::int64_t version = 0;
  if (last) std::from_chars(last->data(), last->data() + last->size(), version);
  record.reference.version = version + 1;
  Batch batch;
  batch.put(Family::kMeta, counter, std::to_string(record.reference.version));
  batch.put(Family::kMeta, layer_path(record.reference), encode(record));
  STATOR_TRY_VOID(write(std::move(batch)));
  return record;
}

Result<LayerVersionRecord> Catalog::find_layer(const LayerReference& reference) const {
  STATOR_TRY(const auto text, store_.get(Family::kMeta, layer_path(reference)));
  if (!text) return resource_missing("The resource you requested does not exist.");
  return decode_layer_version(*text);
}

Result<std::vector<LayerVersionRecord>> Catalog::scan_layers(const std::string& prefix) const {
  std::vector<LayerVersionRecord> out;
  const auto iterator = store_.iterate(Family::kMeta, storage::prefix_range(prefix));
  for (iterator->seek_first(); iterator->valid(); iterator->next()) {
    STATOR_TRY(auto record, decode_layer_version(iterator->value()));
    out.push_back(std::move(record));
  }
  STATOR_TRY_VOID(iterator->status());
  return out;
}

Result<std::vector<LayerVersionRecord>> Catalog::list_layer(std::string_view account,
                                                            std::string_view region,
                                                            std::string_view name) const {
  STATOR_TRY(auto versions,
             scan_layers(storage::path_key({account, region, "lambda", "layer", name})));
  std::reverse(versions.begin(), versions.end());
  return versions;
}

Result<std::vector<LayerVersionRecord>> Catalog::list_layers(std::string_view account,
                                                             std::string_view region) const {
  return scan_layers(storage::path_key({account, region, "lambda", "layer"}));
}

Result<LayerVersionRecord> Catalog::change_layer(const LayerReference& reference,
                                                 const LayerChange& change) {
  const std::lock_guard writing(write_mutex_);
  STATOR_TRY(auto record, find_layer(reference));
  STATOR_TRY_VOID(change(record));
  Batch batch;
  batch.put(Family::kMeta, layer_path(reference), encode(record));
  STATOR_TRY_VOID(write(std::move(batch)));
  return record;
}

Result<void> Catalog::remove_layer(const LayerReference& reference) {
  const std::lock_guard writing(write_mutex_);
  Batch batch;
  batch.erase(Family::kMeta, layer_path(reference));
  return write(std::move(batch));
}

Result<std::set<std::string>> Catalog::referenced_code() const {
  std::set<std::string> out;
  STATOR_TRY_VOID(each_record(store_, "layer", [&out](std::string_view text) -> Result<void> {
    STATOR_TRY(const auto record, decode_layer_version(text));
    out.insert(record.package.sha256_hex);
    return {};
  }));
  const auto add = [&out](const FunctionRecord& record) {
    out.insert(record.code.sha256_hex);
    for (const auto& layer : record.layers) out.insert(layer.package.sha256_hex);
  };
  const std::shared_lock lock(map_mutex_);
  for (const auto& [key, record] : functions_) add(*record);
  for (const auto& [key, versions] : versions_) {
    for (const auto& [number, record] : versions) add(*record);
  }
  return out;
}

}  // namespace stator::lambda
