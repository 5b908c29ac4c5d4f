#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dynamodb/tables.hpp"
#include "dynamodb/write_action.hpp"

namespace stator::dynamodb {

/// What a request of several writes did: one change for each of its actions, in their order.
struct WrittenItems {
  std::vector<std::shared_ptr<const Table>> tables;
  std::vector<ItemChange> changes;  ///< `state` is not to be used any more
  bool is_replay = false;           ///< nothing was done: `changes` shows the items as they are now
};

/// Several writes that become visible together: a batch, a transaction. The calls come in this
/// order: open(), check() for each action, lock(), read() and decide() for each, commit(). It holds
/// the right to write to its tables from open() on and the latches of its items from lock() on, so
/// it lives for one request and never waits for the disk. One thread.
class JointWrite {
 public:
  struct Part {
    TableRef table;
    WriteAction action;
  };

  /// Takes the right to write to each table once, in the order of (account, region, name).
  /// ResourceNotFoundException when one of them does not exist, and where capacity is enforced
  /// ProvisionedThroughputExceededException when one of them has none left. `call` outlives this.
  [[nodiscard]] static Result<JointWrite> open(Tables& tables, aws::Call& call,
                                               std::vector<Part> parts);

  [[nodiscard]] std::size_t size() const { return parts_.size(); }
  [[nodiscard]] const Table& table(std::size_t index) const { return *changes_[index].table; }
  [[nodiscard]] const WriteAction& action(std::size_t index) const { return parts_[index].action; }
  [[nodiscard]] const ItemChange& change(std::size_t index) const { return changes_[index]; }

  /// Judges an action without its item, and learns its key.
  [[nodiscard]] Result<void> check(std::size_t index);
  /// Whether two checked actions have the same item.
  [[nodiscard]] bool has_duplicates() const;
  /// Takes the latches of all items, and of `also`.
  void lock(std::optional<std::string> also = {});
  /// Reads the item if the action needs it or `wants_old`, and tells the call what it revealed.
  [[nodiscard]] Result<void> read(std::size_t index, bool wants_old);
  /// Whether the action's condition holds for the item that was read.
  [[nodiscard]] bool holds(std::size_t index) const;
  /// Works out what the item becomes.
  [[nodiscard]] Result<void> decide(std::size_t index);
  /// Writes all changes and `extra`, lets go of everything, and tells the call what must be durable
  /// before its answer. Where capacity is enforced, each write takes `cost_factor` times its units.
  [[nodiscard]] Result<WrittenItems> commit(storage::Batch extra = {}, double cost_factor = 1);
  /// Lets go of everything and hands out the items as they were read.
  [[nodiscard]] WrittenItems release();

 private:
  JointWrite(Tables& tables, aws::Call& call) : tables_(&tables), call_(&call) {}
  void reveal(storage::Sequence sequence);

  Tables* tables_;
  aws::Call* call_;
  std::vector<Part> parts_;
  std::vector<WriteAccess> accesses_;
  std::vector<ItemChange> changes_;
  std::vector<std::unique_lock<std::mutex>> latches_;
};

}  // namespace stator::dynamodb
