#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/signature.hpp"
#include "json/json.hpp"

/// JSON Web Tokens as OpenID Connect providers sign them (RFC 7515, RFC 7519).
namespace stator::oidc {

/// What AWS takes in AssumeRoleWithWebIdentity.
inline constexpr std::size_t kTokenBytesMax = 20'000;

/// A token that was read, not yet believed.
struct Token {
  crypto::SignatureAlgorithm algorithm = crypto::SignatureAlgorithm::kRs256;
  std::string key_id;  ///< "" when the header names none
  json::Object claims;
  std::string signed_part;  ///< header and payload as they were sent
  std::string signature;    ///< raw bytes
};

/// kInvalid saying what is wrong. Tokens without a signature (`none`), with a shared secret (HS*),
/// with header members that must be understood (`crit`) or encrypted ones are refused.
[[nodiscard]] Result<Token> parse_token(std::string_view text);

/// When a token is good.
struct Lifetime {
  WallTime expires;
  std::optional<WallTime> not_before;
  std::optional<WallTime> issued;
};

/// kInvalid naming the claim that is missing or of the wrong type; exp must be there.
[[nodiscard]] Result<Lifetime> read_lifetime(const json::Object& claims);

/// The registered claims.
struct Claims : Lifetime {
  std::string issuer;
  std::string subject;
  std::vector<std::string> audiences;
  std::string authorized_party;  ///< azp, or ""
};

/// kInvalid naming the claim that is missing or of the wrong type; iss, sub, aud and exp must be
/// there.
[[nodiscard]] Result<Claims> read_claims(const json::Object& claims);

enum class Validity { kYes, kExpired, kNotYet };
/// By the clock. A token that is used before nbf or iat is early only by more than `skew`; its end
/// is its end.
[[nodiscard]] Validity validity_at(const Lifetime& times, WallTime now, std::chrono::seconds skew);

}  // namespace stator::oidc
