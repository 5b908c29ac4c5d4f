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

json::Array texts_to_json(const std::vector<std::string>& texts) {
  json::Array list;
  for (const std::string& text : texts) list.push_back(json::Value(text));
  return list;
}

std::vector<std::string> read_texts(const json::Object& object, std::string_view name) {
  std::vector<std::string> texts;
  for (const json::Value& item : read_part<json::Array>(object, name)) {
    if (item.is_string()) texts.emplace_back(json::view(item.get_string()));
  }
  return texts;
}

bool read_flag(const json::Object& object, std::string_view name) {
  return json::find_bool(object, name).value_or(false);
}

json::Value to_json(const std::optional<Runner>& runner) {
  if (!runner) return {};
  return json::Object{{"Kind", runner->kind},
                      {"Account", runner->account},
                      {"Arn", runner->arn},
                      {"UserId", runner->user_id}};
}

std::optional<Runner> read_runner(const json::Object& object) {
  const json::Value* runner = json::find(object, "Runner");
  if (runner == nullptr || !runner->is_object()) return std::nullopt;
  const json::Object& members = runner->get_object();
  return Runner{int(json::find_int(members, "Kind").value_or(0)), text_of(members, "Account"),
                text_of(members, "Arn"), text_of(members, "UserId")};
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

GivenParameters given_parameters(const json::Object& kept) {
  GivenParameters given;
  for (const auto& member : kept) {
    if (!member.value().is_string()) continue;
    given[std::string(member.key())] = json::view(member.value().get_string());
  }
  return given;
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
                                 {"ResolvedParameters", record.resolved_parameters},
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
                                 {"WantedTags", record.wanted_tags},
                                 {"Imports", texts_to_json(record.imports)},
                                 {"ClientToken", record.client_token},
                                 {"Runner", to_json(record.runner)},
                                 {"HasBaseline", record.has_baseline},
                                 {"IsNewNeverRetained", record.is_new_never_retained},
                                 {"ResourceCount", record.resource_count},
                                 {"EventCount", record.event_count},
                                 {"LastEvent", epoch_ms(record.last_event)}});
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
  record.resolved_parameters = read_part<json::Object>(object, "ResolvedParameters");
  record.capabilities = read_part<json::Array>(object, "Capabilities");
  record.tags = read_part<json::Array>(object, "Tags");
  record.outputs = read_part<json::Array>(object, "Outputs");
  record.is_rollback_disabled = read_flag(object, "IsRollbackDisabled");
  record.is_deleted_on_failure = read_flag(object, "IsDeletedOnFailure");
  record.is_protected = read_flag(object, "IsProtected");
  record.policy = text_of(object, "Policy");
  record.role_arn = text_of(object, "RoleArn");
  record.notification_arns = read_part<json::Array>(object, "NotificationArns");
  record.parent_id = text_of(object, "ParentId");
  record.root_id = text_of(object, "RootId");
  record.change_set_id = text_of(object, "ChangeSetId");
  record.wanted_tags = read_part<json::Array>(object, "WantedTags");
  record.imports = read_texts(object, "Imports");
  record.client_token = text_of(object, "ClientToken");
  record.runner = read_runner(object);
  record.has_baseline = read_flag(object, "HasBaseline");
  record.is_new_never_retained = read_flag(object, "IsNewNeverRetained");
  record.resource_count = std::uint64_t(json::find_int(object, "ResourceCount").value_or(0));
  record.event_count = std::uint64_t(json::find_int(object, "EventCount").value_or(0));
  record.last_event = read_time(object, "LastEvent").value_or(WallTime());
  // Records of older versions hold their resources themselves, without numbers.
  for (const char* list : {"Resources", "Leftovers"}) {
    for (const json::Value& item : read_part<json::Array>(object, list)) {
      if (!item.is_object()) continue;
      json::Object resource = item.get_object();
      resource["Number"] = ++record.resource_count;
      resource["IsLeftover"] = list == std::string_view("Leftovers");
      STATOR_TRY_VOID(read_resource_into(record, json::dump(resource)));
    }
  }
  return record;
}

std::string to_text(const ResourceRecord& resource, bool is_leftover) {
  json::Object object{{"Number", resource.number},
                      {"LogicalId", resource.logical_id},
                      {"Type", resource.type},
                      {"Status", resource.status},
                      {"Reason", resource.reason},
                      {"Changed", epoch_ms(resource.changed)},
                      {"IsRetained", resource.is_retained},
                      {"IsRetainedExceptOnCreate", resource.is_retained_except_on_create},
                      {"IsMade", resource.is_made},
                      {"PhysicalId", resource.existing.physical_id},
                      {"Attributes", resource.existing.attributes},
                      {"Properties", resource.existing.properties},
                      {"ChosenName", resource.chosen_name},
                      {"IsUnsettled", resource.is_unsettled},
                      {"DependsOn", texts_to_json(resource.depends_on)},
                      {"IsLeftover", is_leftover}};
  if (resource.attempted) object["Attempted"] = *resource.attempted;
  return json::dump(object);
}

Result<void> read_resource_into(StackRecord& record, std::string_view text) {
  const auto parsed = json::parse_object(text);
  if (!parsed) return internal("a resource's record is damaged: " + parsed.error().message);
  const json::Object& object = *parsed;
  ResourceRecord resource;
  resource.number = std::uint64_t(json::find_int(object, "Number").value_or(0));
  resource.logical_id = text_of(object, "LogicalId");
  resource.type = text_of(object, "Type");
  resource.status = text_of(object, "Status");
  resource.reason = text_of(object, "Reason");
  resource.changed = read_time(object, "Changed").value_or(WallTime());
  resource.is_retained = read_flag(object, "IsRetained");
  resource.is_retained_except_on_create = read_flag(object, "IsRetainedExceptOnCreate");
  resource.is_made = read_flag(object, "IsMade");
  resource.existing = {text_of(object, "PhysicalId"), read_part<json::Object>(object, "Attributes"),
                       read_part<json::Object>(object, "Properties")};
  resource.chosen_name = text_of(object, "ChosenName");
  resource.is_unsettled = read_flag(object, "IsUnsettled");
  resource.depends_on = read_texts(object, "DependsOn");
  if (const json::Value* attempted = json::find(object, "Attempted")) {
    if (attempted->is_object()) resource.attempted = attempted->get_object();
  }
  auto& list = read_flag(object, "IsLeftover") ? record.leftovers : record.resources;
  list.push_back(std::move(resource));
  return {};
}

}  // namespace stator::cloudformation
