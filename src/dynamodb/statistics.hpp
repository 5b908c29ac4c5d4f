#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "dynamodb/background.hpp"
#include "dynamodb/table_description.hpp"
#include "storage/store.hpp"

namespace stator::dynamodb {

/// How many items tables and indexes have, and of what size. A small table is counted when somebody
/// asks, at most twice a minute. Of a large one the answer is an estimate from its first items,
/// which lie in the order of a hash, until the background has counted it: every six hours, AWS's
/// own interval, while somebody asks. Any thread may call.
class TableCounter {
 public:
  /// The arguments outlive it; `background` is stopped before it goes.
  TableCounter(const storage::Store& store, const Clock& clock, Background& background)
      : store_(store), clock_(clock), background_(background) {}

  [[nodiscard]] Result<Statistics> count(const Table& table);
  /// The table is gone.
  void forget(TableId table);

 private:
  struct Counted {
    Statistics statistics;
    SteadyTime expires;
  };
  /// A table or an index.
  struct Range {
    storage::Family family;
    TableId id;
  };

  /// What a walk over at most so many items tells of all.
  struct Sample {
    Statistics statistics;
    bool is_whole = true;
  };
  [[nodiscard]] Result<Sample> sample(const Range& range) const;
  /// Nothing when the server stops or the store fails meanwhile.
  [[nodiscard]] std::optional<Statistics> count_all(const Range& range) const;
  void count_later(std::vector<Range> ranges);
  void remember(TableId table, const Statistics& statistics, SteadyTime expires);

  const storage::Store& store_;
  const Clock& clock_;
  Background& background_;
  std::mutex mutex_;
  std::map<TableId, Counted> counted_;  ///< guarded by mutex_
};

}  // namespace stator::dynamodb
