#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// What AWS says of Lambda's runtimes that this machine does not show.
namespace stator::cli {

struct RuntimeFacts {
  std::string_view identifier;
  /// Days as 20260102, so that they compare: deprecated, no function may be made, none updated.
  std::uint32_t deprecated, create_blocked, update_blocked;
  int glibc_minor;  ///< of 2.x, of the Linux that it runs on
};

/// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
[[nodiscard]] std::span<const RuntimeFacts> runtime_facts();

/// Null for an identifier that is not one of Python, Node.js or provided.
[[nodiscard]] const RuntimeFacts* find_runtime(std::string_view identifier);

}  // namespace stator::cli
