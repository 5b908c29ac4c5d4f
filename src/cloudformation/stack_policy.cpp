#include "cloudformation/stack_policy.hpp"

#include <algorithm>
#include <vector>

#include "base/strings.hpp"
#include "cloudformation/errors.hpp"

namespace stator::cloudformation {
namespace {

using Texts = std::vector<std::string>;

/// What an update does to a resource.
struct Deed {
  std::string action;    ///< "Update:Modify"
  std::string resource;  ///< "LogicalResourceId/Table"
  std::string type;
};

struct Condition {
  bool is_negated = false;
  bool is_like = false;
  Texts types;
};

struct Statement {
  bool is_deny = false;
  bool is_not_action = false, is_not_resource = false;
  Texts actions, resources;
  std::vector<Condition> conditions;
};

Error malformed(const std::string& why) {
  return validation_error("Error validating stack policy: " + why);
}

Result<Texts> texts_of(const json::Value& value, const std::string& name) {
  Texts texts;
  const json::Array list = value.is_array() ? value.get_array() : json::Array{value};
  for (const json::Value& item : list) {
    if (!item.is_string()) return malformed(name + " must be a string or a list of strings");
    texts.emplace_back(json::view(item.get_string()));
  }
  if (texts.empty()) return malformed(name + " must not be empty");
  return texts;
}

/// The one of the two members that a statement must have.
Result<Texts> either(const json::Object& object, const std::string& name, bool& is_not) {
  const json::Value* plain = json::find(object, name);
  const json::Value* inverse = json::find(object, "Not" + name);
  if ((plain == nullptr) == (inverse == nullptr)) {
    return malformed("a statement must have either " + name + " or Not" + name);
  }
  is_not = inverse != nullptr;
  return texts_of(is_not ? *inverse : *plain, is_not ? "Not" + name : name);
}

Result<std::vector<Condition>> read_conditions(const json::Object& object) {
  std::vector<Condition> conditions;
  const json::Value* value = json::find(object, "Condition");
  if (value == nullptr) return conditions;
  if (!value->is_object()) return malformed("Condition must be an object");
  for (const auto& member : value->get_object()) {
    const std::string name(member.key());
    Condition condition;
    condition.is_negated = name == "StringNotEquals" || name == "StringNotLike";
    condition.is_like = name == "StringLike" || name == "StringNotLike";
    if (!condition.is_negated && !condition.is_like && name != "StringEquals") {
      return malformed("stator does not support the condition operator " + name);
    }
    const json::Object* keys = member.value().if_object();
    if (keys == nullptr || keys->size() != 1 || json::find(*keys, "ResourceType") == nullptr) {
      return malformed("a condition can ask for ResourceType only");
    }
    STATOR_TRY(condition.types, texts_of(keys->at("ResourceType"), "ResourceType"));
    conditions.push_back(std::move(condition));
  }
  return conditions;
}

Result<Statement> read_statement(const json::Value& value) {
  const json::Object* object = value.if_object();
  if (object == nullptr) return malformed("a statement must be an object");
  for (const auto& member : *object) {
    static constexpr std::string_view kKnown[] = {"Sid",         "Effect",    "Principal",
                                                  "Action",      "NotAction", "Resource",
                                                  "NotResource", "Condition"};
    const std::string_view name(member.key().data(), member.key().size());
    if (std::find(std::begin(kKnown), std::end(kKnown), name) == std::end(kKnown)) {
      return malformed("unknown member " + std::string(name));
    }
  }
  Statement statement;
  const std::string effect = text_of(*object, "Effect");
  if (effect != "Allow" && effect != "Deny") return malformed("Effect must be Allow or Deny");
  statement.is_deny = effect == "Deny";
  const json::Value* principal = json::find(*object, "Principal");
  const bool is_everybody =
      principal != nullptr && (*principal == json::Value("*") ||
                               (principal->is_object() && principal->get_object().size() == 1 &&
                                text_of(principal->get_object(), "AWS") == "*"));
  if (!is_everybody) return malformed("Principal must be \"*\"");
  STATOR_TRY(statement.actions, either(*object, "Action", statement.is_not_action));
  for (std::string& action : statement.actions) {
    if (action != "*" && !to_lower(action).starts_with("update:")) {
      return malformed("unknown action " + action);
    }
    action = to_lower(action);
  }
  STATOR_TRY(statement.resources, either(*object, "Resource", statement.is_not_resource));
  for (const std::string& resource : statement.resources) {
    if (resource != "*" && !resource.starts_with("LogicalResourceId/")) {
      return malformed("a resource must be \"*\" or begin with LogicalResourceId/");
    }
  }
  STATOR_TRY(statement.conditions, read_conditions(*object));
  return statement;
}

Result<std::vector<Statement>> read_policy(std::string_view policy) {
  if (policy.size() > kStackPolicyBytesMax) {
    return malformed("longer than " + std::to_string(kStackPolicyBytesMax) + " bytes");
  }
  const auto parsed = json::parse_object(policy);
  if (!parsed) return malformed("stack policy is not valid JSON: " + parsed.error().message);
  const json::Value* list = json::find(*parsed, "Statement");
  if (list == nullptr) return malformed("Statement is missing");
  const json::Array items = list->is_array() ? list->get_array() : json::Array{*list};
  std::vector<Statement> statements;
  for (const json::Value& item : items) {
    STATOR_TRY(Statement statement, read_statement(item));
    statements.push_back(std::move(statement));
  }
  return statements;
}

bool any_matches(const Texts& patterns, const std::string& text) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return wildcard_match(pattern, text); });
}

bool holds(const Condition& condition, const std::string& type) {
  const bool is_met = condition.is_like ? any_matches(condition.types, type)
                                        : std::find(condition.types.begin(), condition.types.end(),
                                                    type) != condition.types.end();
  return is_met != condition.is_negated;
}

bool applies(const Statement& statement, const Deed& deed) {
  return any_matches(statement.actions, to_lower(deed.action)) != statement.is_not_action &&
         any_matches(statement.resources, deed.resource) != statement.is_not_resource &&
         std::all_of(statement.conditions.begin(), statement.conditions.end(),
                     [&](const Condition& condition) { return holds(condition, deed.type); });
}

Result<void> check(const std::vector<Statement>& statements, const Deed& deed) {
  const std::string denied = " [" + deed.action + "] for resource [" + deed.resource + "]";
  bool is_allowed = false;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (!applies(statements[i], deed)) continue;
    if (statements[i].is_deny) {
      return validation_error("Action denied by stack policy: Statement [#" +
                              std::to_string(i + 1) + "] does not allow" + denied);
    }
    is_allowed = true;
  }
  if (is_allowed) return {};
  return validation_error("Action not allowed by stack policy: no statement allows" + denied);
}

}  // namespace

Result<void> check_stack_policy(std::string_view policy) {
  STATOR_TRY_VOID(read_policy(policy));
  return {};
}

Result<void> check_allowed(std::string_view policy, const UpdatePlan& plan,
                           const StackRecord& record) {
  if (policy.empty()) return {};
  STATOR_TRY(const std::vector<Statement> statements, read_policy(policy));
  for (const Step& step : plan.steps) {
    if (step.action != Action::kUpdate && step.action != Action::kReplace) continue;
    const char* action = step.action == Action::kReplace ? "Update:Replace" : "Update:Modify";
    STATOR_TRY_VOID(check(statements, {action, "LogicalResourceId/" + step.resource->logical_id,
                                       step.resource->type}));
  }
  for (const std::string& id : plan.removed) {
    const ResourceRecord* resource = record.find(id);
    if (resource == nullptr) continue;
    STATOR_TRY_VOID(
        check(statements, {"Update:Delete", "LogicalResourceId/" + id, resource->type}));
  }
  return {};
}

}  // namespace stator::cloudformation
