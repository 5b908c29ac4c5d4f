#include "cli/stack.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace stator::cli {
namespace {

constexpr std::string_view kVersion = "2010-05-15";
constexpr std::chrono::milliseconds kPollEvery{100};
constexpr std::chrono::minutes kWaitMax{10};

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

bool says(const Error& error, std::string_view words) {
  return error.message.find(words) != std::string::npos;
}

}  // namespace

Result<std::optional<Stack::State>> Stack::describe() {
  const std::string& which = id_.empty() ? name_ : id_;
  const auto answer =
      client_.query("cloudformation", kVersion, "DescribeStacks", {{"StackName", which}});
  if (!answer) {
    if (says(answer.error(), "does not exist")) return std::optional<State>();
    return answer.error();
  }
  const auto stacks = list(*answer, "Stacks");
  if (stacks.empty()) return std::optional<State>();
  const json::Object& stack = *stacks.front();
  State state{
      text(stack, "StackId"), text(stack, "StackStatus"), text(stack, "StackStatusReason"), {}};
  for (const json::Object* output : list(stack, "Outputs")) {
    state.outputs.emplace_back(text(*output, "OutputKey"), text(*output, "OutputValue"));
  }
  return std::optional(std::move(state));
}

Result<Stack::Change> Stack::apply(const std::string& template_body,
                                   const Parameters& template_parameters) {
  STATOR_TRY(const auto existing, describe());
  Parameters parameters = {{"StackName", name_},
                           {"TemplateBody", template_body},
                           {"Capabilities.member.1", "CAPABILITY_IAM"},
                           {"Capabilities.member.2", "CAPABILITY_NAMED_IAM"},
                           {"Capabilities.member.3", "CAPABILITY_AUTO_EXPAND"}};
  for (std::size_t i = 0; i < template_parameters.size(); ++i) {
    const std::string prefix = "Parameters.member." + std::to_string(i + 1);
    parameters.emplace_back(prefix + ".ParameterKey", template_parameters[i].first);
    parameters.emplace_back(prefix + ".ParameterValue", template_parameters[i].second);
  }
  if (existing) {
    id_ = existing->id;
    STATOR_TRY_VOID(skip_past_events());
  }
  const auto answer = client_.query("cloudformation", kVersion,
                                    existing ? "UpdateStack" : "CreateStack", parameters);
  if (!answer) {
    if (existing && says(answer.error(), "No updates are to be performed")) {
      return Change::kUnchanged;
    }
    return answer.error();
  }
  if (!existing) id_ = text(*answer, "StackId");
  return existing ? Change::kUpdated : Change::kCreated;
}

Result<void> Stack::remove() {
  STATOR_TRY(const auto existing, describe());
  if (!existing) return not_found("there is no stack named " + name_);
  id_ = existing->id;
  STATOR_TRY_VOID(skip_past_events());
  STATOR_TRY_VOID(client_.query("cloudformation", kVersion, "DeleteStack", {{"StackName", name_}}));
  return {};
}

Result<std::vector<Stack::Event>> Stack::new_events() {
  const std::string& which = id_.empty() ? name_ : id_;
  STATOR_TRY(const auto answer, client_.query("cloudformation", kVersion, "DescribeStackEvents",
                                              {{"StackName", which}}));
  std::vector<Event> events;
  std::string newest;
  for (const json::Object* event : list(answer, "StackEvents")) {
    const std::string id = text(*event, "EventId");
    if (newest.empty()) newest = id;
    if (id == last_event_id_) break;
    events.push_back({text(*event, "LogicalResourceId"), text(*event, "ResourceType"),
                      text(*event, "ResourceStatus"), text(*event, "ResourceStatusReason")});
  }
  if (!newest.empty()) last_event_id_ = newest;
  std::reverse(events.begin(), events.end());
  return events;
}

Result<void> Stack::skip_past_events() {
  STATOR_TRY_VOID(new_events());
  return {};
}

Result<std::optional<Stack::State>> Stack::wait(const std::function<void(const Event&)>& on_event) {
  const auto deadline = std::chrono::steady_clock::now() + kWaitMax;
  while (std::chrono::steady_clock::now() < deadline) {
    STATOR_TRY(auto state, describe());
    // A deleted stack is found by its id alone, and one that never began has no events.
    if (const auto events = new_events()) {
      for (const Event& event : *events) on_event(event);
    }
    if (!state || !state->status.ends_with("_IN_PROGRESS")) return state;
    std::this_thread::sleep_for(kPollEvery);
  }
  return Error{ErrorCode::kTimeout, "stack " + name_ + " is still in progress after ten minutes"};
}

}  // namespace stator::cli
