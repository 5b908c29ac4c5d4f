#include "aws/arn.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/principals.hpp"
#include "iam/simulation.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

/// Each action with each resource is one evaluation; more than these are refused.
constexpr std::size_t kEvaluationsMax = 10'000;

Result<std::vector<NamedPolicy>> read_policies(const aws::Input& input, std::string_view member) {
  STATOR_TRY(const auto documents, input.text_list(member));
  std::vector<NamedPolicy> policies;
  for (const auto& document : documents) {
    auto policy = Policy::parse(document, PolicyKind::kInline);
    if (!policy) return invalid_input(policy.error().message);
    policies.push_back(
        {std::string(member) + "." + std::to_string(policies.size() + 1), *std::move(policy)});
  }
  return policies;
}

Result<void> read_context(const aws::Input& input, GivenContext& context) {
  STATOR_TRY(const auto* entries, input.array("ContextEntries"));
  if (entries == nullptr) return {};
  for (const auto& entry : *entries) {
    if (!entry.is_object()) return constraint_error("ContextEntries", "Member must not be null");
    const auto members = input.nested(entry.get_object());
    STATOR_TRY_VOID(members.allow_only({"ContextKeyName", "ContextKeyValues", "ContextKeyType"}));
    STATOR_TRY(const auto name, members.text("ContextKeyName"));
    STATOR_TRY(auto values, members.text_list("ContextKeyValues"));
    if (!name) return constraint_error("ContextEntries", "Member must not be null");
    context.set(*name, std::move(values));
  }
  return {};
}

/// "arn:aws:iam::ACCOUNT:user/path/NAME" taken apart.
struct Source {
  EntityKind kind;
  std::string account;
  std::string name;
};
std::optional<Source> source_of(std::string_view arn) {
  Access::Segments segments;
  if (!split_arn(arn, segments) || segments[1] != "iam") return std::nullopt;
  for (const auto kind : {EntityKind::kUser, EntityKind::kRole, EntityKind::kGroup}) {
    const auto prefix = std::string(facts_of(kind).type) + "/";
    if (!segments[4].starts_with(prefix)) continue;
    return Source{kind, std::string(segments[3]),
                  std::string(segments[4].substr(segments[4].rfind('/') + 1))};
  }
  return std::nullopt;
}

void set_caller(Simulation& simulation, const std::string& arn) {
  const auto source = source_of(arn);
  if (!source || source->kind == EntityKind::kGroup) return;
  simulation.caller_arn = arn;
  if (source->kind == EntityKind::kRole) simulation.caller_role_arn = arn;
  simulation.caller_account = source->account;
}

/// The members that both operations have.
Result<void> read_common(const aws::Input& input, Simulation& simulation) {
  if (input.has("ResourceHandlingOption")) {
    return unsupported("ResourceHandlingOption is not supported: it is for EC2");
  }
  STATOR_TRY(auto policies, read_policies(input, "PolicyInputList"));
  for (auto& policy : policies) simulation.policies.push_back(std::move(policy));
  STATOR_TRY(auto boundary, read_policies(input, "PermissionsBoundaryPolicyInputList"));
  if (boundary.size() > 1) {
    return invalid_input("Only one policy can be in PermissionsBoundaryPolicyInputList.");
  }
  if (!boundary.empty()) simulation.boundary = std::move(boundary);
  STATOR_TRY_VOID(read_context(input, simulation.context));
  STATOR_TRY(const auto caller, input.text("CallerArn"));
  if (caller) set_caller(simulation, *caller);
  STATOR_TRY(const auto owner, input.text("ResourceOwner"));
  Access::Segments segments;
  if (owner) {
    simulation.resource_owner = split_arn(*owner, segments) ? std::string(segments[3]) : *owner;
  }
  STATOR_TRY(const auto resource_policy, input.text("ResourcePolicy"));
  if (!resource_policy) return {};
  if (simulation.caller_arn.empty()) {
    return invalid_input("A CallerArn of a user or role must go with a ResourcePolicy.");
  }
  auto policy = Policy::parse(*resource_policy, PolicyKind::kResource);
  if (!policy) return invalid_input(policy.error().message);
  simulation.resource_policy = *std::move(policy);
  return {};
}

Result<json::Object> run(const aws::Input& input, const Simulation& simulation) {
  STATOR_TRY(const auto actions, input.text_list("ActionNames"));
  STATOR_TRY(auto resources, input.text_list("ResourceArns"));
  if (actions.empty()) return constraint_error("ActionNames", "Member must not be null");
  if (resources.empty()) resources.emplace_back("*");
  if (actions.size() * resources.size() > kEvaluationsMax) {
    return invalid_input("Too many evaluations: at most " + std::to_string(kEvaluationsMax) +
                         " pairs of an action and a resource are simulated at once.");
  }
  PageItems items;
  for (const auto& action : actions) {
    if (action.find(':') == std::string::npos) {
      return invalid_input("Invalid action name: " + action);
    }
    for (const auto& resource : resources) {
      auto place = std::to_string(items.size());
      place.insert(0, 5 - std::min<std::size_t>(place.size(), 5), '0');
      items.emplace_back(std::move(place), simulate(simulation, action, resource));
    }
  }
  return page_of(input, "EvaluationResults", std::move(items));
}

/// The permission to look at a principal's policies.
aws::Operation::JsonNeeds source_needs(std::string action) {
  return [action = std::move(action)](const aws::Call&,
                                      const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto arn, input.text("PolicySourceArn"));
    return aws::Needs{{action, arn.value_or("")}};
  };
}

/// Puts the principal of PolicySourceArn and what it has into the simulation.
Result<void> read_source(Identity& identity, const aws::Call& call, const aws::Input& input,
                         Simulation& simulation) {
  STATOR_TRY(const auto arn, input.text("PolicySourceArn"));
  if (!arn) return constraint_error("PolicySourceArn", "Member must not be null");
  const auto source = source_of(*arn);
  if (!source)
    return invalid_input("Invalid Entity Arn: " + *arn +
                         " does not clearly define entity type and name.");
  Principals principals(identity.records());
  STATOR_TRY(const auto entity, principals.find(source->account, source->kind, source->name));
  if (!entity || entity->arn != *arn || source->account != call.account) {
    return no_such_entity_named(source->kind, source->name);
  }
  simulation.policies = entity->policies;
  simulation.boundary = entity->boundary;
  simulation.caller_account = source->account;
  set_caller(simulation, *arn);
  if (source->kind == EntityKind::kGroup) return {};
  simulation.context.set("aws:PrincipalArn", {*arn});
  simulation.context.set("aws:PrincipalAccount", {source->account});
  if (source->kind == EntityKind::kUser) simulation.context.set("aws:username", {source->name});
  for (const auto& tag : entity->tags) {
    simulation.context.set("aws:PrincipalTag/" + tag.key, {tag.value});
  }
  return {};
}

json::Object keys_answer(const std::vector<NamedPolicy>& policies) {
  json::Array names;
  for (const auto& key : context_keys_of(policies)) names.emplace_back(key);
  return {{"ContextKeyNames", std::move(names)}};
}

}  // namespace

aws::Operation simulate_custom_policy(Identity&) {
  return aws::Operation::json(
      "SimulateCustomPolicy", aws::ByName{}, account_needs("iam:SimulateCustomPolicy"),
      [](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"PolicyInputList", "PermissionsBoundaryPolicyInputList",
                                          "ActionNames", "ResourceArns", "ResourcePolicy",
                                          "ResourceOwner", "CallerArn", "ContextEntries",
                                          "ResourceHandlingOption", "MaxItems", "Marker"}));
        Simulation simulation;
        simulation.caller_account = call.account;
        STATOR_TRY_VOID(read_common(input, simulation));
        return run(input, simulation);
      });
}

/// With the principal's own policies, those of its groups and its boundary; policies and keys that
/// are given come on top, a boundary in place of its own.
aws::Operation simulate_principal_policy(Identity& identity) {
  return aws::Operation::json(
      "SimulatePrincipalPolicy", aws::ByName{}, source_needs("iam:SimulatePrincipalPolicy"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only(
            {"PolicySourceArn", "PolicyInputList", "PermissionsBoundaryPolicyInputList",
             "ActionNames", "ResourceArns", "ResourcePolicy", "ResourceOwner", "CallerArn",
             "ContextEntries", "ResourceHandlingOption", "MaxItems", "Marker"}));
        Simulation simulation;
        STATOR_TRY_VOID(read_source(identity, call, input, simulation));
        STATOR_TRY_VOID(read_common(input, simulation));
        return run(input, simulation);
      });
}

aws::Operation get_context_keys_for_custom_policy() {
  return aws::Operation::json("GetContextKeysForCustomPolicy", aws::ByName{},
                              account_needs("iam:GetContextKeysForCustomPolicy"),
                              [](aws::Call&, const aws::Input& input) -> Result<json::Object> {
                                STATOR_TRY_VOID(input.allow_only({"PolicyInputList"}));
                                STATOR_TRY(const auto policies,
                                           read_policies(input, "PolicyInputList"));
                                return keys_answer(policies);
                              });
}

aws::Operation get_context_keys_for_principal_policy(Identity& identity) {
  return aws::Operation::json(
      "GetContextKeysForPrincipalPolicy", aws::ByName{},
      source_needs("iam:GetContextKeysForPrincipalPolicy"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"PolicySourceArn", "PolicyInputList"}));
        Simulation simulation;
        STATOR_TRY_VOID(read_source(identity, call, input, simulation));
        STATOR_TRY(auto more, read_policies(input, "PolicyInputList"));
        for (auto& policy : more) simulation.policies.push_back(std::move(policy));
        return keys_answer(simulation.policies);
      });
}

}  // namespace stator::iam::ops
