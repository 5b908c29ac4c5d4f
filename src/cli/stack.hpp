#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "cli/aws_client.hpp"

namespace stator::cli {

/// One CloudFormation stack, seen through the API.
class Stack {
 public:
  Stack(AwsClient& client, std::string name) : client_(client), name_(std::move(name)) {}

  struct State {
    std::string id;
    std::string status;
    std::string reason;
    std::vector<std::pair<std::string, std::string>> outputs;
  };

  /// The stack as it is; nothing when there is none of that name.
  [[nodiscard]] Result<std::optional<State>> describe();

  enum class Change { kCreated, kUpdated, kUnchanged };
  /// Creates the stack, or updates it when it exists, and returns once the work has begun.
  [[nodiscard]] Result<Change> apply(const std::string& template_body,
                                     const Parameters& template_parameters);
  [[nodiscard]] Result<void> remove();

  struct Event {
    std::string logical_id;
    std::string type;
    std::string status;
    std::string reason;
  };
  /// Polls until the stack rests, telling each new event once, oldest first; kTimeout after ten
  /// minutes. Nothing when the stack is gone (a deletion that succeeded).
  [[nodiscard]] Result<std::optional<State>> wait(
      const std::function<void(const Event&)>& on_event);

  /// Marks what has happened so far as told, so that wait() tells only what comes.
  [[nodiscard]] Result<void> skip_past_events();

 private:
  [[nodiscard]] Result<std::vector<Event>> new_events();

  AwsClient& client_;
  std::string name_;
  std::string id_;
  std::string last_event_id_;
};

}  // namespace stator::cli
