#pragma once

#include <string>

#include "base/result.hpp"
#include "sandbox/sandbox.hpp"

/// Which confinement this machine allows.
namespace stator::sandbox {

/// Brings the launcher into the namespaces it works from: a mount namespace of its own and, without
/// the privileges of root, a user namespace in which it has them. An error says what is forbidden.
[[nodiscard]] Result<Isolation> enter_launcher_namespaces();

/// What to change on this machine so that namespaces work, from what the kernel's switches say.
[[nodiscard]] std::string namespace_advice();

}  // namespace stator::sandbox
