#include "base/strings.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

/// UpdateUser, UpdateGroup: another name, another path. The id, keys, policies and memberships
/// stay; both the old and the new ARN must be allowed.
aws::Operation rename_entity(Identity& identity, EntityKind kind) {
  const auto& facts = facts_of(kind);
  const std::string name = "Update" + std::string(facts.title);
  const std::string new_name = "New" + std::string(facts.member);
  return aws::Operation::json(
      name, aws::ByName{}, rename_needs(identity, kind, "iam:" + name),
      [&identity, kind, new_name](aws::Call& call,
                                  const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({facts_of(kind).member, new_name, "NewPath"}));
        auto& records = identity.records();
        const auto lock = records.lock();
        STATOR_TRY(const auto entity, read_entity(identity, call, input, kind));
        Entity wanted = entity;
        if (input.has(new_name)) {
          STATOR_TRY(wanted.name, read_name(input, new_name, facts_of(kind).name_max));
        }
        if (input.has("NewPath")) {
          STATOR_TRY(wanted.path, read_path(input, "NewPath"));
        }
        if (!equals_ignore_case(wanted.name, entity.name)) {
          STATOR_TRY(const bool is_taken, records.is_taken(call.account, kind, wanted.name));
          if (is_taken) return name_is_taken(kind, wanted.name);
        }
        STATOR_TRY_VOID(records.rename(call.account, entity, wanted));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
