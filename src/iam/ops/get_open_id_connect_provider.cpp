#include "base/time_format.hpp"
#include "iam/answers.hpp"
#include "iam/ops/oidc_shared.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {

aws::Operation get_open_id_connect_provider(Identity& identity) {
  return aws::Operation::json(
      "GetOpenIDConnectProvider", aws::ByName{},
      provider_needs(identity, "iam:GetOpenIDConnectProvider"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({kProviderArn}));
        STATOR_TRY(const auto provider, read_provider(identity, call, input));
        json::Array clients, thumbprints;
        for (const auto& id : provider.client_ids) clients.emplace_back(id);
        for (const auto& thumbprint : provider.thumbprints) thumbprints.emplace_back(thumbprint);
        // AWS leaves out the scheme, which is always https there.
        const auto& url = provider.url;
        json::Object answer{{"Url", url.is_https ? url.name : url.url()},
                            {"ClientIDList", std::move(clients)},
                            {"ThumbprintList", std::move(thumbprints)},
                            {"CreateDate", iso8601(provider.created)}};
        if (!provider.tags.empty()) answer["Tags"] = tags_answer(provider.tags);
        return answer;
      });
}

}  // namespace stator::iam::ops
