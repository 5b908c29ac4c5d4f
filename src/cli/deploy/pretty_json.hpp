#pragma once

#include <string>

#include "json/json.hpp"

namespace stator::cli {

/// Indented by two spaces, a member or an item a line, ending with a newline.
[[nodiscard]] std::string pretty_json(const json::Value& value);

}  // namespace stator::cli
