#include "base/strings.hpp"
#include "iam/ops/oidc_shared.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation list_open_id_connect_provider_tags(Identity& identity) {
  return aws::Operation::json(
      "ListOpenIDConnectProviderTags", aws::ByName{},
      provider_needs(identity, "iam:ListOpenIDConnectProviderTags"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({kProviderArn, "Marker", "MaxItems"}));
        STATOR_TRY(const auto provider, read_provider(identity, call, input));
        PageItems items;
        for (const auto& tag : provider.tags) {
          items.emplace_back(to_lower(tag.key),
                             json::Object{{"Key", tag.key}, {"Value", tag.value}});
        }
        return page_of(input, "Tags", std::move(items));
      });
}

}  // namespace stator::iam::ops
