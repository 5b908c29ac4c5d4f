#include "cloudformation/change_set_changes.hpp"

#include <algorithm>

#include "cloudformation/resource_steps.hpp"

namespace stator::cloudformation {
namespace {

std::string name_of(const json::Object::value_type& member) {
  return {member.key().data(), member.key().size()};
}

const char* source_name(ChangeSource source) {
  switch (source) {
    case ChangeSource::kParameterReference:
      return "ParameterReference";
    case ChangeSource::kResourceReference:
      return "ResourceReference";
    case ChangeSource::kResourceAttribute:
      return "ResourceAttribute";
    case ChangeSource::kDirectModification:
      break;
  }
  return "DirectModification";
}

/// {"Properties": …} as BeforeContext and AfterContext carry it.
std::string context_of(const json::Object& properties) {
  return json::dump(json::Object{{"Properties", properties}});
}

json::Object target_of(const PropertyChange& change, const std::string& path,
                       const json::Value* before, const json::Value* after) {
  json::Object target{
      {"Attribute", "Properties"},
      {"Name", change.name},
      {"RequiresRecreation", change.on_change == OnChange::kReplace ? "Always" : "Never"},
      {"Path", "/Properties/" + change.name + path},
      {"AttributeChangeType", before == nullptr  ? "Add"
                              : after == nullptr ? "Remove"
                                                 : "Modify"}};
  if (before != nullptr) target["BeforeValue"] = shown_value(*before);
  if (after != nullptr) target["AfterValue"] = shown_value(*after);
  return target;
}

/// One detail for each place that differs and each cause.
void add_details(const PropertyChange& change, json::Array& details) {
  const auto add = [&](const std::string& path, const json::Value* before,
                       const json::Value* after) {
    const bool is_known =
        after == nullptr || shown_value(*after).find(kKnownAfterApply) == std::string::npos;
    for (const Cause& cause : change.causes) {
      json::Object detail{{"Target", target_of(change, path, before, after)},
                          {"Evaluation", is_known ? "Static" : "Dynamic"},
                          {"ChangeSource", source_name(cause.source)}};
      if (!cause.entity.empty()) detail["CausingEntity"] = cause.entity;
      details.push_back(std::move(detail));
    }
  };
  const json::Value* before = change.before ? &*change.before : nullptr;
  const json::Value* after = change.after ? &*change.after : nullptr;
  const std::size_t count = details.size();
  visit_differences(before, after, add);
  // Both sides veiled look alike, and yet they differ.
  if (details.size() == count) add("", before, after);
}

/// "Conditional" when only values that may turn out to be the old ones ask for a replacement.
const char* replacement_of(const Step& step) {
  if (step.action != Action::kReplace) return "False";
  return std::any_of(step.changes.begin(), step.changes.end(),
                     [](const PropertyChange& change) {
                       return change.on_change == OnChange::kReplace && !change.is_dynamic;
                     })
             ? "True"
             : "Conditional";
}

json::Object change_of(const char* action, const std::string& logical_id, const std::string& type) {
  return {{"Action", action},
          {"LogicalResourceId", logical_id},
          {"ResourceType", type},
          {"Scope", json::Array()},
          {"Details", json::Array()}};
}

json::Object wrapped(json::Object change) {
  return {{"Type", "Resource"}, {"ResourceChange", std::move(change)}};
}

json::Object addition(const Step& step) {
  json::Object change = change_of("Add", step.resource->logical_id, step.resource->type);
  change["AfterContext"] = context_of(step.properties);
  return change;
}

/// The stack's tags change, and with them those of a resource that bears them.
json::Object tags_detail() {
  return {{"Target", json::Object{{"Attribute", "Tags"}, {"RequiresRecreation", "Never"}}},
          {"Evaluation", "Static"},
          {"ChangeSource", "DirectModification"}};
}

json::Object modification(const Step& step, bool is_tagged, const UpdatePlan& plan,
                          const StackRecord& record) {
  const std::string& id = step.resource->logical_id;
  json::Object change = change_of("Modify", id, step.resource->type);
  change["PhysicalResourceId"] = record.find(id)->existing.physical_id;
  change["Replacement"] = replacement_of(step);
  if (step.action == Action::kReplace) {
    change["PolicyAction"] =
        step.resource->is_retained_when_replaced ? "ReplaceAndRetain" : "ReplaceAndDelete";
  }
  json::Array scope, details;
  if (!step.changes.empty()) scope.push_back("Properties");
  if (is_tagged) scope.push_back("Tags");
  change["Scope"] = std::move(scope);
  for (const PropertyChange& property : step.changes) add_details(property, details);
  if (is_tagged) details.push_back(tags_detail());
  change["Details"] = std::move(details);
  const auto before = plan.before.find(id);
  if (before != plan.before.end()) change["BeforeContext"] = context_of(before->second);
  change["AfterContext"] = context_of(step.properties);
  return change;
}

json::Object removal(const std::string& id, const UpdatePlan& plan, const ResourceRecord& old) {
  json::Object change = change_of("Remove", id, old.type);
  change["PhysicalResourceId"] = old.existing.physical_id;
  change["PolicyAction"] = old.is_retained ? "Retain" : "Delete";
  const auto before = plan.before.find(id);
  if (before != plan.before.end()) change["BeforeContext"] = context_of(before->second);
  return change;
}

}  // namespace

void visit_differences(const json::Value* before, const json::Value* after,
                       const VisitDifference& visit) {
  if (before == nullptr || after == nullptr) {
    if (before != after) visit("", before, after);
    return;
  }
  if (*before == *after) return;
  const auto below = [&](const std::string& name, const json::Value* old, const json::Value* now) {
    visit_differences(old, now,
                      [&](const std::string& path, const json::Value* b, const json::Value* a) {
                        visit("/" + name + path, b, a);
                      });
  };
  if (before->is_object() && after->is_object()) {
    const json::Object &olds = before->get_object(), &news = after->get_object();
    for (const auto& member : olds) {
      below(name_of(member), &member.value(), json::find(news, name_of(member)));
    }
    for (const auto& member : news) {
      if (json::find(olds, name_of(member)) == nullptr) {
        below(name_of(member), nullptr, &member.value());
      }
    }
    return;
  }
  if (before->is_array() && after->is_array()) {
    const json::Array &olds = before->get_array(), &news = after->get_array();
    for (std::size_t i = 0; i < std::max(olds.size(), news.size()); ++i) {
      below(std::to_string(i), i < olds.size() ? &olds[i] : nullptr,
            i < news.size() ? &news[i] : nullptr);
    }
    return;
  }
  visit("", before, after);
}

std::string shown_value(const json::Value& value) {
  return value.is_string() ? std::string(json::view(value.get_string())) : json::dump(value);
}

json::Array describe_changes(const UpdatePlan& plan, const StackRecord& record,
                             const json::Array& tags) {
  json::Array changes;
  const bool has_other_tags = tags != record.tags;
  for (const Step& step : plan.steps) {
    if (step.action == Action::kAdd) {
      changes.push_back(wrapped(addition(step)));
      continue;
    }
    const bool is_tagged =
        has_other_tags && bears_stack_tags(*find_resource_type(step.resource->type));
    if (step.action == Action::kKeep && !is_tagged) continue;
    changes.push_back(wrapped(modification(step, is_tagged, plan, record)));
  }
  for (const std::string& id : plan.removed) {
    const ResourceRecord* old = record.find(id);
    if (old != nullptr) changes.push_back(wrapped(removal(id, plan, *old)));
  }
  return changes;
}

json::Array without_values(json::Array changes) {
  for (json::Value& entry : changes) {
    json::Object& change = entry.get_object()["ResourceChange"].get_object();
    change.erase("BeforeContext");
    change.erase("AfterContext");
    json::Array kept;
    for (json::Value& item : change["Details"].get_array()) {
      json::Object& target = item.get_object()["Target"].get_object();
      for (const char* name : {"Path", "BeforeValue", "AfterValue", "AttributeChangeType"}) {
        target.erase(name);
      }
      // Places of one property look alike without their paths.
      if (std::find(kept.begin(), kept.end(), item) == kept.end()) kept.push_back(std::move(item));
    }
    change["Details"] = std::move(kept);
  }
  return changes;
}

}  // namespace stator::cloudformation
