#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

/// The runtime identifiers of AWS, and the interpreters of this machine that serve them.
namespace stator::lambda::runtimes {

enum class Family { kProvided, kPython, kNode };

/// What an identifier asks for: python3.12 is {kPython, 12}, nodejs20.x is {kNode, 20}.
struct Wanted {
  Family family = Family::kProvided;
  int version = 0;  ///< minor of Python 3, major of Node.js, 0 for provided
};

/// Without a look at the machine. InvalidParameterValueException in AWS's words for what AWS does
/// not know or no longer takes, and naming it for what stator does not run.
[[nodiscard]] Result<Wanted> parse_identifier(std::string_view identifier);

[[nodiscard]] constexpr bool is_provided(std::string_view identifier) {
  return identifier.starts_with("provided");
}

}  // namespace stator::lambda::runtimes
