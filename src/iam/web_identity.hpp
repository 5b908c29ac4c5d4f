#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "iam/assumption.hpp"
#include "iam/oidc_providers.hpp"
#include "iam/sessions.hpp"
#include "oidc/issuers.hpp"

namespace stator::iam {

/// A token that was verified.
struct VerifiedToken {
  WebIdentity identity;
  std::string subject;
  std::string audience;
  /// Session tags and the source identity that the token brings along.
  SessionExtras extras;
};

/// What a token is verified against; all outlive the call.
struct TokenJudges {
  const OidcProviders& providers;
  oidc::Issuers& issuers;
};

/// The issuer must be a provider of the account that has signed the token for one of its client
/// ids, and the token must be valid at `now`. Errors are those of AssumeRoleWithWebIdentity:
/// InvalidIdentityToken, ExpiredTokenException, IDPCommunicationError, IDPRejectedClaim. May read
/// from the network.
[[nodiscard]] Result<VerifiedToken> verify_web_identity(const TokenJudges& judges,
                                                        std::string_view account,
                                                        std::string_view token, WallTime now);

}  // namespace stator::iam
