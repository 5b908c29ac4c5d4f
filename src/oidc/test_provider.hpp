#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/signature.hpp"
#include "json/json.hpp"
#include "oidc/issuers.hpp"

/// For tests: an identity provider without a network.
namespace stator::oidc {

class TestProvider {
 public:
  static constexpr std::string_view kIssuer = "https://idp.example.com/tenant";
  static constexpr std::string_view kConfigurationUrl =
      "https://idp.example.com/tenant/.well-known/openid-configuration";
  static constexpr std::string_view kKeysUrl = "https://idp.example.com/keys";

  TestProvider() {
    pages[std::string(kConfigurationUrl)] =
        json::dump(json::Object{{"issuer", kIssuer}, {"jwks_uri", kKeysUrl}});
    pages[std::string(kKeysUrl)] = key_set("k1");
  }

  /// One key for all tests: making it takes a while.
  static const crypto::PrivateKey& key() {
    static const auto made = crypto::PrivateKey::make_rsa();
    return made;
  }

  static json::Object public_key(std::string_view id) {
    const auto numbers = key().public_numbers();
    return {{"kty", "RSA"},
            {"use", "sig"},
            {"alg", "RS256"},
            {"kid", id},
            {"n", base64url_encode(numbers.first)},
            {"e", base64url_encode(numbers.second)}};
  }
  static std::string key_set(std::string_view id) {
    return json::dump(json::Object{{"keys", json::Array{public_key(id)}}});
  }

  /// Signed whatever it says.
  static std::string sign(const json::Object& header, const json::Object& claims) {
    const std::string part =
        base64url_encode(json::dump(header)) + "." + base64url_encode(json::dump(claims));
    return part + "." + base64url_encode(key().sign(crypto::SignatureAlgorithm::kRs256, part));
  }
  static std::string token(const json::Object& claims, std::string_view key_id = "k1") {
    return sign({{"alg", "RS256"}, {"typ", "JWT"}, {"kid", key_id}}, claims);
  }

  [[nodiscard]] Fetch fetch() {
    return [this](const std::string& url) -> Result<std::string> {
      ++fetches;
      if (is_down) return unavailable("nobody there");
      const auto found = pages.find(url);
      if (found == pages.end()) return unavailable("no page at " + url);
      return found->second;
    };
  }

  std::map<std::string, std::string> pages;
  bool is_down = false;
  int fetches = 0;
};

}  // namespace stator::oidc
