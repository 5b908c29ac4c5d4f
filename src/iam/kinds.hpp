#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

/// The kinds of things that IAM keeps by name, and the words and quotas that come with each.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
namespace stator::iam {

enum class EntityKind : std::uint8_t { kRole, kUser, kGroup, kInstanceProfile };
inline constexpr EntityKind kEntityKinds[] = {EntityKind::kRole, EntityKind::kUser,
                                              EntityKind::kGroup, EntityKind::kInstanceProfile};

struct KindFacts {
  std::string_view type;       ///< "role": in ARNs and in the store
  std::string_view title;      ///< "Role", as in PutRolePolicy
  std::string_view member;     ///< "RoleName"
  std::string_view id_prefix;  ///< "AROA"
  std::size_t name_max;
  std::size_t count_max;  ///< in an account
  std::string_view quota;
  std::size_t inline_bytes_max;  ///< of all inline policies together
};
[[nodiscard]] const KindFacts& facts_of(EntityKind kind);

/// "The role with name X cannot be found."
[[nodiscard]] Error no_such_entity_named(EntityKind kind, std::string_view name);
/// "Role with name X already exists."
[[nodiscard]] Error name_is_taken(EntityKind kind, std::string_view name);

}  // namespace stator::iam
