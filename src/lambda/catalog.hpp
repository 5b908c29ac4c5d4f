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
  /// The function with its versions and settings; ResourceNotFoundException when there is none.
  /// A function that is made again under the name goes on with the next version number.
  [[nodiscard]] Result<void> remove(const FunctionKeyView& key);

  /// A numbered version, or $LATEST. Null when there is none.
  [[nodiscard]] FunctionPtr find_version(const FunctionKeyView& key,
                                         std::string_view version) const;
  /// Oldest first, without $LATEST.
  [[nodiscard]] std::vector<FunctionPtr> versions(const FunctionKeyView& key) const;
  /// Makes the next version of a copy of $LATEST to which `change` was applied, and stores it. When
  /// $LATEST is what the newest version was made of, the answer is that version.
  [[nodiscard]] Result<FunctionPtr> publish_version(const FunctionKeyView& key,
                                                    const Change& change);
  /// With its policy and settings. ResourceConflictException while an alias points at it; nothing
  /// happens when there is none.
  [[nodiscard]] Result<void> remove_version(const FunctionKeyView& key, std::string_view version);
  /// The version that a reference points at: of an alias with weights another version than its own
  /// when `draw`, in [0, 1], is below that one's weight. Null when there is none.
  [[nodiscard]] FunctionPtr resolve(const FunctionReference& reference, double draw = 1.0) const;
  /// The policy that judges invocations by this reference; null when there is none.
  [[nodiscard]] std::shared_ptr<const aws::ResourcePolicy> policy(
      const FunctionReference& reference) const;

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
  /// Of all layers, by name, then oldest first.
  [[nodiscard]] Result<std::vector<LayerVersionRecord>> list_layers(std::string_view account,
                                                                    std::string_view region) const;
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
  using Versions = std::map<std::int64_t, FunctionPtr>;

  void load_functions();
  void load_versions();
  void load_settings();
  [[nodiscard]] Result<void> write(storage::Batch batch);
  [[nodiscard]] Result<std::vector<LayerVersionRecord>> scan_layers(
      const std::string& prefix) const;

  storage::Store& store_;
  std::atomic<storage::Sequence> last_write_{0};
  std::mutex write_mutex_;               ///< one read-modify-write at a time
  mutable std::shared_mutex map_mutex_;  ///< guards the maps and is held for moments only
  std::map<FunctionKey, FunctionPtr, FunctionKeyLess> functions_;
  std::map<FunctionKey, Versions, FunctionKeyLess> versions_;
  std::map<FunctionKey, SettingsPtr, FunctionKeyLess> settings_;  ///< of functions that have some
};

}  // namespace stator::lambda
