#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "cloudformation/stack_record.hpp"
#include "storage/store.hpp"

namespace stator::cloudformation {

/// Of a stack's events the newest this many are kept.
inline constexpr std::uint64_t kEventsMax = 5'000;

struct EventQuery {
  std::uint64_t before = UINT64_MAX;  ///< only events with a smaller number
  std::size_t count_max = 100;
};

/// Where stacks and their events are kept. Any thread; a stack has one writer at a time, which
/// Stacks sees to.
class StackStore {
 public:
  StackStore(storage::Store& store, const Clock& clock, Random& random)
      : store_(store), clock_(clock), random_(random) {}

  /// By name (stacks that are not deleted) or by id (those too). kInvalid, no_such_stack() else.
  [[nodiscard]] Result<StackRecord> load(std::string_view account, std::string_view region,
                                         std::string_view name_or_id) const;
  /// The stacks of an account and region; of every one when both are empty. Unordered.
  [[nodiscard]] Result<std::vector<StackRecord>> list(std::string_view account,
                                                      std::string_view region) const;

  [[nodiscard]] Result<void> save(const StackRecord& record);
  /// The record and an event about the stack itself, or about one of its resources, in one batch.
  [[nodiscard]] Result<void> save_with_event(StackRecord& record,
                                             const ResourceRecord* resource = nullptr);
  /// Forgets a stack that never began.
  [[nodiscard]] Result<void> erase(const StackRecord& record);

  /// Newest first, as DescribeStackEvents gives them, with their number under "Number".
  [[nodiscard]] Result<json::Array> events(const StackRecord& record, EventQuery query) const;

 private:
  storage::Store& store_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace stator::cloudformation
