#include <algorithm>

#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation update_access_key(Identity& identity) {
  return aws::Operation::json(
      "UpdateAccessKey", aws::ByName{}, own_user_needs(identity, "iam:UpdateAccessKey"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"UserName", "AccessKeyId", "Status"}));
        STATOR_TRY(const auto id, read_name(input, "AccessKeyId", 128));
        if (!input.has("Status")) return constraint_error("Status", "Member must not be null");
        STATOR_TRY(const auto status, read_choice(input, "Status", {"Active", "Inactive"}));
        const auto lock = identity.records().lock();
        STATOR_TRY(const auto user, read_own_user(identity, call, input));
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
