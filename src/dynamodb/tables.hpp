#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "aws/operation.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "dynamodb/background.hpp"
#include "dynamodb/latches.hpp"
#include "dynamodb/statistics.hpp"
#include "dynamodb/streams/bell.hpp"
#include "dynamodb/table_state.hpp"
#include "dynamodb/throttle.hpp"
#include "storage/store.hpp"

namespace stator::dynamodb {

/// The catalogue of tables, and what operations on items share. Tables are cached whole, so no
/// request reads one from the store. All calls may come from any thread.
class Tables {
 public:
  /// Reads the catalogue and erases what deleted tables left behind. The arguments outlive it.
  /// Throws ConfigError when a record cannot be read.
  struct Options {
    bool is_capacity_enforced = false;
  };
  Tables(storage::Store& store, const Clock& clock, Random& random);
  Tables(storage::Store& store, const Clock& clock, Random& random, const Options& options);

  using Handle = std::shared_ptr<const Table>;

  /// Null when there is no such table or when it is still being filled by a restore or an import.
  [[nodiscard]] Handle find(const TableRef& ref) const;
  /// Null only when there is no such table.
  [[nodiscard]] Handle find_any(const TableRef& ref) const;
  /// The right to write to a table; empty where find() is null. Who needs several tables takes them
  /// in the order of (account, region, name).
  [[nodiscard]] WriteAccess write_access(const TableRef& ref) const;
  /// Every table as it is now.
  [[nodiscard]] std::vector<Handle> all() const;
  /// Fills in id, UUID and time, and begins the stream if there is one, of which only the view
  /// matters; ResourceInUseException when the name is taken. A table that is kCreating is seen by
  /// item operations once activate() was called.
  [[nodiscard]] Result<Handle> create(Table table);
  /// Forgets the table and erases its items in one step. ResourceNotFoundException when there is
  /// none; ResourceInUseException when it is kCreating; the error of a table whose deletion
  /// protection is on or whose indexes are in work.
  struct Removal {
    bool keeps_items = false;       ///< they pass to whoever `extra` gives them to
    bool is_of_unfinished = false;  ///< for whoever cannot finish a table that is kCreating
    storage::Batch extra = {};      ///< goes into the same batch
  };
  [[nodiscard]] Result<Handle> remove(const TableRef& ref, Removal removal);
  [[nodiscard]] Result<Handle> remove(const TableRef& ref) { return remove(ref, Removal()); }
  /// Makes a table that was kCreating kActive, with `extra` in the same batch.
  [[nodiscard]] Result<Handle> activate(const TableRef& ref, storage::Batch extra = {});
  /// Applies `change` to a copy of the table and puts that in its place, while nobody writes to it.
  /// A stream that the change sets or switches off begins or ends here (streams/lifecycle.hpp).
  /// Answers the new one. The error of `change`, ResourceNotFoundException, or
  /// ResourceInUseException for a table that is kCreating.
  [[nodiscard]] Result<Handle> update(const TableRef& ref,
                                      const std::function<Result<void>(Table&)>& change);
  /// An id for a table, an index or whatever else has a place of its own; never given out twice.
  [[nodiscard]] Result<TableId> next_id();

  /// Up to `limit` names of an account and region in their order, the first after `after`.
  [[nodiscard]] std::vector<std::string> names(const TableRef& after, std::size_t limit) const;

  /// Items and bytes: exact, but half a minute old perhaps, for a small table; see TableCounter.
  [[nodiscard]] Result<Statistics> statistics(const Table& table) { return counter_.count(table); }

  [[nodiscard]] storage::Store& store() { return store_; }
  [[nodiscard]] Latches& latches() { return latches_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }
  [[nodiscard]] Random& random() { return random_; }
  [[nodiscard]] Throttle& throttle() { return throttle_; }
  [[nodiscard]] Background& background() { return background_; }
  [[nodiscard]] streams::Bell& stream_bell() { return stream_bell_; }

 private:
  using Name = std::tuple<std::string, std::string, std::string>;
  using NameView = std::tuple<std::string_view, std::string_view, std::string_view>;

  struct NameLess {
    using is_transparent = void;
    bool operator()(const auto& a, const auto& b) const { return NameView(a) < NameView(b); }
  };

  void load();
  void sweep();
  void sweep_family(storage::Family family, const std::set<std::string>& living,
                    storage::Batch& batch);
  /// Stores the table with what else is in the batch, then shows it. The caller holds `control_`
  /// and, of a table that others know already, `schema` alone.
  [[nodiscard]] Result<Handle> put(std::shared_ptr<TableState> state, Table table,
                                   storage::Batch batch = {});
  [[nodiscard]] std::shared_ptr<TableState> state_of(const TableRef& ref) const;
  [[nodiscard]] std::shared_ptr<TableState> make_state() const;

  storage::Store& store_;
  const Clock& clock_;
  Random& random_;
  Latches latches_;
  Throttle throttle_;
  streams::Bell stream_bell_;

  std::mutex control_;  ///< held across each change of the catalogue, store included
  std::mutex ids_;
  TableId last_id_ = 0;  ///< guarded by ids_

  struct Entry {
    Handle table;
    std::shared_ptr<TableState> state;
  };
  mutable std::shared_mutex mutex_;  ///< guards what follows
  std::map<Name, Entry, NameLess> catalogue_;

  TableCounter counter_{store_, clock_, background_};
  Background background_;  // Last: its work uses all else.
};

namespace recovery {
class Recovery;
}

/// DynamoDB's operations over `tables` and what is kept of them; both outlive the service.
[[nodiscard]] aws::Service make_service(Tables& tables, recovery::Recovery& recovery);
/// The operations on their streams, a service of its own on the wire.
[[nodiscard]] aws::Service make_streams_service(Tables& tables);

}  // namespace stator::dynamodb
