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
  std::uint64_t number = 0;  ///< unique within the stack, in the order in which they were made
  std::string logical_id;
  std::string type;
  std::string status;  ///< "CREATE_COMPLETE"
  std::string reason;
  WallTime changed;
  bool is_retained = false;
  bool is_retained_except_on_create = false;
  bool is_made = false;  ///< `existing` is real
  Existing existing;
  /// Of a resource that is being made, the name that it is given, written down before the call: a
  /// crash between the call and its answer does not lose the resource. "" for none.
  std::string chosen_name;
  /// What a change in place wants that is under way or has failed: the resource stands somewhere
  /// between `existing.properties` and these.
  std::optional<json::Object> attempted;
  /// Changed in place by an update that is not complete yet, by a type that settles changes.
  bool is_unsettled = false;
  std::vector<std::string> depends_on;  ///< logical ids: what must be removed after this
};

/// Who changes a stack, as far as it is kept: enough to go on after a restart. Callers with
/// temporary credentials are not kept, because their session's limits are not.
struct Runner {
  int kind = 0;  ///< aws::Principal::Kind
  std::string account;
  std::string arn;
  std::string user_id;
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
  json::Object parameters;           ///< given and default, key to text
  json::Array hidden_parameters;     ///< keys with NoEcho
  json::Object resolved_parameters;  ///< key to what the parameter store had for it
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
  json::Array wanted_tags;                ///< what an update makes of the tags
  std::vector<std::string> imports;       ///< names of the exports that its template reads
  std::string client_token;               ///< "Create:TOKEN", of the newest request that had one
  std::optional<Runner> runner;           ///< of the change under way
  bool has_baseline = false;              ///< StackStore::baseline() is what a rollback goes to
  bool is_new_never_retained = false;     ///< RetainExceptOnCreate, of the change under way
  std::uint64_t resource_count = 0;       ///< numbers given
  std::vector<ResourceRecord> resources;  ///< in the order in which they were made
  std::vector<ResourceRecord> leftovers;  ///< replaced or no longer declared, and to be removed
  std::uint64_t event_count = 0;
  WallTime last_event;

  [[nodiscard]] ResourceRecord* find(std::string_view logical_id);
  [[nodiscard]] const ResourceRecord* find(std::string_view logical_id) const;
  /// A change is under way. A stack in review waits for its first change set and is at rest.
  [[nodiscard]] bool is_in_progress() const {
    return status.ends_with("_IN_PROGRESS") && status != kInReview;
  }
};

/// Parameters as records keep them, key to text, as a client gives them.
[[nodiscard]] GivenParameters given_parameters(const json::Object& kept);

/// The stack without its resources and leftovers, which are kept one by one.
[[nodiscard]] std::string to_text(const StackRecord& record);
/// kInternal when the text is not one that to_text() made.
[[nodiscard]] Result<StackRecord> read_stack_record(std::string_view text);
[[nodiscard]] std::string to_text(const ResourceRecord& resource, bool is_leftover);
/// Puts a resource where it belongs in the record; they come in the order of their numbers.
[[nodiscard]] Result<void> read_resource_into(StackRecord& record, std::string_view text);

}  // namespace stator::cloudformation
