#include "cloudformation/stack_record.hpp"

#include <algorithm>

namespace stator::cloudformation {
namespace {

json::Value time_value(const std::optional<WallTime>& time) {
  return time ? json::Value(epoch_ms(*time)) : json::Value();
}

std::optional<WallTime> read_time(const json::Object& object, std::string_view name) {
  const auto ms = json::find_int(object, name);
  return ms ? std::optional(from_epoch_ms(*ms)) : std::nullopt;
}

template <class T>
T read_part(const json::Object& object, std::string_view name) {
  const json::Value* value = json::find(object, name);
  if constexpr (std::is_same_v<T, json::Object>) {
    return value != nullptr && value->is_object() ? value->get_object() : T();
  } else {
    return value != nullptr && value->is_array() ? value->get_array() : T();
  }
}

json::Object to_json(const ResourceRecord& resource) {
  return {{"LogicalId", resource.logical_id},
          {"Type", resource.type},
          {"Status", resource.status},
          {"Reason", resource.reason},
          {"Changed", epoch_ms(resource.changed)},
          {"IsRetained", resource.is_retained},
          {"IsMade", resource.is_made},
          {"PhysicalId", resource.existing.physical_id},
          {"Attributes", resource.existing.attributes},
          {"Properties", resource.existing.properties}};
}

json::Array to_json(const std::vector<ResourceRecord>& resources) {
  json::Array list;
  for (const ResourceRecord& resource : resources) list.push_back(to_json(resource));
  return list;
}

ResourceRecord read_resource(const json::Object& object) {
  ResourceRecord resource;
  resource.logical_id = text_of(object, "LogicalId");
  resource.type = text_of(object, "Type");
  resource.status = text_of(object, "Status");
  resource.reason = text_of(object, "Reason");
  resource.changed = read_time(object, "Changed").value_or(WallTime());
  resource.is_retained = json::find_bool(object, "IsRetained").value_or(false);
  resource.is_made = json::find_bool(object, "IsMade").value_or(false);
  resource.existing = {text_of(object, "PhysicalId"), read_part<json::Object>(object, "Attributes"),
                       read_part<json::Object>(object, "Properties")};
  return resource;
}

std::vector<ResourceRecord> read_resources(const json::Object& object, std::string_view name) {
  std::vector<ResourceRecord> resources;
  for (const json::Value& resource : read_part<json::Array>(object, name)) {
    if (resource.is_object()) resources.push_back(read_resource(resource.get_object()));
  }
  return resources;
}

}  // namespace

ResourceRecord* StackRecord::find(std::string_view logical_id) {
  const auto found = std::find_if(resources.begin(), resources.end(), [&](const auto& resource) {
    return resource.logical_id == logical_id;
  });
  return found == resources.end() ? nullptr : &*found;
}

const ResourceRecord* StackRecord::find(std::string_view logical_id) const {
  return const_cast<StackRecord*>(this)->find(logical_id);
}

std::string to_text(const StackRecord& record) {
  return json::dump(json::Object{{"Name", record.identity.name},
                                 {"Id", record.identity.id},
                                 {"Account", record.identity.account},
                                 {"Region", record.identity.region},
                                 {"Uuid", record.uuid},
                                 {"Description", record.description},
                                 {"Status", record.status},
                                 {"Reason", record.reason},
                                 {"Created", epoch_ms(record.created)},
                                 {"Updated", time_value(record.updated)},
                                 {"Deleted", time_value(record.deleted)},
                                 {"Template", record.template_body},
                                 {"Parameters", record.parameters},
                                 {"HiddenParameters", record.hidden_parameters},
                                 {"Capabilities", record.capabilities},
                                 {"Tags", record.tags},
                                 {"Outputs", record.outputs},
                                 {"IsRollbackDisabled", record.is_rollback_disabled},
                                 {"IsDeletedOnFailure", record.is_deleted_on_failure},
                                 {"IsProtected", record.is_protected},
                                 {"Policy", record.policy},
                                 {"RoleArn", record.role_arn},
                                 {"NotificationArns", record.notification_arns},
                                 {"ParentId", record.parent_id},
                                 {"RootId", record.root_id},
                                 {"ChangeSetId", record.change_set_id},
                                 {"EventCount", record.event_count},
                                 {"LastEvent", epoch_ms(record.last_event)},
                                 {"Resources", to_json(record.resources)},
                                 {"Leftovers", to_json(record.leftovers)}});
}

Result<StackRecord> read_stack_record(std::string_view text) {
  const auto parsed = json::parse_object(text);
  if (!parsed) return internal("a stack's record is damaged: " + parsed.error().message);
  const json::Object& object = *parsed;
  StackRecord record;
  record.identity = {text_of(object, "Name"), text_of(object, "Id"), text_of(object, "Account"),
                     text_of(object, "Region")};
  record.uuid = text_of(object, "Uuid");
  record.description = text_of(object, "Description");
  record.status = text_of(object, "Status");
  record.reason = text_of(object, "Reason");
  record.created = read_time(object, "Created").value_or(WallTime());
  record.updated = read_time(object, "Updated");
  record.deleted = read_time(object, "Deleted");
  record.template_body = text_of(object, "Template");
  record.parameters = read_part<json::Object>(object, "Parameters");
  record.hidden_parameters = read_part<json::Array>(object, "HiddenParameters");
  record.capabilities = read_part<json::Array>(object, "Capabilities");
  record.tags = read_part<json::Array>(object, "Tags");
  record.outputs = read_part<json::Array>(object, "Outputs");
  record.is_rollback_disabled = json::find_bool(object, "IsRollbackDisabled").value_or(false);
  record.is_deleted_on_failure = json::find_bool(object, "IsDeletedOnFailure").value_or(false);
  record.is_protected = json::find_bool(object, "IsProtected").value_or(false);
  record.policy = text_of(object, "Policy");
  record.role_arn = text_of(object, "RoleArn");
  record.notification_arns = read_part<json::Array>(object, "NotificationArns");
  record.parent_id = text_of(object, "ParentId");
  record.root_id = text_of(object, "RootId");
  record.change_set_id = text_of(object, "ChangeSetId");
  record.event_count = std::uint64_t(json::find_int(object, "EventCount").value_or(0));
  record.last_event = read_time(object, "LastEvent").value_or(WallTime());
  record.resources = read_resources(object, "Resources");
  record.leftovers = read_resources(object, "Leftovers");
  return record;
}

}  // namespace stator::cloudformation
