#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "aws/operation.hpp"
#include "dynamodb/rules.hpp"
#include "dynamodb/table.hpp"

namespace stator::dynamodb {

class Tables;

/// The control-plane operation `name` on the table that its member TableName names (or, where the
/// operation has no such member, ResourceArn): needs dynamodb:<name> on it, and takes the members
/// in `known` and no others.
[[nodiscard]] aws::Operation table_operation(
    const Tables& tables, std::string name, std::initializer_list<std::string_view> known,
    std::function<Result<json::Object>(const TableRef&, const aws::Input&)> handle);

/// The control-plane operation `name`; the service model judges its requests before `needs` and
/// `handle` see them.
[[nodiscard]] aws::Operation modelled_operation(std::string name, aws::Operation::JsonNeeds needs,
                                                aws::Operation::JsonHandler handle);

/// What the service model says of a request: SerializationException for what is of the wrong type,
/// then every broken constraint together. `rules` come from model_of().
[[nodiscard]] Result<void> check_model(const aws::Input& input, std::span<const Rule> rules);

/// Tags as a request carries them, checked against AWS's rules for keys and values.
[[nodiscard]] Result<std::map<std::string, std::string>> read_tags(const aws::Input& input,
                                                                   std::string_view member);

/// AWS's bound on the tags of a resource.
inline constexpr std::size_t kTagsMax = 50;

}  // namespace stator::dynamodb
