#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>
#include <vector>

#include "lambda/record.hpp"
#include "lambda/settings.hpp"
#include "storage/store.hpp"

namespace stator::lambda {

/// What exists: functions, held in memory and written through to the store, and layer versions,
/// read from the store. Any thread. Records handed out never change; a change makes a new one.
class Catalog {
 public:
  using FunctionPtr = std::shared_ptr<const FunctionRecord>;
  using Change = std::function<Result<void>(FunctionRecord&)>;

  /// Loads every function. Throws ConfigError when a record cannot be read.
  explicit Catalog(storage::Store& store);

  /// Null when there is none.
  [[nodiscard]] FunctionPtr find(const FunctionKeyView& key) const;
  /// Ordered by name.
  [[nodiscard]] std::vector<FunctionPtr> list(std::string_view account,
                                              std::string_view region) const;
  /// ResourceConflictException when the name is taken.
  [[nodiscard]] Result<FunctionPtr> create(FunctionRecord record);
  /// Applies `change` to a copy and stores it: one change of any function at a time, so read,
  /// decide and write in it. ResourceNotFoundException, or what `change` answers; then nothing is
  /// changed.
  [[nodiscard]] Result<FunctionPtr> change(const FunctionKeyView& key, const Change& change);
  /// The function with its settings. ResourceNotFoundException when there is none.
  [[nodiscard]] Result<void> remove(const FunctionKeyView& key);

  using SettingsPtr = std::shared_ptr<const FunctionSettings>;
  using SettingsChange = std::function<Result<void>(FunctionSettings&)>;
  /// What the function has beside its versions; null when there is no such function.
  [[nodiscard]] SettingsPtr settings(const FunctionKeyView& key) const;
  /// Every function's that has any, for those who look for a member of them all.
  [[nodiscard]] std::vector<SettingsPtr> all_settings() const;
  /// As change().
  [[nodiscard]] Result<SettingsPtr> change_settings(const FunctionKeyView& key,
                                                    const SettingsChange& change);

  /// Gives the record the layer's next version and stores it. Numbers are never used twice.
  [[nodiscard]] Result<LayerVersionRecord> publish(LayerVersionRecord record);
  /// ResourceNotFoundException when there is none.
  [[nodiscard]] Result<LayerVersionRecord> find_layer(const LayerReference& reference) const;
  /// Newest first.
  [[nodiscard]] Result<std::vector<LayerVersionRecord>> list_layer(std::string_view account,
                                                                   std::string_view region,
                                                                   std::string_view name) const;
  using LayerChange = std::function<Result<void>(LayerVersionRecord&)>;
  /// As change().
  [[nodiscard]] Result<LayerVersionRecord> change_layer(const LayerReference& reference,
                                                        const LayerChange& change);
  /// Not an error when there is none.
  [[nodiscard]] Result<void> remove_layer(const LayerReference& reference);

  /// What must be durable before an answer may reveal any function as it is now.
  [[nodiscard]] storage::Sequence last_write() const { return last_write_; }

  /// The SHA-256 of every package that a function or a layer version uses.
  [[nodiscard]] Result<std::set<std::string>> referenced_code() const;

 private:
  [[nodiscard]] Result<void> write(storage::Batch batch);
  [[nodiscard]] Result<std::vector<LayerVersionRecord>> scan_layers(
      const std::string& prefix) const;

  storage::Store& store_;
  std::atomic<storage::Sequence> last_write_{0};
  std::mutex write_mutex_;               ///< one read-modify-write at a time
  mutable std::shared_mutex map_mutex_;  ///< guards the maps and is held for moments only
  std::map<FunctionKey, FunctionPtr, FunctionKeyLess> functions_;
  std::map<FunctionKey, SettingsPtr, FunctionKeyLess> settings_;  ///< of functions that have some
};

}  // namespace stator::lambda
