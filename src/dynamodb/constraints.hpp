#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace stator::dynamodb {

/// The second step of AWS's checks: what the service model says of each member. All violations are
/// gathered and reported together ("2 validation errors detected: Value ...; Value ...").
class Constraints {
 public:
  /// `what` ends the sentence "Value 'value' at 'path' failed to satisfy constraint: ".
  void require(bool holds, std::string_view value, std::string_view path, std::string_view what);
  /// "Value null at 'path' failed to satisfy constraint: Member must not be null".
  void require_present(bool is_present, std::string_view path);
  void one_of(const std::optional<std::string>& value, std::string_view path,
              std::initializer_list<std::string_view> allowed);
  void between(std::int64_t value, std::string_view path, std::int64_t low, std::int64_t high);
  /// Present, 3 to 255 of [a-zA-Z0-9_.-]; or an ARN of such a name.
  void table_name(const std::optional<std::string>& name, std::string_view path = "tableName");

  /// Whether nothing more would be listed.
  [[nodiscard]] bool is_full() const;
  /// The gathered error. At most ten violations are listed, as on AWS.
  [[nodiscard]] Result<void> verdict() const;

 private:
  std::vector<std::string> violations_;
};

}  // namespace stator::dynamodb
