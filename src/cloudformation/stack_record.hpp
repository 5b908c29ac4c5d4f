#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cloudformation/functions.hpp"
#include "cloudformation/resource_type.hpp"
#include "json/json.hpp"

namespace stator::cloudformation {

inline constexpr const char* kInReview = "REVIEW_IN_PROGRESS";

struct ResourceRecord {
  std::string logical_id;
  std::string type;
  std::string status;  ///< "CREATE_COMPLETE"
  std::string reason;
  WallTime changed;
  bool is_retained = false;
  bool is_made = false;  ///< `existing` is real
  Existing existing;
};

/// A stack as it is kept.
struct StackRecord {
  StackIdentity identity;
  std::string uuid;  ///< the end of its id
  std::string description;
  std::string status;
  std::string reason;
  WallTime created;
  std::optional<WallTime> updated;
  std::optional<WallTime> deleted;
  std::string template_body;
  json::Object parameters;        ///< given and default, key to text
  json::Array hidden_parameters;  ///< keys with NoEcho
  json::Array capabilities;
  json::Array tags;
  json::Array outputs;  ///< OutputKey, OutputValue, Description, ExportName each
  bool is_rollback_disabled = false;
  bool is_deleted_on_failure = false;  ///< OnFailure DELETE
  bool is_protected = false;           ///< against DeleteStack
  std::string policy;                  ///< the stack policy, "" for none
  std::string role_arn;                ///< who provisions, "" for the caller
  json::Array notification_arns;
  std::string parent_id;                  ///< of a nested stack, "" for others
  std::string root_id;                    ///< the outermost stack's, "" for one that is not nested
  std::string change_set_id;              ///< the change set that was executed last, "" for none
  std::vector<ResourceRecord> resources;  ///< in the order in which they were made
  std::vector<ResourceRecord> leftovers;  ///< replaced, and to be removed
  std::uint64_t event_count = 0;
  WallTime last_event;

  [[nodiscard]] ResourceRecord* find(std::string_view logical_id);
  [[nodiscard]] const ResourceRecord* find(std::string_view logical_id) const;
  /// A change is under way. A stack in review waits for its first change set and is at rest.
  [[nodiscard]] bool is_in_progress() const {
    return status.ends_with("_IN_PROGRESS") && status != kInReview;
  }
};

[[nodiscard]] std::string to_text(const StackRecord& record);
/// kInternal when the text is not one that to_text() made.
[[nodiscard]] Result<StackRecord> read_stack_record(std::string_view text);

}  // namespace stator::cloudformation
