#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace stator::aws {

/// An Amazon Resource Name: arn:partition:service:region:account:resource. The resource may hold
/// further colons and slashes.
struct Arn {
  std::string partition = "aws";
  std::string service;
  std::string region;
  std::string account;
  std::string resource;

  [[nodiscard]] std::string to_string() const;
  /// kInvalid unless there are six parts and the first is "arn".
  [[nodiscard]] static Result<Arn> parse(std::string_view text);
  bool operator==(const Arn&) const = default;
};

/// "arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE"
[[nodiscard]] std::string make_arn(std::string_view service, std::string_view region,
                                   std::string_view account, std::string_view resource);

}  // namespace stator::aws
