#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cloudformation/functions.hpp"
#include "cloudformation/parameters.hpp"
#include "cloudformation/template.hpp"

namespace stator::cloudformation {

using Capabilities = std::set<std::string, std::less<>>;

/// A template made ready for one stack and found free of faults that can be known beforehand: the
/// transform applied, parameters and conditions settled, every type, property, attribute and
/// function supported, every reference resolved, no cycle.
struct Blueprint {
  json::Object expanded;  ///< the template after the transform
  Template body;
  Scope scope;                            ///< without resource lookup
  std::vector<const Declaration*> order;  ///< what is to be made, in order; points into `body`
};

struct BlueprintInput {
  std::string template_body;
  GivenParameters parameters;
  Capabilities capabilities;
  StackIdentity stack;
  Outside outside = {};
  json::Array notification_arns = {};
};

/// ValidationError naming resource, property and line, or InsufficientCapabilitiesException.
/// Nothing is made or stored.
[[nodiscard]] Result<std::unique_ptr<Blueprint>> make_blueprint(const BlueprintInput& input);

/// Capabilities that the template needs, and a sentence why ("" for none).
struct NeededCapabilities {
  std::vector<std::string> names;
  std::string reason;
};
[[nodiscard]] NeededCapabilities needed_capabilities(const Template& body, bool is_transformed);

}  // namespace stator::cloudformation
