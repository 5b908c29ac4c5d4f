#include "iam/ops/oidc_shared.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {

/// Roles that trust the provider stay, and nobody can assume them by its tokens any more. Sessions
/// that it brought go on, as on AWS. A provider that is not there is no error.
aws::Operation delete_open_id_connect_provider(Identity& identity) {
  return aws::Operation::json(
      "DeleteOpenIDConnectProvider", aws::ByName{},
      provider_needs(identity, "iam:DeleteOpenIDConnectProvider"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({kProviderArn}));
        const auto lock = identity.records().lock();
        const auto provider = read_provider(identity, call, input);
        if (provider) {
          STATOR_TRY_VOID(identity.oidc_providers().erase(call.account, *provider));
        } else if (provider.error().code != ErrorCode::kNotFound) {
          return provider.error();
        }
        return json::Object();
      });
}

}  // namespace stator::iam::ops
