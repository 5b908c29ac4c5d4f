#pragma once

#include <map>
#include <string>

#include "base/result.hpp"
#include "lambda/record.hpp"
#include "sandbox/sandbox.hpp"

/// What a function may use of the machine: by its configuration, its tags and the server's options.
namespace stator::lambda {

/// The tag by which a function has a network of its own choice: none, internet or host.
inline constexpr const char* kNetworkTag = "stator:network";

/// What holds for functions that do not say otherwise.
struct Confinement {
  sandbox::Network network = sandbox::Network::kNone;
  bool is_cpu_capped = false;  ///< the share of the processor is also the most it gets
};

/// The function's network; kInvalid for a tag with another value, which check_network_tag() keeps
/// from being stored.
[[nodiscard]] Result<sandbox::Network> network_of(const FunctionRecord& function,
                                                  const Confinement& confinement);
/// InvalidParameterValueException for a network tag that names none.
[[nodiscard]] Result<void> check_network_tag(const std::map<std::string, std::string>& tags);
/// The network tag's value, "" without one.
[[nodiscard]] std::string network_tag(const FunctionRecord& function);

/// Memory, /tmp, processor and network of a sandbox for the function.
[[nodiscard]] Result<void> confine(const FunctionRecord& function, const Confinement& confinement,
                                   sandbox::Spec& spec);

}  // namespace stator::lambda
