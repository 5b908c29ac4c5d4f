#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "crypto/signature.hpp"
#include "oidc/jwt.hpp"

namespace stator::oidc {

/// What a key set says about a token.
enum class Signed {
  kYes,
  kNo,     ///< the key is there and did not sign this
  kNoKey,  ///< no key of that id and algorithm is there
};

/// A provider's public keys (RFC 7517). Immutable; any thread.
class KeySet {
 public:
  static constexpr std::size_t kKeysMax = 100;

  /// kInvalid for what is no key set. Keys of kinds, curves and uses that sign no tokens here are
  /// passed over, as are those that are malformed.
  [[nodiscard]] static Result<KeySet> parse(std::string_view text);

  /// By the key that the token names; a token that names none is tried with the only key that can
  /// have signed it.
  [[nodiscard]] Signed verify(const Token& token) const;

  [[nodiscard]] std::size_t size() const { return keys_.size(); }

 private:
  struct Key {
    std::string id;
    std::optional<crypto::Curve> curve;  ///< nothing for RSA
    std::string algorithm;               ///< the only one it is for, or ""
    crypto::PublicKey key;
  };
  [[nodiscard]] static std::optional<Key> read_key(const json::Object& object);
  [[nodiscard]] static bool fits(const Key& key, const Token& token);

  std::vector<Key> keys_;
};

}  // namespace stator::oidc
