#pragma once

#include <string_view>

namespace stator::dynamodb::expr {

/// Whether an expression must write this attribute name as #placeholder. Case does not matter.
[[nodiscard]] bool is_reserved(std::string_view word);

}  // namespace stator::dynamodb::expr
