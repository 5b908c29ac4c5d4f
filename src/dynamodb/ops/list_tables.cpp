#include "dynamodb/ops/operations.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::int64_t kLimitMax = 100;

Result<json::Object> handle(const Tables& tables, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto start, input.text("ExclusiveStartTableName"));
  STATOR_TRY(const auto limit, input.integer("Limit"));
  const auto count = static_cast<std::size_t>(limit.value_or(kLimitMax));
  // One more than asked for tells whether there are more.
  auto names = tables.names({call.account, call.region, start.value_or("")}, count + 1);
  const bool has_more = names.size() > count;
  if (has_more) names.pop_back();
  json::Object answer{{"TableNames", json::Array(names.begin(), names.end())}};
  if (has_more) answer["LastEvaluatedTableName"] = names.back();
  return answer;
}

}  // namespace

aws::Operation list_tables(Tables& tables) {
  return modelled_operation(
      "ListTables",
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"dynamodb:ListTables", "*"}};
      },
      [&tables](aws::Call& call, const aws::Input& input) { return handle(tables, call, input); });
}

}  // namespace stator::dynamodb
