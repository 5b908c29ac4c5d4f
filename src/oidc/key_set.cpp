#include "oidc/key_set.hpp"

#include <array>

#include "base/bytes.hpp"

namespace stator::oidc {
namespace {

using crypto::Curve;
using crypto::SignatureAlgorithm;

std::optional<std::string> number_of(const json::Object& key, std::string_view name) {
  const auto text = json::find_string(key, name);
  return text ? base64url_decode(*text) : std::nullopt;
}

std::optional<Curve> curve_of(SignatureAlgorithm algorithm) {
  if (algorithm == SignatureAlgorithm::kEs256) return Curve::kP256;
  if (algorithm == SignatureAlgorithm::kEs384) return Curve::kP384;
  if (algorithm == SignatureAlgorithm::kEs512) return Curve::kP521;
  return std::nullopt;
}

std::string_view name_of(SignatureAlgorithm algorithm) {
  static constexpr std::array<std::string_view, 9> kNames{
      "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"};
  return kNames.at(static_cast<std::size_t>(algorithm));
}

}  // namespace

std::optional<KeySet::Key> KeySet::read_key(const json::Object& object) {
  if (json::find_string(object, "use").value_or("sig") != "sig") return std::nullopt;
  const auto kind = json::find_string(object, "kty");
  std::optional<Curve> curve;
  std::optional<crypto::PublicKey> key;
  if (kind == "RSA") {
    const auto modulus = number_of(object, "n"), exponent = number_of(object, "e");
    if (modulus && exponent) key = crypto::PublicKey::rsa(*modulus, *exponent);
  } else if (kind == "EC") {
    const auto name = json::find_string(object, "crv");
    if (name == "P-256") curve = Curve::kP256;
    if (name == "P-384") curve = Curve::kP384;
    if (name == "P-521") curve = Curve::kP521;
    const auto x = number_of(object, "x"), y = number_of(object, "y");
    if (curve && x && y) key = crypto::PublicKey::ec(*curve, *x, *y);
  }
  if (!key) return std::nullopt;
  return Key{json::find_string(object, "kid").value_or(""), curve,
             json::find_string(object, "alg").value_or(""), *std::move(key)};
}

Result<KeySet> KeySet::parse(std::string_view text) {
  const auto object = json::parse_object(text);
  if (!object) return invalid("The key set is not a JSON object");
  const auto* keys = json::find(*object, "keys");
  if (keys == nullptr || !keys->is_array()) return invalid("The key set has no keys");
  if (keys->get_array().size() > kKeysMax) return invalid("The key set has too many keys");
  KeySet set;
  for (const auto& item : keys->get_array()) {
    if (!item.is_object()) return invalid("The key set holds something that is no key");
    if (auto key = read_key(item.get_object())) set.keys_.push_back(*std::move(key));
  }
  return set;
}

bool KeySet::fits(const Key& key, const Token& token) {
  return key.curve == curve_of(token.algorithm) &&
         (key.algorithm.empty() || key.algorithm == name_of(token.algorithm));
}

Signed KeySet::verify(const Token& token) const {
  const Key* found = nullptr;
  for (const auto& key : keys_) {
    if (!fits(key, token) || (!token.key_id.empty() && key.id != token.key_id)) continue;
    // Two candidates and nothing that chooses between them.
    if (found != nullptr && token.key_id.empty()) return Signed::kNoKey;
    if (found == nullptr) found = &key;
  }
  if (found == nullptr) return Signed::kNoKey;
  const bool is_signed = found->key.verify(token.algorithm, token.signed_part, token.signature);
  return is_signed ? Signed::kYes : Signed::kNo;
}

}  // namespace stator::oidc
