#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/store.hpp"

namespace stator::storage {

/// Joins parts into one key whose byte order is the order of the tuple of parts. A 0x00 inside a
/// part becomes 0x00 0xff and 0x00 0x01 ends each part, so no part can pass for the beginning of a
/// longer one and `path_key({a, b})` is a prefix of `path_key({a, b, c})`.
[[nodiscard]] std::string path_key(std::initializer_list<std::string_view> parts);
void append_part(std::string& key, std::string_view part);

/// The inverse; nothing when the bytes are not such a key.
[[nodiscard]] std::optional<std::vector<std::string>> split_path_key(std::string_view key);

/// Every key that starts with `prefix`.
[[nodiscard]] Range prefix_range(std::string_view prefix);

}  // namespace stator::storage
