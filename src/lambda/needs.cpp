#include "lambda/needs.hpp"

#include "aws/tag_keys.hpp"

namespace stator::lambda {
namespace {

std::vector<std::string> texts_of(const aws::Input& input, std::string_view member) {
  std::vector<std::string> texts;
  const json::Value* value = json::find(input.members(), member);
  if (value == nullptr) return texts;
  if (value->is_string()) texts.emplace_back(json::view(value->get_string()));
  if (!value->is_array()) return texts;
  for (const json::Value& element : value->get_array()) {
    if (element.is_string()) texts.emplace_back(json::view(element.get_string()));
  }
  return texts;
}

void add_member(const aws::Input& input, std::string_view member, std::string_view key,
                aws::ConditionKeys& keys) {
  auto values = texts_of(input, member);
  if (!values.empty()) keys.push_back({std::string(key), std::move(values)});
}

}  // namespace

aws::Permission invoke_need(const FunctionReference& reference, const FunctionRecord* latest,
                            std::shared_ptr<const aws::ResourcePolicy> policy) {
  aws::Permission need{"lambda:InvokeFunction", reference.qualified_arn()};
  if (latest == nullptr) return need;
  need.resource_policy = std::move(policy);
  need.keys = [latest] {
    aws::ConditionKeys keys;
    aws::append_resource_tags(latest->tags, keys);
    return keys;
  };
  return need;
}

aws::Permission function_need(std::string action, const FunctionReference& reference,
                              std::shared_ptr<const FunctionRecord> record,
                              const aws::Input& input) {
  aws::Permission need{std::move(action), reference.arn()};
  if (record) need.resource_policy = record->compiled_policy;
  need.keys = [record = std::move(record), &input] {
    aws::ConditionKeys keys;
    if (record) aws::append_resource_tags(record->tags, keys);
    aws::append_request_tags(input, "Tags", "TagKeys", keys);
    add_member(input, "Layers", "lambda:Layer", keys);
    add_member(input, "Principal", "lambda:Principal", keys);
    add_member(input, "FunctionUrlAuthType", "lambda:FunctionUrlAuthType", keys);
    return keys;
  };
  return need;
}

aws::Permission pass_role_need(const std::string& role_arn, const std::string& function_arn) {
  aws::Permission need{"iam:PassRole", role_arn};
  need.keys = [function_arn] {
    return aws::ConditionKeys{{"iam:PassedToService", {"lambda.amazonaws.com"}},
                              {"iam:AssociatedResourceArn", {function_arn}}};
  };
  return need;
}

}  // namespace stator::lambda
