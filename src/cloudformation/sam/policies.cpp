#include <algorithm>

#include "cloudformation/sam/function.hpp"
#include "cloudformation/sam/managed_policies.hpp"
#include "cloudformation/sam/policy_templates.hpp"

namespace stator::cloudformation::sam {
namespace {

enum class Kind { kManaged, kDocument, kTemplate, kUnknown };

Kind kind_of(const json::Value& policy) {
  if (policy.is_string()) return Kind::kManaged;
  if (!policy.is_object()) return Kind::kUnknown;
  if (const json::Array* items = if_items(policy)) {
    const Kind then = kind_of((*items)[1]), otherwise = kind_of((*items)[2]);
    if (then == otherwise || is_no_value((*items)[2])) return then;
    return is_no_value((*items)[1]) ? otherwise : Kind::kUnknown;
  }
  if (is_intrinsic(policy)) return Kind::kManaged;
  const json::Object& object = policy.get_object();
  if (object.contains("Statement")) return Kind::kDocument;
  const bool is_template = object.size() == 1 && is_policy_template({object.begin()->key().data(),
                                                                     object.begin()->key().size()});
  return is_template ? Kind::kTemplate : Kind::kUnknown;
}

/// `convert` on a policy, or on each branch of an Fn::If that is one.
template <class Convert>
Result<json::Value> each_branch(const json::Value& policy, const Convert& convert) {
  const json::Array* items = if_items(policy);
  if (items == nullptr) return convert(policy);
  json::Array branches = *items;
  for (const std::size_t i : {1U, 2U}) {
    if (is_no_value(branches[i])) continue;
    STATOR_TRY(branches[i], convert(branches[i]));
  }
  return json::Value(json::Object{{"Fn::If", std::move(branches)}});
}

Result<json::Value> document_of(const json::Value& policy) {
  const json::Object& object = policy.get_object();
  if (object.contains("Statement")) return policy;
  const auto& call = *object.begin();
  STATOR_TRY(json::Object document,
             policy_from_template({call.key().data(), call.key().size()}, call.value()));
  return json::Value(std::move(document));
}

Result<void> add_policy(Function& function, const json::Value& policy, std::size_t number) {
  const Kind kind = kind_of(policy);
  if (kind == Kind::kUnknown) {
    const bool is_named = policy.is_object() && policy.get_object().size() == 1;
    return function.resource.invalid_property(
        "Policies", "Policy at index " + std::to_string(number) +
                        " in the 'Policies' property is not valid" +
                        (is_named ? ": " + std::string(policy.get_object().begin()->key()) : ""));
  }
  if (kind == Kind::kManaged) {
    STATOR_TRY(const json::Value arn,
               each_branch(policy, [](const json::Value& one) -> Result<json::Value> {
                 if (!one.is_string()) return one;
                 return json::Value(managed_policy_arn(json::view(one.get_string())));
               }));
    json::Array& list = function.managed_policies;
    if (std::find(list.begin(), list.end(), arn) == list.end()) list.push_back(arn);
    return {};
  }
  const std::string name = function.resource.id() + "RolePolicy" + std::to_string(number);
  const auto named = each_branch(policy, [&](const json::Value& one) -> Result<json::Value> {
    STATOR_TRY(const json::Value document, document_of(one));
    return json::Value(json::Object{{"PolicyName", name}, {"PolicyDocument", document}});
  });
  if (!named) return function.resource.invalid_property("Policies", named.error().message);
  function.inline_policies.push_back(*named);
  return {};
}

}  // namespace

Result<void> collect_policies(Function& function, const Context& context) {
  const Resource& resource = function.resource;
  const auto manage = [&](const char* name) {
    function.managed_policies.push_back(json::Value(managed_policy_arn(name)));
  };
  manage(resource.property("DurableConfig") == nullptr
             ? "AWSLambdaBasicExecutionRole"
             : "AWSLambdaBasicDurableExecutionRolePolicy");
  const json::Value* tracing = resource.property("Tracing");
  if (tracing != nullptr && with_parameters(*tracing, context.values) != json::Value("Disabled")) {
    manage("AWSXrayWriteOnlyAccess");
  }
  if (resource.property("VpcConfig") != nullptr) manage("AWSLambdaVPCAccessExecutionRole");
  if (const json::Value* queue = resource.property("DeadLetterQueue")) {
    const bool is_queue = queue->at("Type") == json::Value("SQS");
    json::Object policy =
        policy_allowing("DeadLetterQueuePolicy", is_queue ? "sqs:SendMessage" : "sns:Publish",
                        queue->at("TargetArn"));
    policy["PolicyDocument"].get_object()["Version"] = "2012-10-17";
    function.inline_policies.insert(function.inline_policies.begin(), std::move(policy));
  }
  const json::Value* policies = resource.property("Policies");
  if (policies == nullptr) return {};
  const json::Array list = policies->is_array() ? policies->get_array() : json::Array{*policies};
  std::size_t number = 0;
  for (const json::Value& policy : list) {
    STATOR_TRY_VOID(add_policy(function, policy, number++));
  }
  return {};
}

Result<json::Object> function_role(const Function& function) {
  const Resource& resource = function.resource;
  json::Object properties;
  const json::Value* trust = resource.property("AssumeRolePolicyDocument");
  properties["AssumeRolePolicyDocument"] =
      trust != nullptr
          ? *trust
          : json::Value(json::Object{
                {"Version", "2012-10-17"},
                {"Statement",
                 json::Array{json::Object{
                     {"Action", json::Array{"sts:AssumeRole"}},
                     {"Effect", "Allow"},
                     {"Principal",
                      json::Object{{"Service", json::Array{"lambda.amazonaws.com"}}}}}}}});
  properties["ManagedPolicyArns"] = function.managed_policies;
  if (!function.inline_policies.empty()) properties["Policies"] = function.inline_policies;
  for (const auto& [from, to] :
       {std::pair("RolePath", "Path"), std::pair("PermissionsBoundary", "PermissionsBoundary")}) {
    if (const json::Value* value = resource.property(from)) properties[to] = *value;
  }
  STATOR_TRY(properties["Tags"], marked_tags(resource));
  return resource.companion("AWS::IAM::Role", std::move(properties));
}

}  // namespace stator::cloudformation::sam
