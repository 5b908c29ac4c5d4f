#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dynamodb/capacity.hpp"

namespace stator::dynamodb {

/// ConsumedCapacity of a request that takes several tables: one entry for each of them, in the
/// order in which they were first mentioned.
class CapacityTally {
 public:
  /// A batch counts plain units; a transaction also says which kind they are, and each of its
  /// actions costs twice: once to prepare, once to commit.
  enum class Kind { kPlain, kTransactRead, kTransactWrite };
  explicit CapacityTally(Kind kind) : kind_(kind) {}

  void add(std::string_view table_name, ConsumedCapacity consumed);
  void add(std::string_view table_name, double units) { add(table_name, ConsumedCapacity{units}); }
  /// Appends `"ConsumedCapacity":[...]` when `requested` is TOTAL or INDEXES, and says whether it
  /// did.
  bool append(std::string& out, const std::optional<std::string>& requested) const;

 private:
  Kind kind_;
  std::vector<std::pair<std::string, ConsumedCapacity>> consumed_;
};

}  // namespace stator::dynamodb
