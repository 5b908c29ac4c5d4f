#include "cloudformation/drift.hpp"

#include "cloudformation/change_set_changes.hpp"
#include "cloudformation/errors.hpp"
#include "storage/key.hpp"

namespace stator::cloudformation {
namespace {

using storage::Family;
using storage::path_key;

constexpr std::string_view kService = "cloudformation";
constexpr std::string_view kKind = "drift";

/// What the API does not tell is taken as the template says it.
json::Object completed(const json::Object& expected, const json::Object& read) {
  json::Object actual = expected;
  for (const auto& member : read) {
    if (member.value().is_null()) {
      actual.erase(member.key());
    } else {
      actual[member.key()] = member.value();
    }
  }
  return actual;
}

json::Array differences(const json::Object& expected, const json::Object& actual,
                        const Veil& veil) {
  const json::Value shown_before = veiled_properties(expected, veil.declared, veil.hidden);
  const json::Value shown_after = veiled_properties(actual, veil.declared, veil.hidden);
  json::Array list;
  const auto add = [&](const std::string& path, const json::Value* before,
                       const json::Value* after) {
    list.push_back(
        json::Object{{"PropertyPath", path},
                     {"ExpectedValue", before == nullptr ? "null" : shown_value(*before)},
                     {"ActualValue", after == nullptr ? "null" : shown_value(*after)},
                     {"DifferenceType", before == nullptr  ? "ADD"
                                        : after == nullptr ? "REMOVE"
                                                           : "NOT_EQUAL"}});
  };
  visit_differences(&shown_before, &shown_after, add);
  if (!list.empty()) return list;
  // Only what is veiled differs: where, but not what.
  for (const auto& member : expected) {
    const json::Value* now = actual.if_contains(member.key());
    if (now != nullptr && *now == member.value()) continue;
    const json::Value veil_text("****");
    add("/" + std::string(member.key()), &veil_text, &veil_text);
  }
  return list;
}

}  // namespace

std::string StackDrift::status() const {
  return json::find_string(detection, "StackDriftStatus").value_or("NOT_CHECKED");
}

json::Object StackDrift::information() const {
  json::Object information{{"StackDriftStatus", status()}};
  if (const json::Value* time = json::find(detection, "Timestamp")) {
    information["LastCheckTimestamp"] = *time;
  }
  return information;
}

json::Object StackDrift::information(std::string_view logical_id) const {
  const json::Value* found = json::find(resources, logical_id);
  if (found == nullptr || !found->is_object()) return {{"StackResourceDriftStatus", "NOT_CHECKED"}};
  const json::Object& resource = found->get_object();
  return {{"StackResourceDriftStatus", text_of(resource, "StackResourceDriftStatus")},
          {"LastCheckTimestamp", text_of(resource, "Timestamp")}};
}

json::Object compare(ResourceContext& context, const ResourceRecord& resource, const Veil& veil) {
  json::Object found{{"StackId", context.stack_id},
                     {"LogicalResourceId", resource.logical_id},
                     {"PhysicalResourceId", resource.existing.physical_id},
                     {"ResourceType", resource.type}};
  const ResourceType* type = find_resource_type(resource.type);
  if (type == nullptr || type->read == nullptr || !resource.is_made) {
    found["StackResourceDriftStatus"] = "NOT_CHECKED";
    return found;
  }
  const json::Object& expected = resource.existing.properties;
  const auto read = type->read(context, resource.existing);
  if (!read) {
    const bool is_gone = read.error().code == ErrorCode::kNotFound;
    found["StackResourceDriftStatus"] = is_gone ? "DELETED" : "UNKNOWN";
    if (!is_gone) found["DriftStatusReason"] = read.error().message;
    found["ExpectedProperties"] =
        json::dump(veiled_properties(expected, veil.declared, veil.hidden));
    return found;
  }
  const json::Object actual = completed(expected, *read);
  json::Array list;
  if (actual != expected) list = differences(expected, actual, veil);
  found["StackResourceDriftStatus"] = list.empty() ? "IN_SYNC" : "MODIFIED";
  found["ExpectedProperties"] = json::dump(veiled_properties(expected, veil.declared, veil.hidden));
  found["ActualProperties"] = json::dump(veiled_properties(actual, veil.declared, veil.hidden));
  found["PropertyDifferences"] = std::move(list);
  return found;
}

std::string drift_key(const StackIdentity& stack, std::string_view uuid) {
  return path_key({stack.account, stack.region, kService, kKind, uuid});
}

Result<StackDrift> DriftStore::load(const StackIdentity& stack, std::string_view uuid) const {
  STATOR_TRY(const auto text, store_.get(Family::kMeta, drift_key(stack, uuid)));
  if (!text) return StackDrift();
  const auto kept = json::parse_object(*text);
  if (!kept) return internal("a drift's record is damaged: " + kept.error().message);
  const auto part = [&](std::string_view name) {
    const json::Value* value = json::find(*kept, name);
    return value != nullptr && value->is_object() ? value->get_object() : json::Object();
  };
  return StackDrift{part("Detection"), part("Resources")};
}

Result<void> DriftStore::save(const StackIdentity& stack, std::string_view uuid,
                              const StackDrift& drift) {
  storage::Batch batch;
  batch.put(
      Family::kMeta, drift_key(stack, uuid),
      json::dump(json::Object{{"Detection", drift.detection}, {"Resources", drift.resources}}));
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  return {};
}

Result<StackDrift> DriftStore::find(std::string_view account, std::string_view region,
                                    std::string_view detection_id) const {
  const auto it = store_.iterate(
      Family::kMeta, storage::prefix_range(path_key({account, region, kService, kKind})));
  for (it->seek_first(); it->valid(); it->next()) {
    const auto parts = storage::split_path_key(it->key());
    if (!parts || parts->size() != 5) continue;
    const StackIdentity stack{"", "", std::string(account), std::string(region)};
    STATOR_TRY(StackDrift drift, load(stack, parts->back()));
    if (text_of(drift.detection, "StackDriftDetectionId") == detection_id) return drift;
  }
  STATOR_TRY_VOID(it->status());
  return validation_error("Drift detection " + std::string(detection_id) + " does not exist");
}

}  // namespace stator::cloudformation
