#include "iam/kinds.hpp"

#include "iam/errors.hpp"

namespace stator::iam {
namespace {

constexpr KindFacts kFacts[] = {
    {"role", "Role", "RoleName", "AROA", 64, 1'000, "RolesPerAccount", 10'240},
    {"user", "User", "UserName", "AIDA", 64, 5'000, "UsersPerAccount", 2'048},
    {"group", "Group", "GroupName", "AGPA", 128, 300, "GroupsPerAccount", 5'120},
    {"instance-profile", "InstanceProfile", "InstanceProfileName", "AIPA", 128, 1'000,
     "InstanceProfilesPerAccount", 0},
};

}  // namespace

const KindFacts& facts_of(EntityKind kind) {
  return kFacts[static_cast<std::size_t>(kind)];
}

Error no_such_entity_named(EntityKind kind, std::string_view name) {
  const std::string text(name);
  if (kind == EntityKind::kInstanceProfile) {
    return no_such_entity("Instance Profile " + text + " cannot be found.");
  }
  return no_such_entity("The " + std::string(facts_of(kind).type) + " with name " + text +
                        " cannot be found.");
}

Error name_is_taken(EntityKind kind, std::string_view name) {
  const std::string text(name);
  if (kind == EntityKind::kInstanceProfile) {
    return entity_already_exists("Instance Profile " + text + " already exists.");
  }
  return entity_already_exists(std::string(facts_of(kind).title) + " with name " + text +
                               " already exists.");
}

}  // namespace stator::iam
