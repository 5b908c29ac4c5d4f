#pragma once

#include "json/json.hpp"

namespace stator::cli {

/// What CreateTable takes to make the table that DescribeTable's `Table` tells of: keys, indexes,
/// billing, stream and deletion protection. Expiry, tags, recovery and policies have operations of
/// their own and are not in it.
[[nodiscard]] json::Object creation_of(const json::Object& table);

}  // namespace stator::cli
