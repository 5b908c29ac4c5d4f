#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace stator {

/// ASCII only, whatever the locale.
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] bool equals_ignore_case(std::string_view a, std::string_view b);
/// Without spaces and tabs at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);
/// The parts between separators; "a,,b" has three, "" has one.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// Matches `*` (any run, empty too) and `?` (one character) in time linear in practice and never
/// worse than pattern times text: one backtrack point, no recursion.
[[nodiscard]] bool wildcard_match(std::string_view pattern, std::string_view text);

}  // namespace stator
