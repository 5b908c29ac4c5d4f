#include "iam/ops/oidc_shared.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {

/// An id that is not there is no error.
aws::Operation remove_client_id_from_open_id_connect_provider(Identity& identity) {
  return aws::Operation::json(
      "RemoveClientIDFromOpenIDConnectProvider", aws::ByName{},
      provider_needs(identity, "iam:RemoveClientIDFromOpenIDConnectProvider"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({kProviderArn, "ClientID"}));
        STATOR_TRY(const auto id, input.required_text("ClientID"));
        const auto change = [&](OidcProvider& provider) -> Result<void> {
          std::erase(provider.client_ids, id);
          return {};
        };
        STATOR_TRY_VOID(change_provider(identity, call, input, change));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
