#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "iam/compiled.hpp"
#include "iam/records.hpp"
#include "iam/sharded_cache.hpp"

namespace stator::iam {

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
  [[nodiscard]] Result<NamedPolicy> compile_managed(std::string_view account,
                                                    const std::string& arn) const;
  [[nodiscard]] Result<void> add_policies(std::string_view account, const Entity& entity,
                                          std::vector<NamedPolicy>& policies) const;

  const Records& records_;
  ShardedCache<CompiledEntity> cache_;
};

}  // namespace stator::iam
