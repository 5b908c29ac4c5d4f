#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "iam/evaluator.hpp"
#include "iam/records.hpp"
#include "iam/sharded_cache.hpp"

namespace stator::iam {

/// A user or role with its policies ready to be matched. Immutable.
struct CompiledEntity {
  std::string id;  ///< AROA... or AIDA...
  std::string arn;
  std::vector<NamedPolicy> policies;
  std::uint64_t generation = 0;
};

/// Compiled users and roles, made at first use and dropped when any record of IAM changes.
class Principals {
 public:
  explicit Principals(const Records& records) : records_(records) {}

  /// Null when there is no such user or role.
  [[nodiscard]] Result<std::shared_ptr<const CompiledEntity>> find(std::string_view account,
                                                                   EntityKind kind,
                                                                   std::string_view name);

 private:
  [[nodiscard]] Result<std::shared_ptr<const CompiledEntity>> compile(std::string_view account,
                                                                      EntityKind kind,
                                                                      std::string_view name) const;

  const Records& records_;
  ShardedCache<CompiledEntity> cache_;
};

}  // namespace stator::iam
