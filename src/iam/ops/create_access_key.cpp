#include "base/time_format.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/secrets.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

/// The only answer that ever shows the secret: the store keeps it sealed.
aws::Operation create_access_key(Identity& identity) {
  return aws::Operation::json(
      "CreateAccessKey", aws::ByName{}, own_user_needs(identity, "iam:CreateAccessKey"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"UserName"}));
        const auto lock = identity.records().lock();
        STATOR_TRY(auto user, read_own_user(identity, call, input));
        if (user.access_key_ids.size() >= kAccessKeysMax) {
          return limit_exceeded("Cannot exceed quota for AccessKeysPerUser: 2");
        }
        AccessKey key;
        key.id = make_access_key_id(identity.random(), "AKIA", call.account);
        key.account = call.account;
        key.user = user.name;
        key.created = call.now;
        const std::string secret = make_secret(identity.random());
        key.sealed_secret = identity.sessions().seal_secret(key.id, secret);
        user.access_key_ids.push_back(key.id);
        STATOR_TRY_VOID(identity.records().put(key, user));
        return json::Object{{"AccessKey", json::Object{{"UserName", user.name},
                                                       {"AccessKeyId", key.id},
                                                       {"Status", "Active"},
                                                       {"SecretAccessKey", secret},
                                                       {"CreateDate", iso8601(key.created)}}}};
      });
}

}  // namespace stator::iam::ops
