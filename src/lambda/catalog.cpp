#include "lambda/catalog.hpp"

#include <algorithm>
#include <charconv>

#include "lambda/errors.hpp"
#include "storage/key.hpp"

namespace stator::lambda {
namespace {

using storage::Batch;
using storage::Family;
using storage::path_key;

/// A part that sorts as the number does.
std::string ordered(std::int64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(20 - digits.size(), '0') + digits;
}

std::string function_path(const FunctionKeyView& key) {
  return path_key({key.account, key.region, "lambda", "function", key.name});
}

std::string settings_path(const FunctionKeyView& key) {
  return path_key({key.account, key.region, "lambda", "settings", key.name});
}

std::string layer_path(const LayerReference& reference) {
  return path_key({reference.account, reference.region, "lambda", "layer", reference.name,
                   ordered(reference.version)});
}

/// Holds the last version number given, so that it survives the version.
std::string layer_counter_path(const LayerReference& reference) {
  return path_key({reference.account, reference.region, "lambda", "layer-counter", reference.name});
}

bool is_of(const std::vector<std::string>& path, std::string_view type) {
  return path.size() >= 4 && path[2] == "lambda" && path[3] == type;
}

Result<void> compile_policies(FunctionSettings& settings) {
  for (auto& [qualifier, policy] : settings.policies) {
    STATOR_TRY(policy.compiled, compile_policy(policy.statements));
  }
  return {};
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
  const auto loaded = each_record(store, "function", [this](std::string_view text) -> Result<void> {
    STATOR_TRY(auto record, decode_function(text));
    STATOR_TRY(record.compiled_policy, compile_policy(record.policy));
    const FunctionKey key = record.key;
    functions_[key] = std::make_shared<const FunctionRecord>(std::move(record));
    return {};
  });
  if (!loaded) throw ConfigError("cannot load the functions: " + loaded.error().message);
  const auto settled =
      each_record(store, "settings", [this](std::string_view text) -> Result<void> {
        STATOR_TRY(auto settings, decode_settings(text));
        STATOR_TRY_VOID(compile_policies(settings));
        const FunctionKey key = settings.key;
        settings_[key] = std::make_shared<const FunctionSettings>(std::move(settings));
        return {};
      });
  if (!settled) throw ConfigError("cannot load functions' settings: " + settled.error().message);
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
  STATOR_TRY_VOID(write(std::move(batch)));
  const auto made = std::make_shared<const FunctionRecord>(std::move(record));
  const std::unique_lock lock(map_mutex_);
  functions_[made->key] = made;
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
  STATOR_TRY_VOID(write(std::move(batch)));
  const std::unique_lock lock(map_mutex_);
  const auto settings = settings_.find(key);
  if (settings != settings_.end()) settings_.erase(settings);
  functions_.erase(functions_.find(key));
  return {};
}

Catalog::SettingsPtr Catalog::settings(const FunctionKeyView& key) const {
  const std::shared_lock lock(map_mutex_);
  const auto found = settings_.find(key);
  if (found != settings_.end()) return found->second;
  const auto function = functions_.find(key);
  if (function == functions_.end()) return nullptr;
  FunctionSettings none;
  none.key = function->first;
  return std::make_shared<const FunctionSettings>(std::move(none));
}

std::vector<Catalog::SettingsPtr> Catalog::all_settings() const {
  std::vector<SettingsPtr> out;
  const std::shared_lock lock(map_mutex_);
  for (const auto& [key, settings] : settings_) out.push_back(settings);
  return out;
}

Result<Catalog::SettingsPtr> Catalog::change_settings(const FunctionKeyView& key,
                                                      const SettingsChange& change) {
  const std::lock_guard writing(write_mutex_);
  const SettingsPtr old = settings(key);
  if (old == nullptr) return function_missing(function_arn(key));
  FunctionSettings copy = *old;
  STATOR_TRY_VOID(change(copy));
  STATOR_TRY_VOID(compile_policies(copy));
  Batch batch;
  batch.put(Family::kMeta, settings_path(key), encode(copy));
  STATOR_TRY_VOID(write(std::move(batch)));
  const auto made = std::make_shared<const FunctionSettings>(std::move(copy));
  const std::unique_lock lock(map_mutex_);
  settings_[made->key] = made;
  return SettingsPtr(made);
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
  STATOR_TRY(auto versions, scan_layers(path_key({account, region, "lambda", "layer", name})));
  std::reverse(versions.begin(), versions.end());
  return versions;
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
  const std::shared_lock lock(map_mutex_);
  for (const auto& [key, record] : functions_) {
    out.insert(record->code.sha256_hex);
    for (const auto& layer : record->layers) out.insert(layer.package.sha256_hex);
  }
  return out;
}

}  // namespace stator::lambda
