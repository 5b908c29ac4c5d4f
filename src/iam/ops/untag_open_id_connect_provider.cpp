#include "base/strings.hpp"
#include "iam/ops/oidc_shared.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {

/// A key that is not there is no error.
aws::Operation untag_open_id_connect_provider(Identity& identity) {
  return aws::Operation::json(
      "UntagOpenIDConnectProvider", aws::ByName{},
      provider_needs(identity, "iam:UntagOpenIDConnectProvider"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({kProviderArn, "TagKeys"}));
        STATOR_TRY(const auto keys, input.text_list("TagKeys"));
        const auto change = [&](OidcProvider& provider) -> Result<void> {
          for (const auto& key : keys) {
            std::erase_if(provider.tags,
                          [&](const Tag& tag) { return equals_ignore_case(tag.key, key); });
          }
          return {};
        };
        STATOR_TRY_VOID(change_provider(identity, call, input, change));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
