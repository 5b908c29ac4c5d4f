#include "cloudformation/resources/resources.hpp"

namespace stator::cloudformation::resources {
namespace {

constexpr std::string_view kService = "dynamodb";
constexpr std::size_t kNameMax = 255;

/// The status in DescribeTable's answer; "" when the table is not there.
Result<std::string> status(ResourceContext& context, const std::string& name) {
  const auto answer = context.api.call(kService, "DescribeTable", {{"TableName", name}});
  if (!answer) {
    if (answer.error().code == ErrorCode::kNotFound) return std::string();
    return answer.error();
  }
  const json::Value* table = json::find(*answer, "Table");
  if (table == nullptr || !table->is_object()) return internal("DescribeTable gave no Table");
  return text_of(table->get_object(), "TableStatus");
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  json::Object input = properties;
  std::string name = text_of(properties, "TableName");
  if (name.empty()) name = context.generate_name(kNameMax);
  input["TableName"] = name;
  STATOR_TRY(const json::Object made, context.api.call(kService, "CreateTable", std::move(input)));
  const json::Value* table = json::find(made, "TableDescription");
  if (table == nullptr || !table->is_object()) {
    return internal("CreateTable gave no TableDescription");
  }
  STATOR_TRY_VOID(
      context.exists({name, {{"Arn", text_of(table->get_object(), "TableArn")}}, properties}));
  return wait_until(context, [&]() -> Result<bool> {
    STATOR_TRY(const std::string now, status(context, name));
    return now == "ACTIVE";
  });
}

Result<void> remove(ResourceContext& context, const Existing& table) {
  const std::string& name = table.physical_id;
  STATOR_TRY_VOID(gone(context.api.call(kService, "DeleteTable", {{"TableName", name}})));
  return wait_until(context, [&]() -> Result<bool> {
    STATOR_TRY(const std::string now, status(context, name));
    return now.empty();
  });
}

}  // namespace

ResourceType dynamodb_table() {
  return {.name = "AWS::DynamoDB::Table",
          .properties = {{"KeySchema", true},
                         {"AttributeDefinitions", true},
                         {"TableName"},
                         {"BillingMode"},
                         {"ProvisionedThroughput"},
                         {"GlobalSecondaryIndexes"},
                         {"LocalSecondaryIndexes"},
                         {"DeletionProtectionEnabled"},
                         {"Tags"}},
          .attributes = {"Arn"},
          .create = create,
          .remove = remove};
}

}  // namespace stator::cloudformation::resources
