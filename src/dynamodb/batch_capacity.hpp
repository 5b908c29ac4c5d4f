#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dynamodb/joint_write.hpp"

namespace stator::dynamodb {

/// ConsumedCapacity of a request that takes several tables: one entry for each of them, in the
/// order in which they were first mentioned.
class CapacityTally {
 public:
  /// A batch counts plain units; a transaction also says which kind they are, and each of its
  /// actions costs twice: once to prepare, once to commit.
  enum class Kind { kPlain, kTransactRead, kTransactWrite };
  explicit CapacityTally(Kind kind) : kind_(kind) {}

  void add(std::string_view table_name, double units);
  /// Appends `"ConsumedCapacity":[...]` when `requested` is TOTAL or INDEXES, and says whether it
  /// did.
  bool append(std::string& out, const std::optional<std::string>& requested) const;

 private:
  Kind kind_;
  std::vector<std::pair<std::string, double>> units_;
};

/// Units of one write in a batch.
[[nodiscard]] double write_units(const ItemChange& change);

}  // namespace stator::dynamodb
