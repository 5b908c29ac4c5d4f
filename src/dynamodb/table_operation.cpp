#include "dynamodb/table_operation.hpp"

#include <algorithm>

#include "dynamodb/errors.hpp"
#include "dynamodb/needs.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::size_t kTagKeyMax = 128;
constexpr std::size_t kTagValueMax = 256;

Result<TableRef> read_ref(const aws::Call& call, const aws::Input& input, bool is_by_arn) {
  const std::string_view member = is_by_arn ? "ResourceArn" : "TableName";
  STATOR_TRY(const auto name, input.text(member));
  if (is_by_arn && table_name_of(*name) == *name) {
    return validation("Invalid TableArn: Invalid ResourceArn provided as input " + *name);
  }
  return TableRef::of(call, *name);
}

/// Members that AWS has and this operation does not take.
Result<void> check_members(const aws::Input& input, const std::vector<std::string_view>& known) {
  for (const auto& member : input.members()) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return not_supported("The parameter " + std::string(name));
  }
  return {};
}

}  // namespace

Result<void> check_model(const aws::Input& input, std::span<const Rule> rules) {
  STATOR_TRY_VOID(check_types(input.members(), rules));
  return check_constraints(input.members(), rules);
}

aws::Operation modelled_operation(std::string name, aws::Operation::JsonNeeds needs,
                                  aws::Operation::JsonHandler handle) {
  const auto judge = [rules = model_of(name), needs = std::move(needs)](
                         const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY_VOID(check_model(input, rules));
    return needs(call, input);
  };
  return aws::Operation::json(std::move(name), aws::ByName{}, judge, std::move(handle));
}

aws::Operation table_operation(
    const Tables& tables, std::string name, std::initializer_list<std::string_view> known,
    std::function<Result<json::Object>(const TableRef&, const aws::Input&)> handle) {
  const std::vector<std::string_view> members(known);
  const bool is_by_arn = std::find(members.begin(), members.end(), "ResourceArn") != members.end();
  const auto needs = [&tables, name, is_by_arn](const aws::Call& call,
                                                const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto ref, read_ref(call, input, is_by_arn));
    aws::Needs wanted{table_need(name, ref, TableRequestScope{tables, input})};
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-create-table.html
    if (input.has("ResourcePolicy")) {
      wanted.push_back(table_need("PutResourcePolicy", ref, TableRequestScope{tables, input}));
    }
    return wanted;
  };
  const auto run = [members, is_by_arn, handle = std::move(handle)](
                       aws::Call& call, const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(check_members(input, members));
    STATOR_TRY(const auto ref, read_ref(call, input, is_by_arn));
    return handle(ref, input);
  };
  return modelled_operation(std::move(name), needs, run);
}

Result<std::map<std::string, std::string>> read_tags(const aws::Input& input,
                                                     std::string_view member) {
  std::map<std::string, std::string> tags;
  STATOR_TRY(const auto array, input.array(member));
  if (array == nullptr) return tags;
  for (const json::Value& element : *array) {
    const aws::Input tag = input.nested(element.as_object());
    STATOR_TRY(const auto key, tag.required_text("Key"));
    STATOR_TRY(const auto value, tag.text("Value"));
    if (key.size() > kTagKeyMax || value.value_or("").size() > kTagValueMax) {
      return validation("A tag's key has at most 128 and its value at most 256 characters: " + key);
    }
    if (key.starts_with("aws:")) {
      return validation("One or more tag keys specified are reserved: " + key);
    }
    if (!tags.emplace(key, value.value_or("")).second) {
      return validation("One or more tag keys are given twice: " + key);
    }
  }
  return tags;
}

}  // namespace stator::dynamodb
