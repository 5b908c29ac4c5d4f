#include "cloudformation/change_set.hpp"

#include "cloudformation/resource_type.hpp"
#include "cloudformation/stacks.hpp"

namespace stator::cloudformation {
namespace {

json::Object read_object(const json::Object& object, std::string_view name) {
  const json::Value* value = json::find(object, name);
  return value != nullptr && value->is_object() ? value->get_object() : json::Object();
}

json::Array read_array(const json::Object& object, std::string_view name) {
  const json::Value* value = json::find(object, name);
  return value != nullptr && value->is_array() ? value->get_array() : json::Array();
}

}  // namespace

std::string ChangeSet::execution_status(const StackRecord& record) const {
  if (is_failed()) return "UNAVAILABLE";
  if (record.change_set_id == id) {
    const std::string& status = record.status;
    if (status == "CREATE_COMPLETE" || status.starts_with("UPDATE_COMPLETE")) {
      return "EXECUTE_COMPLETE";
    }
    if (status == "CREATE_IN_PROGRESS" || status == "UPDATE_IN_PROGRESS") {
      return "EXECUTE_IN_PROGRESS";
    }
    return "EXECUTE_FAILED";
  }
  return record.event_count == stack_events ? "AVAILABLE" : "OBSOLETE";
}

StackRequest ChangeSet::request() const {
  StackRequest request;
  request.name = makes_stack ? stack.name : stack.id;
  request.template_body = template_body;
  request.parameters = given_parameters(parameters);
  for (const json::Value& capability : capabilities) {
    if (capability.is_string()) {
      request.capabilities.emplace(json::view(capability.get_string()));
    }
  }
  request.tags = tags;
  request.role_arn = role_arn;
  if (!notification_arns.empty()) request.notification_arns = notification_arns;
  request.is_rollback_disabled = on_stack_failure == "DO_NOTHING";
  request.is_deleted_on_failure = on_stack_failure == "DELETE";
  request.change_set_id = id;
  request.made_against = stack_events;
  return request;
}

std::string to_text(const ChangeSet& set) {
  return json::dump(json::Object{{"Name", set.name},
                                 {"Id", set.id},
                                 {"StackName", set.stack.name},
                                 {"StackId", set.stack.id},
                                 {"Account", set.stack.account},
                                 {"Region", set.stack.region},
                                 {"StackUuid", set.stack_uuid},
                                 {"Description", set.description},
                                 {"ClientToken", set.client_token},
                                 {"MakesStack", set.makes_stack},
                                 {"Reason", set.reason},
                                 {"Created", epoch_ms(set.created)},
                                 {"StackEvents", set.stack_events},
                                 {"Template", set.template_body},
                                 {"Parameters", set.parameters},
                                 {"HiddenParameters", set.hidden_parameters},
                                 {"ResolvedParameters", set.resolved_parameters},
                                 {"Capabilities", set.capabilities},
                                 {"Tags", set.tags},
                                 {"NotificationArns", set.notification_arns},
                                 {"RoleArn", set.role_arn},
                                 {"OnStackFailure", set.on_stack_failure},
                                 {"Changes", set.changes}});
}

Result<ChangeSet> read_change_set(std::string_view text) {
  const auto parsed = json::parse_object(text);
  if (!parsed) return internal("a change set's record is damaged: " + parsed.error().message);
  const json::Object& object = *parsed;
  ChangeSet set;
  set.name = text_of(object, "Name");
  set.id = text_of(object, "Id");
  set.stack = {text_of(object, "StackName"), text_of(object, "StackId"), text_of(object, "Account"),
               text_of(object, "Region")};
  set.stack_uuid = text_of(object, "StackUuid");
  set.description = text_of(object, "Description");
  set.client_token = text_of(object, "ClientToken");
  set.makes_stack = json::find_bool(object, "MakesStack").value_or(false);
  set.reason = text_of(object, "Reason");
  set.created = from_epoch_ms(json::find_int(object, "Created").value_or(0));
  set.stack_events = std::uint64_t(json::find_int(object, "StackEvents").value_or(0));
  set.template_body = text_of(object, "Template");
  set.parameters = read_object(object, "Parameters");
  set.hidden_parameters = read_array(object, "HiddenParameters");
  set.resolved_parameters = read_object(object, "ResolvedParameters");
  set.capabilities = read_array(object, "Capabilities");
  set.tags = read_array(object, "Tags");
  set.notification_arns = read_array(object, "NotificationArns");
  set.role_arn = text_of(object, "RoleArn");
  set.on_stack_failure = text_of(object, "OnStackFailure");
  set.changes = read_array(object, "Changes");
  return set;
}

}  // namespace stator::cloudformation
