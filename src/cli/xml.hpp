#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::cli {

/// The children of the XML document's root as JSON: an element with only text is a string, one
/// whose children are all `<member>` is an array, any other is an object; attributes are dropped.
[[nodiscard]] Result<json::Object> read_xml(std::string_view text);

}  // namespace stator::cli
