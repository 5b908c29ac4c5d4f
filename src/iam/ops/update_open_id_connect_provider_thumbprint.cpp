#include "iam/ops/oidc_shared.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation update_open_id_connect_provider_thumbprint(Identity& identity) {
  return aws::Operation::json(
      "UpdateOpenIDConnectProviderThumbprint", aws::ByName{},
      provider_needs(identity, "iam:UpdateOpenIDConnectProviderThumbprint"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({kProviderArn, "ThumbprintList"}));
        if (!input.has("ThumbprintList")) {
          return constraint_error("null", "thumbprintList", "Member must not be null");
        }
        STATOR_TRY(auto thumbprints, read_thumbprints(input));
        const auto change = [&](OidcProvider& provider) -> Result<void> {
          provider.thumbprints = std::move(thumbprints);
          return {};
        };
        STATOR_TRY_VOID(change_provider(identity, call, input, change));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
