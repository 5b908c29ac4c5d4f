#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cloudformation/lanes.hpp"
#include "cloudformation/stack_record.hpp"
#include "cloudformation/template.hpp"

namespace stator::cloudformation {

/// The resources that are to be made, each after all it depends on (by reference or DependsOn) and
/// otherwise in the template's order. ValidationError naming the resources of a cycle.
[[nodiscard]] Result<std::vector<const Declaration*>> creation_order(
    const std::vector<const Declaration*>& resources);

/// What a resource refers to by reference or DependsOn: logical ids, and names of parameters.
[[nodiscard]] std::set<std::string, std::less<>> dependencies(const Declaration& resource);

/// For each of these resources the others that it depends on.
[[nodiscard]] Needs creation_needs(const std::vector<const Declaration*>& resources);
[[nodiscard]] Needs creation_needs(const std::vector<ResourceRecord>& resources);
/// For each of these resources the others that depend on it: they go first.
[[nodiscard]] Needs removal_needs(const std::vector<ResourceRecord>& resources);

}  // namespace stator::cloudformation
