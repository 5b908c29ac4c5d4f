#include <algorithm>

#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation delete_access_key(Identity& identity) {
  return aws::Operation::json(
      "DeleteAccessKey", aws::ByName{}, own_user_needs(identity, "iam:DeleteAccessKey"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"UserName", "AccessKeyId"}));
        STATOR_TRY(const auto id, read_name(input, "AccessKeyId", 128));
        const auto lock = identity.records().lock();
        STATOR_TRY(auto user, read_own_user(identity, call, input));
        STATOR_TRY(const auto key, identity.records().find_access_key(id));
        auto& ids = user.access_key_ids;
        const auto at = std::find(ids.begin(), ids.end(), id);
        if (!key || at == ids.end()) {
          return no_such_entity("The Access Key with id " + id + " cannot be found.");
        }
        ids.erase(at);
        STATOR_TRY_VOID(identity.records().erase(*key, user));
        identity.last_uses().forget(id);
        return json::Object();
      });
}

}  // namespace stator::iam::ops
