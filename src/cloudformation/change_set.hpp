#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cloudformation/functions.hpp"
#include "cloudformation/stack_record.hpp"
#include "json/json.hpp"

namespace stator::cloudformation {

struct StackRequest;

/// A change set as it is kept: the request, complete, and what it would do to the stack as the
/// stack was.
struct ChangeSet {
  std::string name;
  std::string id;
  StackIdentity stack;
  std::string stack_uuid;
  std::string description;
  std::string client_token;
  bool makes_stack = false;  ///< of type CREATE
  std::string reason;        ///< why it FAILED, "" for one that can be executed
  WallTime created;
  /// StackRecord::event_count when it was made: any change of the stack makes it obsolete.
  std::uint64_t stack_events = 0;

  std::string template_body;
  json::Object parameters;  ///< key to text
  json::Array hidden_parameters;
  json::Object resolved_parameters;
  json::Array capabilities;
  json::Array tags;
  json::Array notification_arns;
  std::string role_arn;
  std::string on_stack_failure;  ///< "" for the default
  json::Array changes;           ///< as DescribeChangeSet gives them, with the properties' values

  [[nodiscard]] bool is_failed() const { return !reason.empty(); }
  /// CREATE_COMPLETE or FAILED.
  [[nodiscard]] const char* status() const { return is_failed() ? "FAILED" : "CREATE_COMPLETE"; }
  /// What ExecutionStatus is while the stack is as `record` says.
  [[nodiscard]] std::string execution_status(const StackRecord& record) const;
  /// What executing it asks of Stacks::create or Stacks::update.
  [[nodiscard]] StackRequest request() const;
};

[[nodiscard]] std::string to_text(const ChangeSet& set);
/// kInternal when the text is not one that to_text() made.
[[nodiscard]] Result<ChangeSet> read_change_set(std::string_view text);

}  // namespace stator::cloudformation
