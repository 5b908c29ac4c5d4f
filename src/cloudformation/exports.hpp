#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cloudformation/stack_store.hpp"

namespace stator::cloudformation {

/// A value that a stack offers to the others of its account and region.
struct Export {
  std::string name;
  std::string value;
  std::string stack_id;
};

/// Sorted by name.
[[nodiscard]] Result<std::vector<Export>> list_exports(const StackStore& stacks,
                                                       std::string_view account,
                                                       std::string_view region);
/// ValidationError "No export named X found."
[[nodiscard]] Result<std::string> find_export(const StackStore& stacks, std::string_view account,
                                              std::string_view region, std::string_view name);
/// The names of the stacks whose templates read it, sorted.
[[nodiscard]] Result<std::vector<std::string>> list_imports(const StackStore& stacks,
                                                            std::string_view account,
                                                            std::string_view region,
                                                            std::string_view name);

/// Whether the stack may have these outputs instead of its own: none of them exports what another
/// stack exports already, and no export that another stack reads goes or changes. ValidationError
/// in AWS's words.
[[nodiscard]] Result<void> check_exports(const StackStore& stacks, const StackRecord& record,
                                         const json::Array& outputs);

}  // namespace stator::cloudformation
