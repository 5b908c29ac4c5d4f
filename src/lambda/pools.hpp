#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "lambda/budget.hpp"
#include "lambda/catalog.hpp"
#include "lambda/pool.hpp"

namespace stator::lambda {

/// What pools are made with; all outlive them.
struct PoolsParts {
  const Catalog& catalog;
  Budget& budget;
  Scheduler& scheduler;
  const Clock& clock;
  PoolOptions options;
};

/// The pools of all functions, one for each version that was called or has provisioned concurrency.
/// Any thread.
class Pools {
 public:
  explicit Pools(PoolsParts parts) : parts_(std::move(parts)) {}

  /// Pools are made from now on.
  void open(Starter& starter);
  /// No pool is made any more; those that there are fail what waits in them, and end their
  /// instances as they become free. False when it was not open.
  bool shut(const Error& error);

  /// Made when there is none. Null while these are not open, and when there is no such version.
  [[nodiscard]] std::shared_ptr<Pool> of(const FunctionKeyView& key, std::string_view version);
  /// Null when there is none.
  [[nodiscard]] std::shared_ptr<Pool> find(const FunctionKeyView& key,
                                           std::string_view version) const;
  [[nodiscard]] std::vector<std::shared_ptr<Pool>> all() const;
  [[nodiscard]] bool is_open() const { return starter_ != nullptr; }

  /// Gives $LATEST's pool its new record, and closes the pools of versions that are gone.
  void refresh(const FunctionKeyView& key);
  /// As many instances of each version as `counts` says stand from now on, and none of others.
  void provision(const FunctionKeyView& key,
                 const std::map<std::string, std::int64_t, std::less<>>& counts);
  /// Ends the instance that has been idle longest, of any function.
  void make_room() const;

 private:
  /// By version: they share nothing, so that each keeps its own code.
  using Versions = std::map<std::string, std::shared_ptr<Pool>, std::less<>>;
  [[nodiscard]] std::shared_ptr<Pool> find_locked(const FunctionKeyView& key,
                                                  std::string_view version) const;

  const PoolsParts parts_;
  std::atomic<Starter*> starter_{nullptr};
  /// Guards the map. Records are read from the catalog under it, so that a pool never starts with a
  /// record that was replaced before the pool could be told.
  mutable std::shared_mutex mutex_;
  std::map<FunctionKey, Versions, FunctionKeyLess> pools_;
};

}  // namespace stator::lambda
