#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "cli/aws_client.hpp"
#include "cli/deploy/change_plan.hpp"

namespace stator::cli {

/// How often a service is asked whether it has got further, and for how long.
struct Patience {
  std::chrono::milliseconds poll_first{5};
  std::chrono::milliseconds poll_max{100};  ///< the pause grows to this
  std::chrono::minutes wait_max{10};
  /// How long after a change was asked for its first event may come.
  std::chrono::milliseconds begin_max{15'000};
  /// How often the stack's state is asked for while its events do not tell of an end.
  std::chrono::milliseconds look_every{2'000};
};

/// A template's parameter as a request gives it.
struct TemplateParameter {
  std::string key;
  std::optional<std::string> value;  ///< nothing: as the stack has it
};

/// One CloudFormation stack, seen through the API. The same requests on stator and on AWS.
class Stack {
 public:
  Stack(AwsClient& client, std::string name, Patience patience = {})
      : client_(client), name_(std::move(name)), patience_(patience) {}

  struct State {
    std::string id;
    std::string status;
    std::string reason;
    std::vector<std::pair<std::string, std::string>> outputs;
    std::vector<std::string> parameters;  ///< their keys

    /// A change set made it and nothing of it was executed yet.
    [[nodiscard]] bool is_in_review() const { return status == "REVIEW_IN_PROGRESS"; }
    [[nodiscard]] bool is_good() const;
  };

  /// The stack as it is; nothing when there is none of that name.
  [[nodiscard]] Result<std::optional<State>> describe();

  struct Wanted {
    std::string template_body;  ///< or
    std::string template_url;
    std::vector<TemplateParameter> parameters;
    bool is_update = false;
    std::string change_set;  ///< its name
  };
  /// Makes the change set and waits until it is ready. Its plan; nothing when it would change
  /// nothing, and then the change set is gone again. One that fails is taken away too.
  [[nodiscard]] Result<std::optional<ChangePlan>> plan(const Wanted& wanted);
  /// Carries out the change set that plan() made and returns once the work has begun.
  [[nodiscard]] Result<void> execute(bool is_rollback_disabled);
  /// Takes away the change set that plan() made, and the stack that stands for it alone.
  [[nodiscard]] Result<void> discard();

  /// Begins the deletion.
  [[nodiscard]] Result<void> remove();

  struct Event {
    std::string logical_id;
    std::string type;
    std::string status;
    std::string reason;
    std::string time;     ///< as the API tells it
    bool is_own = false;  ///< of the stack itself
  };
  using OnEvent = std::function<void(const Event&)>;
  /// Polls until the stack rests, telling each new event once, oldest first; kTimeout when the
  /// patience ends. Nothing when the stack is gone (a deletion that succeeded).
  [[nodiscard]] Result<std::optional<State>> wait(const OnEvent& on_event);

  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  struct Page;
  [[nodiscard]] Result<json::Object> ask(std::string_view action, const Parameters& parameters);
  [[nodiscard]] Result<std::vector<Event>> new_events();
  /// Marks what has happened so far as told, so that wait() tells only what comes.
  [[nodiscard]] Result<void> skip_past_events();
  [[nodiscard]] Result<ChangePlan> read_plan(json::Object first_page);
  [[nodiscard]] Result<json::Object> await_change_set();

  AwsClient& client_;
  std::string name_;
  Patience patience_;
  std::string id_;
  std::string last_event_id_;
  std::string change_set_;       ///< its id
  bool made_in_review_ = false;  ///< by plan(), so that discard() takes it away
};

}  // namespace stator::cli
