#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace stator::dynamodb {

/// The second step of AWS's checks: what the service model says of each member. All violations are
/// gathered and reported together ("2 validation errors detected: Value ...; Value ...").
class Constraints {
 public:
  /// "Value 'value' at 'path' failed to satisfy constraint: what"
  void add(std::string_view value, std::string_view path, std::string_view what);
  /// "Value null at 'path' failed to satisfy constraint: Member must not be null"
  void add_missing(std::string_view path);

  /// Whether nothing more would be listed.
  [[nodiscard]] bool is_full() const;
  /// The gathered error. At most ten violations are listed, as on AWS.
  [[nodiscard]] Result<void> verdict() const;

 private:
  std::vector<std::string> violations_;
};

}  // namespace stator::dynamodb
