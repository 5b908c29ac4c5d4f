#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "aws/operation.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "dynamodb/latches.hpp"
#include "dynamodb/table.hpp"
#include "storage/store.hpp"

namespace stator::dynamodb {

/// The catalogue of tables, and what operations on items share. Tables are cached whole, so no
/// request reads one from the store. All calls may come from any thread.
class Tables {
 public:
  /// Reads the catalogue and erases what deleted tables left behind. The arguments outlive it.
  /// Throws ConfigError when a record cannot be read.
  Tables(storage::Store& store, const Clock& clock, Random& random);

  using Handle = std::shared_ptr<const Table>;

  /// Null when there is no such table.
  [[nodiscard]] Handle find(const TableRef& ref) const;
  /// Fills in id, UUID and time; ResourceInUseException when the name is taken.
  [[nodiscard]] Result<Handle> create(Table table);
  /// Forgets the table and erases its items in one step. ResourceNotFoundException when there is
  /// none; the error of a table whose deletion protection is on.
  [[nodiscard]] Result<Handle> remove(const TableRef& ref);
  /// Applies `change` to a copy of the table and puts that in its place.
  [[nodiscard]] Result<void> update(const TableRef& ref,
                                    const std::function<Result<void>(Table&)>& change);

  /// Up to `limit` names of an account and region in their order, the first after `after`.
  [[nodiscard]] std::vector<std::string> names(const TableRef& after, std::size_t limit) const;

  /// Counts items and bytes by walking the table, and remembers the answer for a while: for half a
  /// minute where it was quick, for six hours (AWS's own interval) where it was not.
  [[nodiscard]] Result<Statistics> statistics(const Table& table);

  [[nodiscard]] storage::Store& store() { return store_; }
  [[nodiscard]] Latches& latches() { return latches_; }

 private:
  struct Counted {
    Statistics statistics;
    SteadyTime expires;
  };
  using Name = std::tuple<std::string, std::string, std::string>;
  using NameView = std::tuple<std::string_view, std::string_view, std::string_view>;

  struct NameLess {
    using is_transparent = void;
    bool operator()(const auto& a, const auto& b) const { return NameView(a) < NameView(b); }
  };

  void load();
  void sweep();
  [[nodiscard]] Result<void> write_record(const Table& table, storage::Batch batch);

  storage::Store& store_;
  const Clock& clock_;
  Random& random_;
  Latches latches_;

  std::mutex control_;  ///< held across each change of the catalogue, store included
  TableId last_id_ = 0;

  mutable std::shared_mutex mutex_;  ///< guards what follows
  std::map<Name, Handle, NameLess> catalogue_;
  std::map<TableId, Counted> counted_;
};

/// DynamoDB's operations over `tables`, which outlives the service.
[[nodiscard]] aws::Service make_service(Tables& tables);

}  // namespace stator::dynamodb
