#include "cli/deploy/stack.hpp"

#include <algorithm>
#include <thread>

namespace stator::cli {
namespace {

constexpr std::string_view kVersion = "2010-05-15";
constexpr std::size_t kPagesMax = 200;

std::string text(const json::Object& object, std::string_view name) {
  return json::find_string(object, name).value_or("");
}

/// The objects of a list member; empty when there is none.
std::vector<const json::Object*> list(const json::Object& object, std::string_view name) {
  std::vector<const json::Object*> items;
  const json::Value* value = json::find(object, name);
  if (value == nullptr || !value->is_array()) return items;
  for (const json::Value& item : value->get_array()) {
    if (item.is_object()) items.push_back(&item.get_object());
  }
  return items;
}

bool says(std::string_view message, std::string_view words) {
  return message.find(words) != std::string_view::npos;
}

bool is_unchanged(std::string_view reason) {
  return says(reason, "didn't contain changes") || says(reason, "No updates are to be performed");
}

void add_parameters(Parameters& request, const std::vector<TemplateParameter>& parameters) {
  std::size_t number = 0;
  for (const TemplateParameter& parameter : parameters) {
    const std::string prefix = "Parameters.member." + std::to_string(++number);
    request.emplace_back(prefix + ".ParameterKey", parameter.key);
    if (parameter.value) {
      request.emplace_back(prefix + ".ParameterValue", *parameter.value);
    } else {
      request.emplace_back(prefix + ".UsePreviousValue", "true");
    }
  }
}

/// Sleeps a little longer each time.
class Pause {
 public:
  explicit Pause(const Patience& patience)
      : patience_(patience),
        next_(patience.poll_first),
        end_(std::chrono::steady_clock::now() + patience.wait_max) {}
  /// False when the patience has ended.
  bool sleep() {
    if (std::chrono::steady_clock::now() >= end_) return false;
    std::this_thread::sleep_for(next_);
    next_ = std::min(patience_.poll_max, next_ + next_ / 2);
    return true;
  }
  void hurry() { next_ = patience_.poll_first; }

 private:
  const Patience& patience_;
  std::chrono::milliseconds next_;
  std::chrono::steady_clock::time_point end_;
};

}  // namespace

bool Stack::State::is_good() const {
  return status == "CREATE_COMPLETE" || status == "UPDATE_COMPLETE";
}

Result<json::Object> Stack::ask(std::string_view action, const Parameters& parameters) {
  return client_.query("cloudformation", kVersion, action, parameters);
}

Result<std::optional<Stack::State>> Stack::describe() {
  const std::string& which = id_.empty() ? name_ : id_;
  const auto answer = ask("DescribeStacks", {{"StackName", which}});
  if (!answer) {
    if (says(answer.error().message, "does not exist")) return std::optional<State>();
    return answer.error();
  }
  const auto stacks = list(*answer, "Stacks");
  if (stacks.empty()) return std::optional<State>();
  const json::Object& stack = *stacks.front();
  State state{.id = text(stack, "StackId"),
              .status = text(stack, "StackStatus"),
              .reason = text(stack, "StackStatusReason"),
              .outputs = {},
              .parameters = {}};
  for (const json::Object* output : list(stack, "Outputs")) {
    state.outputs.emplace_back(text(*output, "OutputKey"), text(*output, "OutputValue"));
  }
  for (const json::Object* parameter : list(stack, "Parameters")) {
    state.parameters.push_back(text(*parameter, "ParameterKey"));
  }
  return std::optional(std::move(state));
}

Result<std::optional<ChangePlan>> Stack::plan(const Wanted& wanted) {
  Parameters request = {{"StackName", name_},
                        {"ChangeSetName", wanted.change_set},
                        {"ChangeSetType", wanted.is_update ? "UPDATE" : "CREATE"},
                        {"Capabilities.member.1", "CAPABILITY_IAM"},
                        {"Capabilities.member.2", "CAPABILITY_NAMED_IAM"},
                        {"Capabilities.member.3", "CAPABILITY_AUTO_EXPAND"}};
  if (wanted.template_url.empty()) {
    request.emplace_back("TemplateBody", wanted.template_body);
  } else {
    request.emplace_back("TemplateURL", wanted.template_url);
  }
  add_parameters(request, wanted.parameters);
  STATOR_TRY(const auto made, ask("CreateChangeSet", request));
  id_ = text(made, "StackId");
  change_set_ = text(made, "Id");
  made_in_review_ = !wanted.is_update;

  auto described = await_change_set();
  if (!described) {
    (void)discard();
    return described.error();
  }
  if (text(*described, "Status") == "FAILED") {
    const std::string reason = text(*described, "StatusReason");
    (void)discard();  // what is left says FAILED and does no harm
    if (is_unchanged(reason)) return std::optional<ChangePlan>();
    return invalid(reason.empty() ? "the change set failed without a reason" : reason);
  }
  STATOR_TRY(auto plan, read_plan(*std::move(described)));
  return std::optional(std::move(plan));
}

Result<json::Object> Stack::await_change_set() {
  Pause pause(patience_);
  for (;;) {
    STATOR_TRY(auto described, ask("DescribeChangeSet", {{"ChangeSetName", change_set_},
                                                         {"StackName", id_},
                                                         {"IncludePropertyValues", "true"}}));
    const std::string status = text(described, "Status");
    if (!status.ends_with("_PENDING") && !status.ends_with("_IN_PROGRESS")) return described;
    if (!pause.sleep()) break;
  }
  return Error{ErrorCode::kTimeout, "the change set of " + name_ + " does not get ready"};
}

Result<ChangePlan> Stack::read_plan(json::Object page) {
  ChangePlan plan;
  for (std::size_t count = 0; count < kPagesMax; ++count) {
    read_changes(page, plan);
    const std::string token = text(page, "NextToken");
    if (token.empty()) break;
    STATOR_TRY(page, ask("DescribeChangeSet", {{"ChangeSetName", change_set_},
                                               {"StackName", id_},
                                               {"IncludePropertyValues", "true"},
                                               {"NextToken", token}}));
  }
  return plan;
}

Result<void> Stack::execute(bool is_rollback_disabled) {
  STATOR_TRY_VOID(skip_past_events());
  Parameters request = {{"ChangeSetName", change_set_}, {"StackName", id_}};
  if (is_rollback_disabled) request.emplace_back("DisableRollback", "true");
  STATOR_TRY_VOID(ask("ExecuteChangeSet", request));
  return {};
}

Result<void> Stack::discard() {
  if (change_set_.empty()) return {};
  STATOR_TRY_VOID(ask("DeleteChangeSet", {{"ChangeSetName", change_set_}, {"StackName", id_}}));
  change_set_.clear();
  if (!made_in_review_) return {};
  STATOR_TRY_VOID(ask("DeleteStack", {{"StackName", id_}}));
  id_.clear();
  return {};
}

Result<void> Stack::remove() {
  STATOR_TRY(const auto existing, describe());
  if (!existing) return not_found("there is no stack named " + name_);
  id_ = existing->id;
  STATOR_TRY_VOID(skip_past_events());
  STATOR_TRY_VOID(ask("DeleteStack", {{"StackName", name_}}));
  return {};
}

Result<std::vector<Stack::Event>> Stack::new_events() {
  std::vector<Event> events;
  std::string newest, token;
  for (std::size_t count = 0; count < kPagesMax; ++count) {
    Parameters request = {{"StackName", id_.empty() ? name_ : id_}};
    if (!token.empty()) request.emplace_back("NextToken", token);
    STATOR_TRY(const auto answer, ask("DescribeStackEvents", request));
    bool is_known = false;
    for (const json::Object* event : list(answer, "StackEvents")) {
      const std::string id = text(*event, "EventId");
      if (newest.empty()) newest = id;
      is_known = id == last_event_id_;
      if (is_known) break;
      events.push_back({.logical_id = text(*event, "LogicalResourceId"),
                        .type = text(*event, "ResourceType"),
                        .status = text(*event, "ResourceStatus"),
                        .reason = text(*event, "ResourceStatusReason"),
                        .time = text(*event, "Timestamp"),
                        .is_own = text(*event, "PhysicalResourceId") == text(*event, "StackId")});
    }
    token = text(answer, "NextToken");
    if (is_known || token.empty()) break;
  }
  if (!newest.empty()) last_event_id_ = newest;
  std::reverse(events.begin(), events.end());
  return events;
}

Result<void> Stack::skip_past_events() {
  STATOR_TRY_VOID(new_events());
  return {};
}

Result<std::optional<Stack::State>> Stack::wait(const OnEvent& on_event) {
  using Steady = std::chrono::steady_clock;
  Pause pause(patience_);
  const auto begun_by = Steady::now() + patience_.begin_max;
  auto next_look = Steady::now();
  bool has_begun = false, has_ended = false;
  const auto tell_events = [&] {
    auto events = new_events();
    if (!events) return events;
    for (const Event& event : *events) {
      if (event.is_own) has_begun = true, has_ended = !event.status.ends_with("_IN_PROGRESS");
      on_event(event);
    }
    if (!events->empty()) pause.hurry();
    return events;
  };
  // Events tell of the end as soon as it is there; DescribeStacks may keep its answer for a while.
  do {
    const auto events = tell_events();
    if (!has_ended && has_begun && events && Steady::now() < next_look) continue;
    STATOR_TRY(auto state, describe());
    if (!state) return state;
    next_look = Steady::now() + patience_.look_every;
    const bool is_late = Steady::now() > begun_by;
    if (!state->status.ends_with("_IN_PROGRESS") && (has_begun || is_late)) {
      // The end may have come after the events were asked for.
      if (!has_ended) (void)tell_events();
      return state;
    }
  } while (pause.sleep());
  return Error{ErrorCode::kTimeout, "stack " + name_ + " is still in progress after " +
                                        std::to_string(patience_.wait_max.count()) + " minutes"};
}

}  // namespace stator::cli
