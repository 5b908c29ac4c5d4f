#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cloudformation/stack_record.hpp"
#include "cloudformation/stack_store.hpp"

namespace stator::cloudformation {

/// Why a change of a stack goes no further.
enum class Halt {
  kNone,
  kFailure,    ///< a resource failed, and the others go back with it
  kTimeout,    ///< TimeoutInMinutes is over
  kCancelled,  ///< CancelUpdateStack
  kDeletion,   ///< DeleteStack while the stack was being made
};

/// The record of a stack while it is changed, kept in the store before and after every step. The
/// lanes of a run share it: any thread, and every call is one step for the others. Resources are
/// found by their numbers, which must exist.
class Ledger {
 public:
  using Edit = std::function<void(StackRecord&)>;
  using ResourceEdit = std::function<void(ResourceRecord&)>;

  Ledger(StackStore& stacks, const Clock& clock, StackRecord record)
      : stacks_(stacks), clock_(clock), identity_(record.identity), record_(std::move(record)) {}

  [[nodiscard]] const StackIdentity& identity() const { return identity_; }
  [[nodiscard]] StackRecord record() const;
  [[nodiscard]] ResourceRecord resource(std::uint64_t number) const;
  /// By logical id, among the resources; nothing when there is none.
  [[nodiscard]] std::optional<ResourceRecord> find(std::string_view logical_id) const;
  /// What Ref (an empty attribute) or Fn::GetAtt gives. ValidationError when the resource or the
  /// attribute is not there.
  [[nodiscard]] Result<json::Value> look_up(std::string_view logical_id,
                                            std::string_view attribute) const;

  /// A new status of the stack, with its event, after `edit` of the rest.
  [[nodiscard]] Result<void> set_status(std::string status, std::string reason = "",
                                        const Edit& edit = nullptr);
  /// The same, unless the change was halted before: then false, and nothing happens. What is
  /// committed cannot be halted any more.
  [[nodiscard]] Result<bool> commit(std::string status, const Edit& edit);
  /// The end of a change that goes no further: as set_status(), unless the stack is to be deleted
  /// instead: then false, and nothing happens.
  [[nodiscard]] Result<bool> turn_back(std::string status, std::string reason,
                                       const Edit& edit = nullptr);

  /// A resource that is about to be made, under a number of its own, with its event. One of the
  /// same logical id that was never made gives way.
  [[nodiscard]] Result<std::uint64_t> add(ResourceRecord fresh);
  /// A resource's new status, with its event, after `edit` of the rest.
  [[nodiscard]] Result<void> note(std::uint64_t number, std::string status, std::string reason = "",
                                  const ResourceEdit& edit = nullptr);
  [[nodiscard]] Result<void> edit(std::uint64_t number, const ResourceEdit& edit);
  [[nodiscard]] Result<void> edit_all(const Edit& edit);

  /// Halts a change that is not committed yet; false when it is, or was halted for a reason as
  /// good. For kDeletion the stack is DELETE_IN_PROGRESS from here on.
  [[nodiscard]] Result<bool> halt(Halt why);
  [[nodiscard]] Halt halted() const { return halt_; }

 private:
  ResourceRecord& at(std::uint64_t number);

  StackStore& stacks_;
  const Clock& clock_;
  const StackIdentity identity_;
  mutable std::mutex mutex_;
  StackRecord record_;
  bool is_committed_ = false;
  std::atomic<Halt> halt_ = Halt::kNone;
};

}  // namespace stator::cloudformation
