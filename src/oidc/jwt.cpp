#include "oidc/jwt.hpp"

#include <array>
#include <cmath>

#include "base/bytes.hpp"
#include "base/strings.hpp"

namespace stator::oidc {
namespace {

using crypto::SignatureAlgorithm;

std::optional<SignatureAlgorithm> algorithm_of(std::string_view name) {
  using enum SignatureAlgorithm;
  static constexpr std::array<std::pair<std::string_view, SignatureAlgorithm>, 9> kKnown{
      {{"RS256", kRs256},
       {"RS384", kRs384},
       {"RS512", kRs512},
       {"PS256", kPs256},
       {"PS384", kPs384},
       {"PS512", kPs512},
       {"ES256", kEs256},
       {"ES384", kEs384},
       {"ES512", kEs512}}};
  for (const auto& [known, algorithm] : kKnown) {
    if (known == name) return algorithm;
  }
  return std::nullopt;
}

Result<json::Object> read_part(std::string_view part, std::string_view what) {
  const auto bytes = base64url_decode(part);
  if (!bytes) return invalid("The token's " + std::string(what) + " is not base64url");
  auto object = json::parse_object(*bytes);
  if (!object) return invalid("The token's " + std::string(what) + " is not a JSON object");
  return object;
}

Result<std::string> text_claim(const json::Object& claims, std::string_view name) {
  constexpr std::size_t kTextMax = 2'048;
  auto text = json::find_string(claims, name);
  if (text && !text->empty() && text->size() <= kTextMax) return *std::move(text);
  return invalid("Missing a required claim: " + std::string(name));
}

/// Seconds since 1970, whole or not; nothing when absent.
Result<std::optional<WallTime>> time_claim(const json::Object& claims, std::string_view name) {
  constexpr double kSecondsMax = 1e11;
  const auto* value = json::find(claims, name);
  if (value == nullptr) return std::optional<WallTime>();
  if (!value->is_number()) return invalid("The claim " + std::string(name) + " is not a number");
  const double seconds = value->to_number<double>();
  if (!(seconds >= 0 && seconds <= kSecondsMax)) {
    return invalid("The claim " + std::string(name) + " is out of range");
  }
  return std::optional(from_epoch_ms(std::llround(seconds * 1'000)));
}

Result<std::vector<std::string>> audience_claim(const json::Object& claims) {
  constexpr std::size_t kAudiencesMax = 100;
  std::vector<std::string> audiences;
  const auto* value = json::find(claims, "aud");
  if (value != nullptr && value->is_string()) {
    audiences.emplace_back(json::view(value->get_string()));
  } else if (value != nullptr && value->is_array() && value->get_array().size() <= kAudiencesMax) {
    for (const auto& item : value->get_array()) {
      if (!item.is_string()) return invalid("The claim aud holds more than texts");
      audiences.emplace_back(json::view(item.get_string()));
    }
  }
  if (audiences.empty()) return invalid("Missing a required claim: aud");
  return audiences;
}

Result<void> read_times(const json::Object& claims, Lifetime& times) {
  STATOR_TRY(const auto expires, time_claim(claims, "exp"));
  if (!expires) return invalid("Missing a required claim: exp");
  times.expires = *expires;
  STATOR_TRY(times.not_before, time_claim(claims, "nbf"));
  STATOR_TRY(times.issued, time_claim(claims, "iat"));
  return {};
}

}  // namespace

Result<Token> parse_token(std::string_view text) {
  if (text.size() > kTokenBytesMax) return invalid("The token is too long");
  const auto parts = split(text, '.');
  if (parts.size() != 3) return invalid("The token does not have three parts");
  STATOR_TRY(const auto header, read_part(parts[0], "header"));
  const auto name = json::find_string(header, "alg").value_or("");
  const auto algorithm = algorithm_of(name);
  if (!algorithm) return invalid("The token's algorithm '" + name.substr(0, 16) + "' is refused");
  if (json::find(header, "crit") != nullptr) {
    return invalid("The token's header has members that must be understood");
  }
  const auto* key_id = json::find(header, "kid");
  if (key_id != nullptr && !key_id->is_string()) return invalid("The token's kid is not a text");
  auto signature = base64url_decode(parts[2]);
  if (!signature || signature->empty()) return invalid("The token has no signature");
  Token token;
  token.algorithm = *algorithm;
  if (key_id != nullptr) token.key_id = json::view(key_id->get_string());
  STATOR_TRY(token.claims, read_part(parts[1], "payload"));
  token.signed_part = text.substr(0, parts[0].size() + 1 + parts[1].size());
  token.signature = *std::move(signature);
  return token;
}

Result<Claims> read_claims(const json::Object& claims) {
  Claims read;
  STATOR_TRY(read.issuer, text_claim(claims, "iss"));
  STATOR_TRY(read.subject, text_claim(claims, "sub"));
  STATOR_TRY(read.audiences, audience_claim(claims));
  read.authorized_party = json::find_string(claims, "azp").value_or("");
  STATOR_TRY_VOID(read_times(claims, read));
  return read;
}

Result<Lifetime> read_lifetime(const json::Object& claims) {
  Lifetime read;
  STATOR_TRY_VOID(read_times(claims, read));
  return read;
}

Validity validity_at(const Lifetime& times, WallTime now, std::chrono::seconds skew) {
  if (now >= times.expires) return Validity::kExpired;
  if (times.not_before && *times.not_before > now + skew) return Validity::kNotYet;
  if (times.issued && *times.issued > now + skew) return Validity::kNotYet;
  return Validity::kYes;
}

}  // namespace stator::oidc
