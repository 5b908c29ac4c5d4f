#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::json {

/// As parse(), for documents that were made here and may nest deeper than requests do: items of
/// DynamoDB, whose every level is two of JSON.
[[nodiscard]] Result<Value> parse_deep(std::string_view text, std::size_t depth_max = 128);

}  // namespace stator::json
