#include "base/strings.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

json::Object answer_of(std::string_view account, const Entity& entity) {
  if (entity.kind == EntityKind::kRole) return role_answer(account, entity, Detail::kListed);
  if (entity.kind == EntityKind::kUser) return user_answer(account, entity, Detail::kListed);
  return group_answer(account, entity);
}

}  // namespace

/// ListRoles, ListUsers, ListGroups.
aws::Operation list_entities(Identity& identity, EntityKind kind) {
  const auto& facts = facts_of(kind);
  const std::string plural = std::string(facts.title) + "s";
  return aws::Operation::json(
      "List" + plural, aws::ByName{},
      list_needs("iam:List" + plural, std::string(facts.type) + "/"),
      [&identity, kind, plural](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"PathPrefix", "Marker", "MaxItems"}));
        STATOR_TRY(const auto prefix, input.text("PathPrefix"));
        STATOR_TRY(const auto entities, identity.records().list_entities(call.account, kind));
        PageItems items;
        for (const auto& entity : entities) {
          if (prefix && !entity.path.starts_with(*prefix)) continue;
          items.emplace_back(to_lower(entity.name), answer_of(call.account, entity));
        }
        return page_of(input, plural, std::move(items));
      });
}

}  // namespace stator::iam::ops
