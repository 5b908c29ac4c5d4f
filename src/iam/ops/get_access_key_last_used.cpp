#include "base/time_format.hpp"
#include "iam/last_uses.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

/// Needs the permission on the key's user. A key that is not there is denied, as on AWS, and so is
/// one of another account.
aws::Operation get_access_key_last_used(Identity& identity) {
  constexpr std::size_t kIdMax = 128;
  return aws::Operation::json(
      "GetAccessKeyLastUsed", aws::ByName{},
      [&identity](const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
        STATOR_TRY(const auto id, input.text("AccessKeyId"));
        Entity user;
        user.kind = EntityKind::kUser;
        if (id && id->size() <= kIdMax) {
          STATOR_TRY(const auto key, identity.records().find_access_key(*id));
          if (key && key->account == call.account) {
            user.name = key->user;
            STATOR_TRY(auto found,
                       identity.records().find_entity(call.account, user.kind, user.name));
            if (found) user = *std::move(found);
          }
        }
        return aws::Needs{{"iam:GetAccessKeyLastUsed", entity_arn(call.account, user)}};
      },
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"AccessKeyId"}));
        STATOR_TRY(const auto id, read_name(input, "AccessKeyId", kIdMax));
        STATOR_TRY(const auto key, identity.records().find_access_key(id));
        if (!key || key->account != call.account) {
          return access_denied("User: " + call.principal.arn +
                               " is not authorized to perform iam:GetAccessKeyLastUsed on "
                               "resource: access key " +
                               id);
        }
        STATOR_TRY(const auto use, identity.last_uses().find(id));
        json::Object used{{"ServiceName", "N/A"}, {"Region", "N/A"}};
        if (use) {
          used = {{"LastUsedDate", iso8601(use->at)},
                  {"ServiceName", use->service},
                  {"Region", use->region}};
        }
        return json::Object{{"UserName", key->user}, {"AccessKeyLastUsed", std::move(used)}};
      });
}

}  // namespace stator::iam::ops
