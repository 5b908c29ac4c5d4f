#include "dynamodb/expr/placeholders.hpp"

#include <algorithm>

#include "dynamodb/errors.hpp"

namespace stator::dynamodb::expr {

Result<std::string> Placeholders::name(std::string_view placeholder) {
  const auto found = std::find_if(names_.begin(), names_.end(),
                                  [&](const auto& entry) { return entry.first == placeholder; });
  if (found == names_.end()) {
    return validation(
        "An expression attribute name used in the document path is not defined; attribute name: " +
        std::string(placeholder));
  }
  used_.emplace(placeholder);
  return found->second;
}

Result<const Value*> Placeholders::value(std::string_view placeholder) {
  const Value* found = values_.find(placeholder);
  if (found == nullptr) {
    return validation(
        "An expression attribute value used in expression is not defined; attribute value: " +
        std::string(placeholder));
  }
  used_.emplace(placeholder);
  return found;
}

Result<void> Placeholders::check_all_used() const {
  const auto refuse_unused = [&](const auto& entries, std::string_view kind) -> Result<void> {
    std::string unused;
    for (const auto& entry : entries) {
      if (used_.contains(entry.first)) continue;
      if (!unused.empty()) unused.append(", ");
      unused.append(entry.first);
    }
    if (unused.empty()) return {};
    return validation("Value provided in " + std::string(kind) + " unused in expressions: keys: {" +
                      unused + "}");
  };
  STATOR_TRY_VOID(refuse_unused(names_, "ExpressionAttributeNames"));
  return refuse_unused(values_, "ExpressionAttributeValues");
}

}  // namespace stator::dynamodb::expr
