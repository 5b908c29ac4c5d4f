#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "cloudformation/api_client.hpp"
#include "cloudformation/functions.hpp"
#include "cloudformation/ledger.hpp"
#include "cloudformation/resource_type.hpp"
#include "cloudformation/template.hpp"

namespace stator::cloudformation {

/// The stack's tags before and after what a run does.
struct TagChange {
  json::Array before;
  json::Array after;
};

/// What the steps of a run work with; all of it outlives them.
struct StepParts {
  Ledger& ledger;
  std::function<std::unique_ptr<ApiClient>()> client;
  Random& random;
  std::function<void(std::chrono::milliseconds)> sleep;
  const std::atomic<bool>& is_stopping;
  /// Called before each API call of a step forward: may halt the ledger.
  std::function<void()> watch;
  TagChange tags;
  CustomResponses* responses = nullptr;
  NestedStacks* nested = nullptr;
};

/// The things that can be done to one resource of a stack, each with its record and events before
/// and after. Any thread; one step at a time for a resource.
class ResourceSteps {
 public:
  /// Steps forward are given up where the ledger is halted: "Resource creation cancelled".
  enum class Direction { kForward, kBackward };

  /// Whether the step succeeded. An error means that the store failed or the server is stopping:
  /// the run ends there, and the record says how far it came.
  using Outcome = Result<bool>;

  ResourceSteps(const StepParts& parts, Direction direction)
      : parts_(parts), direction_(direction) {}

  Outcome make(const Declaration& declaration, const Scope& scope);
  Outcome change(const Declaration& declaration, const Scope& scope);
  /// Makes a new one; the old one becomes a leftover.
  Outcome replace(const Declaration& declaration, const Scope& scope);
  /// Sets the resource of that number back to what it was.
  Outcome restore(const ResourceRecord& before);
  /// Success for what is retained or was never made.
  Outcome remove(std::uint64_t number);
  /// Ends what a change in place keeps for its undoing.
  Outcome settle(std::uint64_t number);

  /// The logical ids of the steps that failed: "A, B".
  [[nodiscard]] std::string failed() const;

 private:
  struct Visit;
  Outcome create(std::uint64_t number, const Declaration& declaration, const Scope& scope,
                 const std::string& kind);
  Outcome remove_uncertain(const ResourceRecord& resource);
  Outcome fail(std::uint64_t number, const std::string& kind, const Error& error);
  Result<void> check_running() const;
  void note_place(Visit& visit, std::uint64_t number, const Existing& existing);

  const StepParts& parts_;
  const Direction direction_;
  mutable std::mutex mutex_;
  std::vector<std::string> failed_;
};

/// Whether the stack's tags are a resource's own, so that a change of them changes it.
[[nodiscard]] inline bool bears_stack_tags(const ResourceType& type) {
  return type.takes_tags() && type.update != nullptr;
}

/// Why a resource failed, as an event tells it.
[[nodiscard]] std::string reason_of(const Error& error);

}  // namespace stator::cloudformation
