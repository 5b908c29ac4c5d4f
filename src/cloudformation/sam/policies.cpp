#include <array>

#include "cloudformation/sam/context.hpp"

namespace stator::cloudformation::sam {
namespace {

constexpr std::string_view kManagedPrefix = "arn:aws:iam::aws:policy/";
constexpr std::string_view kVersion = "2012-10-17";

/// SAM's policy templates for one table: the actions that each grants.
/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
struct TablePolicy {
  std::string_view name;
  std::array<std::string_view, 9> actions;
};
constexpr std::array kTablePolicies = {
    TablePolicy{"DynamoDBCrudPolicy",
                {"GetItem", "DeleteItem", "PutItem", "Scan", "Query", "UpdateItem",
                 "BatchWriteItem", "BatchGetItem", "DescribeTable"}},
    TablePolicy{"DynamoDBReadPolicy",
                {"GetItem", "Scan", "Query", "BatchGetItem", "DescribeTable"}},
    TablePolicy{"DynamoDBWritePolicy", {"PutItem", "UpdateItem", "BatchWriteItem"}},
};

json::Array table_actions(const TablePolicy& policy) {
  json::Array actions;
  for (const std::string_view action : policy.actions) {
    if (!action.empty()) actions.push_back(json::Value("dynamodb:" + std::string(action)));
  }
  return actions;
}

json::Value table_arn(const json::Value& table, std::string_view suffix) {
  return json::Object{
      {"Fn::Sub",
       json::Array{"arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/"
                   "${tableName}" +
                       std::string(suffix),
                   json::Object{{"tableName", table}}}}};
}

/// The statements of a policy template such as {"DynamoDBCrudPolicy": {"TableName": …}}.
Result<json::Object> from_template(const Resource& function, const json::Object& policy) {
  const std::string name(json::String(policy.begin()->key()));
  for (const TablePolicy& known : kTablePolicies) {
    if (name != known.name) continue;
    const json::Value& parameters = policy.begin()->value();
    const json::Value* table =
        parameters.is_object() ? parameters.get_object().if_contains("TableName") : nullptr;
    if (table == nullptr) {
      return invalid_resource(function.id(),
                              "Must specify valid parameter values for policy "
                              "template '" +
                                  name + "'");
    }
    return json::Object{
        {"Statement",
         json::Array{json::Object{
             {"Effect", "Allow"},
             {"Action", table_actions(known)},
             {"Resource", json::Array{table_arn(*table, ""), table_arn(*table, "/index/*")}}}}}};
  }
  return invalid_resource(function.id(),
                          "Policy template '" + name + "' is not supported by stator.");
}

/// What Policies adds to the role.
struct RolePolicies {
  json::Array managed;
  json::Array inlined;
};

Result<void> add_policy(const Resource& function, const json::Value& policy, std::size_t number,
                        RolePolicies& into) {
  if (policy.is_string()) {
    const std::string_view name = json::view(policy.get_string());
    into.managed.push_back(json::Value(name.starts_with("arn:")
                                           ? std::string(name)
                                           : std::string(kManagedPrefix) + std::string(name)));
    return {};
  }
  if (!policy.is_object() || policy.get_object().empty()) {
    return invalid_resource(function.id(), "Policies holds what is no policy.");
  }
  json::Object document = policy.get_object();
  const json::Value* statement = json::find(document, "Statement");
  if (statement == nullptr) {
    const std::string_view key(document.begin()->key().data(), document.begin()->key().size());
    if (key == "Ref" || key.starts_with("Fn::")) {
      into.managed.push_back(policy);
      return {};
    }
    STATOR_TRY(document, from_template(function, policy.get_object()));
  } else if (!statement->is_array()) {
    document["Statement"] = json::Array{*statement};
  }
  if (!document.contains("Version")) document["Version"] = std::string(kVersion);
  into.inlined.push_back(
      json::Object{{"PolicyName", function.id() + "RolePolicy" + std::to_string(number)},
                   {"PolicyDocument", std::move(document)}});
  return {};
}

}  // namespace

Result<json::Object> function_role(const Resource& function) {
  RolePolicies policies;
  policies.managed.push_back(
      json::Value(std::string(kManagedPrefix) + "service-role/AWSLambdaBasicExecutionRole"));
  if (has_dynamodb_event(function)) {
    policies.managed.push_back(
        json::Value(std::string(kManagedPrefix) + "service-role/AWSLambdaDynamoDBExecutionRole"));
  }
  if (const json::Value* given = function.property("Policies")) {
    if (given->is_array()) {
      std::size_t number = 0;
      for (const json::Value& policy : given->get_array()) {
        STATOR_TRY_VOID(add_policy(function, policy, number++, policies));
      }
    } else {
      STATOR_TRY_VOID(add_policy(function, *given, 0, policies));
    }
  }
  STATOR_TRY(json::Array tags, tag_list(function, "lambda:createdBy"));
  json::Object properties{
      {"AssumeRolePolicyDocument",
       json::Object{
           {"Version", std::string(kVersion)},
           {"Statement",
            json::Array{json::Object{
                {"Action", json::Array{"sts:AssumeRole"}},
                {"Effect", "Allow"},
                {"Principal", json::Object{{"Service", json::Array{"lambda.amazonaws.com"}}}}}}}}},
      {"ManagedPolicyArns", std::move(policies.managed)}};
  if (!policies.inlined.empty()) properties["Policies"] = std::move(policies.inlined);
  properties["Tags"] = std::move(tags);

  return function.companion("AWS::IAM::Role", std::move(properties));
}

}  // namespace stator::cloudformation::sam
