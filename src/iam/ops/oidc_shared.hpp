#pragma once

#include <functional>
#include <string>
#include <vector>

#include "aws/operation.hpp"
#include "iam/identity.hpp"
#include "iam/oidc_providers.hpp"

/// What the operations of OpenID Connect providers have in common.
namespace stator::iam::ops {

inline constexpr std::string_view kProviderArn = "OpenIDConnectProviderArn";

/// iam:ACTION on the provider of the input's OpenIDConnectProviderArn, with its tags and those of
/// the request as condition keys.
[[nodiscard]] aws::Operation::JsonNeeds provider_needs(Identity& identity, std::string action);
/// aws:RequestTag/* and aws:TagKeys of the input, aws:ResourceTag/* of `held`.
[[nodiscard]] aws::ConditionKeys tag_condition_keys(const aws::Input& input,
                                                    const std::vector<Tag>& held);

/// "OpenIDConnect Provider not found for arn ARN"
[[nodiscard]] Result<OidcProvider> read_provider(Identity& identity, const aws::Call& call,
                                                 const aws::Input& input);
/// Reads the provider, lets `change` alter it and writes it, all under the records' lock.
[[nodiscard]] Result<void> change_provider(
    Identity& identity, const aws::Call& call, const aws::Input& input,
    const std::function<Result<void>(OidcProvider&)>& change);

[[nodiscard]] Result<void> check_client_id(const std::string& id);
/// ThumbprintList: at most five of forty hex digits each.
[[nodiscard]] Result<std::vector<std::string>> read_thumbprints(const aws::Input& input);

/// Within AWS's quota.
[[nodiscard]] Result<void> check_client_count(const OidcProvider& provider);

}  // namespace stator::iam::ops
