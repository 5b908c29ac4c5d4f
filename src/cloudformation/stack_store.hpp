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

/// Where stacks and their events are kept: a stack under one key, each of its resources under one
/// of its own, so that a step writes no more than what it changed. Any thread; a stack has one
/// writer at a time, which Stacks sees to.
class StackStore {
 public:
  StackStore(storage::Store& store, const Clock& clock, Random& random)
      : store_(store), clock_(clock), random_(random) {}

  /// By name (stacks that are not deleted) or by id (those too). kInvalid, no_such_stack() else.
  [[nodiscard]] Result<StackRecord> load(std::string_view account, std::string_view region,
                                         std::string_view name_or_id) const;
  /// The stacks of an account and region; of every one when both are empty. Unordered, and without
  /// their resources and leftovers: load() has those.
  [[nodiscard]] Result<std::vector<StackRecord>> list(std::string_view account,
                                                      std::string_view region) const;

  /// All of it.
  [[nodiscard]] Result<void> save(const StackRecord& record);
  /// The stack without its resources, except the one given.
  [[nodiscard]] Result<void> save_one(const StackRecord& record, const ResourceRecord& resource);
  /// As save_one(), with an event about the resource, or about the stack itself, in one batch.
  [[nodiscard]] Result<void> save_with_event(StackRecord& record,
                                             const ResourceRecord* resource = nullptr);
  /// As save(), with an event about the stack itself, in one batch.
  [[nodiscard]] Result<void> save_all_with_event(StackRecord& record);
  /// Forgets a stack that never began.
  [[nodiscard]] Result<void> erase(const StackRecord& record);

  /// What an update that fails goes back to: one a stack, kept from the update's beginning until
  /// the stack is at rest again. It counts while the record says so (`has_baseline`).
  [[nodiscard]] Result<void> keep_baseline(const StackRecord& before);
  [[nodiscard]] Result<StackRecord> baseline(const StackRecord& record) const;
  [[nodiscard]] Result<void> drop_baseline(const StackRecord& record);

  /// Newest first, as DescribeStackEvents gives them, with their number under "Number".
  [[nodiscard]] Result<json::Array> events(const StackRecord& record, EventQuery query) const;

 private:
  void add_event(storage::Batch& batch, StackRecord& record, const ResourceRecord* resource);
  Result<void> read_resources(std::string_view kind, StackRecord& record,
                              const storage::Snapshot& at) const;

  storage::Store& store_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace stator::cloudformation
