#pragma once

#include <mutex>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cloudformation/change_set.hpp"
#include "storage/store.hpp"

namespace stator::cloudformation {

/// Of one stack; LimitExceededException at the bound.
inline constexpr std::size_t kChangeSetsMax = 100;

/// Where change sets are kept, beside their stack, with which they go. Any thread.
class ChangeSetStore {
 public:
  explicit ChangeSetStore(storage::Store& store) : store_(store) {}

  /// AlreadyExistsException when the stack has another of that name, unless it is done with: one
  /// that failed, or the one with the id `executed`. AWS keeps failed ones; clients that name sets
  /// by the second, as the AWS CLI does, are slower there.
  [[nodiscard]] Result<void> add(const ChangeSet& set, std::string_view executed);
  /// By name or id, of one stack. ChangeSetNotFound.
  [[nodiscard]] Result<ChangeSet> load(const StackRecord& stack, std::string_view name_or_id) const;
  /// By id, of whichever stack of the account and region. ChangeSetNotFound.
  [[nodiscard]] Result<ChangeSet> find(std::string_view account, std::string_view region,
                                       std::string_view id) const;
  /// In the order of their names.
  [[nodiscard]] Result<std::vector<ChangeSet>> list(const StackRecord& stack) const;
  /// Success when there is none of that name.
  [[nodiscard]] Result<void> erase(const ChangeSet& set);
  /// All but the one of that name.
  [[nodiscard]] Result<void> erase_others(const ChangeSet& kept);

 private:
  storage::Store& store_;
  std::mutex mutex_;  ///< held while a name is looked up and taken
};

/// Every key of a stack's change sets, for whoever forgets the stack.
[[nodiscard]] storage::Range change_set_range(const StackIdentity& stack, std::string_view uuid);

}  // namespace stator::cloudformation
