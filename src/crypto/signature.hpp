#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// Public-key signatures as JSON Web Signatures use them (RFC 7518).
namespace stator::crypto {

enum class SignatureAlgorithm : std::uint8_t {
  kRs256,
  kRs384,
  kRs512,
  kPs256,
  kPs384,
  kPs512,
  kEs256,
  kEs384,
  kEs512,
};

enum class Curve : std::uint8_t { kP256, kP384, kP521 };

/// A key that verifies. Immutable; cheap to copy; any thread.
class PublicKey {
 public:
  /// Big-endian bytes of modulus and exponent. Nothing for a modulus of less than 2,048 or more
  /// than 8,192 bits, or an exponent that is even, or 1, or longer than four bytes.
  [[nodiscard]] static std::optional<PublicKey> rsa(std::string_view modulus,
                                                    std::string_view exponent);
  /// Big-endian coordinates. Nothing for a point that is not on the curve.
  [[nodiscard]] static std::optional<PublicKey> ec(Curve curve, std::string_view x,
                                                   std::string_view y);

  /// False also where the algorithm does not go with the key. Signatures of ES* are the two numbers
  /// one after the other, as JWS has them.
  [[nodiscard]] bool verify(SignatureAlgorithm algorithm, std::string_view message,
                            std::string_view signature) const;

 private:
  friend class PrivateKey;
  struct State;
  explicit PublicKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// A key that signs: what an identity provider has. Any thread.
class PrivateKey {
 public:
  [[nodiscard]] static PrivateKey make_rsa(int bits = 2'048);
  [[nodiscard]] static PrivateKey make_ec(Curve curve);

  /// The algorithm must go with the key.
  [[nodiscard]] std::string sign(SignatureAlgorithm algorithm, std::string_view message) const;

  /// Big-endian: modulus and exponent, or the two coordinates.
  struct PublicNumbers {
    std::string first;
    std::string second;
  };
  [[nodiscard]] PublicNumbers public_numbers() const;

 private:
  explicit PrivateKey(std::shared_ptr<const PublicKey::State> state) : state_(std::move(state)) {}
  std::shared_ptr<const PublicKey::State> state_;
};

}  // namespace stator::crypto
