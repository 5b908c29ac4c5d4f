#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace stator::cloudformation {

/// Steps into a template: member names, and numbers for items of lists.
using Place = std::vector<std::string>;

/// `error` with the place in the template that it is about, in its detail, until with_line() turns
/// that into a line. An error that has its place keeps it.
[[nodiscard]] Error at_place(Error error, const Place& place);

/// `error` whose message ends in " (line 12)" where it has a place and `text`, the template as it
/// was given, has that place or what is around it.
[[nodiscard]] Error with_line(Error error, std::string_view text);

}  // namespace stator::cloudformation
