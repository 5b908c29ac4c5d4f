#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace stator::json {

/// The line, from 1 on, where a template (YAML or JSON) has what `path` leads to: member names, and
/// numbers from 0 on for items of lists. A number does not lead deeper where there is no list,
/// since IAM takes one statement as a list of one. Where the path ends early (in an Fn::If, say)
/// the line is that of the last step that exists; nothing when the first does not, or for text that
/// is no template.
[[nodiscard]] std::optional<std::size_t> line_of(std::string_view text,
                                                 std::span<const std::string> path);

}  // namespace stator::json
