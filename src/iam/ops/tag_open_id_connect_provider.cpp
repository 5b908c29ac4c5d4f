#include "base/strings.hpp"
#include "iam/ops/oidc_shared.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

/// A key that differs only by case from an old one replaces it.
aws::Operation tag_open_id_connect_provider(Identity& identity) {
  return aws::Operation::json(
      "TagOpenIDConnectProvider", aws::ByName{},
      provider_needs(identity, "iam:TagOpenIDConnectProvider"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({kProviderArn, "Tags"}));
        STATOR_TRY(const auto tags, read_tags(input));
        const auto change = [&](OidcProvider& provider) -> Result<void> {
          for (const auto& tag : tags) {
            std::erase_if(provider.tags,
                          [&](const Tag& old) { return equals_ignore_case(old.key, tag.key); });
            provider.tags.push_back(tag);
          }
          if (provider.tags.size() <= kTagsMax) return {};
          return limit_exceeded("The number of tags has reached the maximum limit.");
        };
        STATOR_TRY_VOID(change_provider(identity, call, input, change));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
