#include "iam/ops/oidc_shared.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {

/// All of them: this list has no pages.
aws::Operation list_open_id_connect_providers(Identity& identity) {
  return aws::Operation::json(
      "ListOpenIDConnectProviders", aws::ByName{},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"iam:ListOpenIDConnectProviders", "*"}};
      },
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({}));
        STATOR_TRY(const auto providers, identity.oidc_providers().list(call.account));
        json::Array list;
        for (const auto& provider : providers) {
          list.push_back(json::Object{{"Arn", provider_arn(call.account, provider.url.name)}});
        }
        return json::Object{{"OpenIDConnectProviderList", std::move(list)}};
      });
}

}  // namespace stator::iam::ops
