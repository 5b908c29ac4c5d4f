#include "base/time_format.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation list_access_keys(Identity& identity) {
  return aws::Operation::json(
      "ListAccessKeys", aws::ByName{}, own_user_needs(identity, "iam:ListAccessKeys"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"UserName", "Marker", "MaxItems"}));
        STATOR_TRY(const auto user, read_own_user(identity, call, input));
        PageItems items;
        for (const auto& id : user.access_key_ids) {
          STATOR_TRY(const auto key, identity.records().find_access_key(id));
          if (!key) continue;
          items.emplace_back(id, json::Object{{"UserName", user.name},
                                              {"AccessKeyId", id},
                                              {"Status", key->is_active ? "Active" : "Inactive"},
                                              {"CreateDate", iso8601(key->created)}});
        }
        return page_of(input, "AccessKeyMetadata", std::move(items));
      });
}

}  // namespace stator::iam::ops
