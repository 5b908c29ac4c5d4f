#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "dynamodb/value.hpp"

namespace stator::dynamodb::expr {

using Names = std::vector<std::pair<std::string, std::string>>;

/// ExpressionAttributeNames and ExpressionAttributeValues of a request, and which of them its
/// expressions have used so far. Both arguments outlive it.
class Placeholders {
 public:
  /// Both outlive this.
  Placeholders(const Names& names, const Map& values) : names_(names), values_(values) {}
  Placeholders(Names&&, const Map&) = delete;

  /// The name behind "#n", or AWS's error for one that is not defined.
  [[nodiscard]] Result<std::string> name(std::string_view placeholder);
  [[nodiscard]] Result<const Value*> value(std::string_view placeholder);

  /// After the last expression: AWS refuses a request that defines what it does not use.
  [[nodiscard]] Result<void> check_all_used() const;

 private:
  const Names& names_;
  const Map& values_;
  std::set<std::string, std::less<>> used_;
};

}  // namespace stator::dynamodb::expr
