#include <algorithm>

#include "iam/ops/oidc_shared.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {

/// An id that is there already is no error.
aws::Operation add_client_id_to_open_id_connect_provider(Identity& identity) {
  return aws::Operation::json(
      "AddClientIDToOpenIDConnectProvider", aws::ByName{},
      provider_needs(identity, "iam:AddClientIDToOpenIDConnectProvider"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({kProviderArn, "ClientID"}));
        STATOR_TRY(const auto id, input.required_text("ClientID"));
        STATOR_TRY_VOID(check_client_id(id));
        const auto change = [&](OidcProvider& provider) -> Result<void> {
          auto& ids = provider.client_ids;
          if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
          return check_client_count(provider);
        };
        STATOR_TRY_VOID(change_provider(identity, call, input, change));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
