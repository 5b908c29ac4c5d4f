#include <map>

#include "cloudformation/resources/dynamodb_table.hpp"
#include "cloudformation/resources/shared.hpp"

namespace stator::cloudformation::resources {
namespace {

/// A member of a nested object as text; "" when either is absent.
std::string nested_text(const json::Object& properties, std::string_view outer,
                        std::string_view inner) {
  const json::Value* value = json::find(properties, outer);
  return value != nullptr && value->is_object() ? text_of(value->get_object(), inner) : "";
}

bool nested_flag(const json::Object& properties, std::string_view outer, std::string_view inner) {
  const json::Value* value = json::find(properties, outer);
  if (value == nullptr || !value->is_object()) return false;
  const json::Value* flag = json::find(value->get_object(), inner);
  if (flag == nullptr) return false;
  return flag->is_bool() ? flag->get_bool() : json::dump(*flag) == "\"true\"";
}

Result<void> update(ResourceContext& context, json::Object input, const std::string& name) {
  input["TableName"] = name;
  STATOR_TRY_VOID(context.api.call(kDynamoDb, "UpdateTable", std::move(input)));
  return wait_until_active(context, name);
}

/// The attribute that items expire by; "" when they do not.
std::string expiry_attribute(const json::Object& properties) {
  return nested_flag(properties, "TimeToLiveSpecification", "Enabled")
             ? nested_text(properties, "TimeToLiveSpecification", "AttributeName")
             : "";
}

Result<void> switch_expiry(ResourceContext& context, const std::string& name,
                           const std::string& attribute, bool is_on) {
  json::Object specification{{"AttributeName", attribute}, {"Enabled", is_on}};
  STATOR_TRY_VOID(context.api.call(
      kDynamoDb, "UpdateTimeToLive",
      {{"TableName", name}, {"TimeToLiveSpecification", std::move(specification)}}));
  return {};
}

using Indexes = std::map<std::string, json::Object>;

Indexes indexes_of(const json::Object& properties) {
  Indexes indexes;
  const json::Value* list = json::find(properties, "GlobalSecondaryIndexes");
  if (list == nullptr || !list->is_array()) return indexes;
  for (const json::Value& index : list->get_array()) {
    if (index.is_object()) indexes[text_of(index.get_object(), "IndexName")] = index.get_object();
  }
  return indexes;
}

/// Whether the two are one index, apart from its throughput.
bool is_same_index(const json::Object& a, const json::Object& b) {
  return !differs(a, b, "KeySchema") && !differs(a, b, "Projection");
}

Result<void> update_indexes(ResourceContext& context, const std::string& name,
                            const json::Object& before, const json::Object& after) {
  const Indexes old = indexes_of(before);
  const Indexes wanted = indexes_of(after);
  const auto change = [&](std::string_view action, json::Object index) {
    json::Object step;
    step[boost::json::string_view(action.data(), action.size())] = std::move(index);
    json::Object input = picked(after, {"AttributeDefinitions"});
    input["GlobalSecondaryIndexUpdates"] = json::Array{std::move(step)};
    return update(context, std::move(input), name);
  };
  for (const auto& [index, definition] : old) {
    const auto kept = wanted.find(index);
    if (kept != wanted.end() && is_same_index(definition, kept->second)) continue;
    STATOR_TRY_VOID(change("Delete", {{"IndexName", index}}));
  }
  for (const auto& [index, definition] : wanted) {
    const auto kept = old.find(index);
    if (kept == old.end() || !is_same_index(definition, kept->second)) {
      STATOR_TRY_VOID(change("Create", definition));
      continue;
    }
    // The three kinds of units cannot be changed in one request.
    for (const std::string_view units :
         {"ProvisionedThroughput", "OnDemandThroughput", "WarmThroughput"}) {
      if (!differs(kept->second, definition, units) || !definition.contains(units)) continue;
      STATOR_TRY_VOID(change("Update", picked(definition, {"IndexName", units})));
    }
  }
  return {};
}

/// Provisioned tables have provisioned indexes, so both change in one request.
json::Array index_units(const json::Object& before, const json::Object& after) {
  json::Array updates;
  const Indexes old = indexes_of(before);
  for (const auto& [index, definition] : indexes_of(after)) {
    if (!old.contains(index) || !definition.contains("ProvisionedThroughput")) continue;
    updates.push_back(
        json::Object{{"Update", picked(definition, {"IndexName", "ProvisionedThroughput"})}});
  }
  return updates;
}

Result<void> update_billing(ResourceContext& context, const std::string& name,
                            const json::Object& before, const json::Object& after) {
  if (!differs(before, after, {"BillingMode", "ProvisionedThroughput", "OnDemandThroughput"})) {
    return {};
  }
  json::Object input{{"BillingMode", "PROVISIONED"}};
  merge(input, picked(after, {"BillingMode"}));
  if (text_of(input, "BillingMode") == "PROVISIONED") {
    merge(input, picked(after, {"ProvisionedThroughput"}));
    json::Array units = index_units(before, after);
    if (differs(before, after, "BillingMode") && !units.empty()) {
      input["GlobalSecondaryIndexUpdates"] = std::move(units);
    }
  } else if (differs(before, after, "OnDemandThroughput")) {
    // -1 takes a limit away.
    json::Object limits{{"MaxReadRequestUnits", -1}, {"MaxWriteRequestUnits", -1}};
    merge(limits, object_at(after, "OnDemandThroughput"));
    input["OnDemandThroughput"] = std::move(limits);
  }
  return update(context, std::move(input), name);
}

/// What UpdateTable takes one at a time; taken away it goes back to the default.
Result<void> update_settings(ResourceContext& context, const std::string& name,
                             const json::Object& before, const json::Object& after) {
  STATOR_TRY_VOID(update_billing(context, name, before, after));
  const std::pair<std::string_view, json::Value> kSettings[] = {
      {"DeletionProtectionEnabled", false},
      {"TableClass", "STANDARD"},
      {"SSESpecification", json::Object{{"Enabled", false}}}};
  for (const auto& [setting, initial] : kSettings) {
    if (!differs(before, after, setting)) continue;
    json::Object input;
    const json::Value* wanted = json::find(after, setting);
    input[setting] = wanted == nullptr ? initial : *wanted;
    if (setting == "SSESpecification" && wanted != nullptr) input[setting] = sse_input(after);
    STATOR_TRY_VOID(update(context, std::move(input), name));
  }
  if (!differs(before, after, "WarmThroughput") || !after.contains("WarmThroughput")) return {};
  return update(context, picked(after, {"WarmThroughput"}), name);
}

/// A stream's view never changes: the old stream ends and another begins.
Result<void> update_stream(ResourceContext& context, const std::string& name,
                           const json::Object& before, const json::Object& after) {
  if (stream_input(before) == stream_input(after)) return {};
  if (stream_input(before)) {
    STATOR_TRY_VOID(
        update(context, {{"StreamSpecification", json::Object{{"StreamEnabled", false}}}}, name));
  }
  const auto wanted = stream_input(after);
  return wanted ? update(context, {{"StreamSpecification", *wanted}}, name) : Result<void>();
}

Result<void> update_tags(ResourceContext& context, const Existing& table,
                         const json::Object& properties) {
  TagChange change = tag_change(context, table, properties);
  const std::string arn = text_of(table.attributes, "Arn");
  if (!change.dropped.empty()) {
    STATOR_TRY_VOID(
        context.api.call(kDynamoDb, "UntagResource",
                         {{"ResourceArn", arn}, {"TagKeys", std::move(change.dropped)}}));
  }
  if (change.set.empty()) return {};
  STATOR_TRY_VOID(context.api.call(kDynamoDb, "TagResource",
                                   {{"ResourceArn", arn}, {"Tags", tag_list(change.set)}}));
  return {};
}

/// ResourcePolicy.PolicyDocument as text; "" for none.
std::string policy_of(const json::Object* properties) {
  const json::Value* policy =
      properties != nullptr ? json::find(*properties, "ResourcePolicy") : nullptr;
  if (policy == nullptr || !policy->is_object()) return "";
  const json::Value* document = json::find(policy->get_object(), "PolicyDocument");
  return document != nullptr ? json::dump(*document) : "";
}

Result<void> set_policy(ResourceContext& context, const std::string& arn, const std::string& before,
                        const std::string& after) {
  if (arn.empty() || before == after) return {};
  if (after.empty()) {
    return gone(context.api.call(kDynamoDb, "DeleteResourcePolicy", {{"ResourceArn", arn}}));
  }
  STATOR_TRY_VOID(
      context.api.call(kDynamoDb, "PutResourcePolicy", {{"ResourceArn", arn}, {"Policy", after}}));
  return {};
}

const json::Object* stream_of(const json::Object& properties) {
  const json::Value* stream = json::find(properties, "StreamSpecification");
  return stream != nullptr ? stream->if_object() : nullptr;
}

}  // namespace

Result<void> set_policies(ResourceContext& context, const json::Object& description,
                          const json::Object& before, const json::Object& after) {
  STATOR_TRY_VOID(
      set_policy(context, text_of(description, "TableArn"), policy_of(&before), policy_of(&after)));
  const bool is_same_stream = stream_input(before) == stream_input(after);
  if (stream_of(after) == nullptr) return {};
  return set_policy(context, text_of(description, "LatestStreamArn"),
                    is_same_stream ? policy_of(stream_of(before)) : "",
                    policy_of(stream_of(after)));
}

Result<void> set_time_to_live(ResourceContext& context, const std::string& name,
                              const json::Object& before, const json::Object& after) {
  const std::string old = expiry_attribute(before);
  const std::string wanted = expiry_attribute(after);
  if (old == wanted) return {};
  if (!old.empty()) STATOR_TRY_VOID(switch_expiry(context, name, old, false));
  return wanted.empty() ? Result<void>() : switch_expiry(context, name, wanted, true);
}

Result<void> set_recovery(ResourceContext& context, const std::string& name,
                          const json::Object& before, const json::Object& after) {
  constexpr std::string_view kSpecification = "PointInTimeRecoverySpecification";
  if (!differs(before, after, kSpecification)) return {};
  json::Object wanted{{"PointInTimeRecoveryEnabled",
                       nested_flag(after, kSpecification, "PointInTimeRecoveryEnabled")}};
  const json::Value* given = json::find(after, kSpecification);
  if (given != nullptr && given->is_object()) wanted = given->get_object();
  STATOR_TRY_VOID(context.api.call(
      kDynamoDb, "UpdateContinuousBackups",
      {{"TableName", name}, {"PointInTimeRecoverySpecification", std::move(wanted)}}));
  return {};
}

Result<void> update_table(ResourceContext& context, const Existing& table,
                          const json::Object& properties) {
  const std::string& name = table.physical_id;
  const json::Object& before = table.properties;
  STATOR_TRY_VOID(update_settings(context, name, before, properties));
  STATOR_TRY_VOID(update_indexes(context, name, before, properties));
  STATOR_TRY_VOID(update_stream(context, name, before, properties));
  STATOR_TRY_VOID(set_time_to_live(context, name, before, properties));
  STATOR_TRY_VOID(set_recovery(context, name, before, properties));
  STATOR_TRY_VOID(update_tags(context, table, properties));
  STATOR_TRY(const json::Object now, describe_table(context, name));
  STATOR_TRY_VOID(set_policies(context, now, before, properties));
  return context.exists({name, table_attributes(now), properties});
}

}  // namespace stator::cloudformation::resources
