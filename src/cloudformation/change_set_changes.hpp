#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cloudformation/stack_record.hpp"
#include "cloudformation/update_plan.hpp"
#include "json/json.hpp"

namespace stator::cloudformation {

/// Where two values differ: the path below them ("/Variables/TABLE", "/0/Key", "" for the whole)
/// and what stands there, nothing where it is absent.
using VisitDifference = std::function<void(const std::string& path, const json::Value* before,
                                           const json::Value* after)>;
/// Objects are compared member by member and arrays item by item; null stands for absent.
void visit_differences(const json::Value* before, const json::Value* after,
                       const VisitDifference& visit);

/// A value as BeforeValue and PropertyDifferences show it: texts as they are, others as JSON.
[[nodiscard]] std::string shown_value(const json::Value& value);

/// What DescribeChangeSet says of a plan: the resources in the order in which they change, the
/// removed ones last. `tags` are the stack's as they will be, which its resources bear.
[[nodiscard]] json::Array describe_changes(const UpdatePlan& plan, const StackRecord& record,
                                           const json::Array& tags);

/// The same without the properties' values, for callers who do not ask for them.
[[nodiscard]] json::Array without_values(json::Array changes);

}  // namespace stator::cloudformation
