#include "cloudformation/resources/resources.hpp"

namespace stator::cloudformation::resources {
namespace {

constexpr std::string_view kService = "lambda";
constexpr std::size_t kStatementIdMax = 100;

Result<void> create(ResourceContext& context, const json::Object& properties) {
  json::Object input =
      picked(properties, {"FunctionName", "Action", "Principal", "SourceArn", "SourceAccount",
                          "PrincipalOrgID", "EventSourceToken", "FunctionUrlAuthType"});
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
                         {"FunctionUrlAuthType", false, kReplace}},
          .attributes = {"Id"},
          .create = create,
          .remove = remove};
}

}  // namespace stator::cloudformation::resources
