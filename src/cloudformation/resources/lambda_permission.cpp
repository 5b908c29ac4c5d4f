#include "cloudformation/resources/lambda.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
namespace stator::cloudformation::resources {
namespace {

using namespace lambda;

constexpr std::size_t kStatementIdMax = 100;

Result<void> create(ResourceContext& context, const json::Object& properties) {
  json::Object input = picked(properties, {"FunctionName", "Action", "Principal", "SourceArn",
                                           "SourceAccount", "PrincipalOrgID", "EventSourceToken",
                                           "FunctionUrlAuthType", "InvokedViaFunctionUrl"});
  const std::string id = context.generate_name(kStatementIdMax);
  input["StatementId"] = id;
  STATOR_TRY_VOID(context.api.call(kService, "AddPermission", std::move(input)));
  return context.exists({id, {{"Id", id}}, properties});
}

Result<void> remove(ResourceContext& context, const Existing& permission) {
  return gone(context.api.call(kService, "RemovePermission",
                               {{"FunctionName", text_of(permission.properties, "FunctionName")},
                                {"StatementId", permission.physical_id}}));
}

/// Of {"Service": x}, {"AWS": y} or "*" the value. AWS writes an account as its root's ARN.
json::Value principal_of(const json::Object& statement, const json::Object& wanted) {
  const json::Value* principal = json::find(statement, "Principal");
  if (principal == nullptr || !principal->is_object()) {
    return principal == nullptr ? json::Value() : *principal;
  }
  for (const auto& kind : principal->get_object()) {
    const std::string given = text_of(wanted, "Principal");
    if (kind.value() == json::Value("arn:aws:iam::" + given + ":root")) return json::Value(given);
    return kind.value();
  }
  return {};
}

Result<json::Object> read(ResourceContext& context, const Existing& permission) {
  STATOR_TRY(const json::Object statement,
             statement_of(context.api.call(kService, "GetPolicy",
                                           picked(permission.properties, {"FunctionName"})),
                          permission.physical_id));
  const json::Object condition = object_at(statement, "Condition");
  json::Object real = picked(statement, {"Action"});
  real["Principal"] = principal_of(statement, permission.properties);
  merge(real, renamed(object_at(condition, "StringEquals"),
                      {{"AWS:SourceAccount", "SourceAccount"},
                       {"aws:PrincipalOrgID", "PrincipalOrgID"},
                       {"lambda:EventSourceToken", "EventSourceToken"},
                       {"lambda:FunctionUrlAuthType", "FunctionUrlAuthType"}}));
  merge(real, renamed(object_at(condition, "ArnLike"), {{"AWS:SourceArn", "SourceArn"}}));
  merge(real, renamed(object_at(condition, "Bool"),
                      {{"lambda:InvokedViaFunctionUrl", "InvokedViaFunctionUrl"}}));
  return compared(permission.properties, real,
                  {"Action", "Principal", "SourceArn", "SourceAccount", "PrincipalOrgID",
                   "EventSourceToken", "FunctionUrlAuthType"});
}

}  // namespace

ResourceType lambda_permission() {
  constexpr auto kReplace = OnChange::kReplace;
  return {.name = "AWS::Lambda::Permission",
          .properties = {{"FunctionName", true, kReplace},
                         {"Action", true, kReplace},
                         {"Principal", true, kReplace},
                         {"SourceArn", false, kReplace},
                         {"SourceAccount", false, kReplace},
                         {"PrincipalOrgID", false, kReplace},
                         {"EventSourceToken", false, kReplace},
                         {"FunctionUrlAuthType", false, kReplace},
                         {"InvokedViaFunctionUrl", false, kReplace}},
          .attributes = {"Id"},
          .create = create,
          .remove = remove,
          .read = read};
}

}  // namespace stator::cloudformation::resources
