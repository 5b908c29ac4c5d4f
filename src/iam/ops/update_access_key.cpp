#include <algorithm>

#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation update_access_key(Identity& identity) {
  return aws::Operation::json(
      "UpdateAccessKey", aws::ByName{},
      entity_needs(identity, EntityKind::kUser, "iam:UpdateAccessKey"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"UserName", "AccessKeyId", "Status"}));
        STATOR_TRY(const auto id, read_name(input, "AccessKeyId", 128));
        STATOR_TRY(const auto status, read_name(input, "Status", 16));
        if (status != "Active" && status != "Inactive") {
          return constraint_error(status, "Status",
                                  "Member must satisfy enum value set: [Active, Inactive]");
        }
        const auto lock = identity.records().lock();
        STATOR_TRY(const auto user, read_entity(identity, call, input, EntityKind::kUser));
        STATOR_TRY(auto key, identity.records().find_access_key(id));
        const auto& ids = user.access_key_ids;
        if (!key || std::find(ids.begin(), ids.end(), id) == ids.end()) {
          return no_such_entity("The Access Key with id " + id + " cannot be found.");
        }
        key->is_active = status == "Active";
        STATOR_TRY_VOID(identity.records().put(*key, user));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
