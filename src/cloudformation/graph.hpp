#pragma once

#include <vector>

#include "base/result.hpp"
#include "cloudformation/template.hpp"

namespace stator::cloudformation {

/// The resources that are to be made, each after all it depends on (by reference or DependsOn) and
/// otherwise in the template's order. ValidationError naming the resources of a cycle.
[[nodiscard]] Result<std::vector<const Declaration*>> creation_order(
    const std::vector<const Declaration*>& resources);

}  // namespace stator::cloudformation
