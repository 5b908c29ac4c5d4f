#include "iam/answers.hpp"
#include "iam/ops/oidc_shared.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

namespace {

Result<OidcProvider> read_new_provider(const aws::Input& input) {
  constexpr std::size_t kUrlMax = 255;
  STATOR_TRY_VOID(input.allow_only({"Url", "ClientIDList", "ThumbprintList", "Tags"}));
  STATOR_TRY(const auto text, input.required_text("Url"));
  if (text.size() > kUrlMax) {
    return constraint_error(text, "Url", "Member must have length less than or equal to 255");
  }
  OidcProvider provider;
  auto url = oidc::parse_issuer_url(text);
  if (!url) return validation_error(url.error().message);
  provider.url = *std::move(url);
  STATOR_TRY(provider.client_ids, input.text_list("ClientIDList"));
  for (const auto& id : provider.client_ids) {
    STATOR_TRY_VOID(check_client_id(id));
  }
  STATOR_TRY_VOID(check_client_count(provider));
  STATOR_TRY(provider.thumbprints, read_thumbprints(input));
  STATOR_TRY(provider.tags, read_tags(input));
  return provider;
}

/// On the ARN that the provider is to have.
Result<aws::Needs> creation_needs(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto text, input.text("Url"));
  const auto url = oidc::parse_issuer_url(text.value_or(""));
  aws::Needs needs;
  needs.push_back({.action = "iam:CreateOpenIDConnectProvider",
                   .resource = provider_arn(call.account, url ? url->name : ""),
                   .keys = [&input] { return tag_condition_keys(input, {}); }});
  return needs;
}

}  // namespace

/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
aws::Operation create_open_id_connect_provider(Identity& identity) {
  return aws::Operation::json(
      "CreateOpenIDConnectProvider", aws::ByName{}, creation_needs,
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(auto provider, read_new_provider(input));
        provider.created = call.now;
        auto& providers = identity.oidc_providers();
        const auto lock = identity.records().lock();
        STATOR_TRY(const auto known, providers.list(call.account));
        for (const auto& other : known) {
          if (other.url.name != provider.url.name) continue;
          return entity_already_exists("Provider with url " + provider.url.url() +
                                       " already exists.");
        }
        if (known.size() >= OidcProviders::kProvidersMax) {
          return limit_exceeded("Cannot exceed quota for OpenIdConnectProvidersPerAccount: 100");
        }
        STATOR_TRY_VOID(providers.put(call.account, provider));
        json::Object answer{{kProviderArn, provider_arn(call.account, provider.url.name)}};
        if (!provider.tags.empty()) answer["Tags"] = tags_answer(provider.tags);
        return answer;
      });
}

}  // namespace stator::iam::ops
