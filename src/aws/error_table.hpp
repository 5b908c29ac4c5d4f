#pragma once

#include <string>

#include "aws/operation.hpp"
#include "base/error.hpp"

namespace stator::aws {

/// How a service names an error on the wire, without any namespace prefix, and the HTTP status.
struct WireError {
  std::string name;
  int status = 400;
};

/// The name is the error's own AWS type where it has one, else the protocol's usual name for its
/// code. Errors of authentication, authorization and parsing carry the json protocols' names; the
/// XML protocols spell them differently, and this is the place that knows.
[[nodiscard]] WireError wire_error(const Service& service, const Error& error);

}  // namespace stator::aws
