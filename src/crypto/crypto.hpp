#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// Hashes and authenticated encryption, by OpenSSL, with contexts kept per thread. Nothing here
/// fails for any input but allocation.
namespace stator::crypto {

/// 32 raw bytes.
[[nodiscard]] std::string sha256(std::string_view bytes);
/// 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);
/// 32 raw bytes.
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view bytes);
/// 16 raw bytes. For S3's ETag and Content-MD5 only: not a security measure.
[[nodiscard]] std::string md5(std::string_view bytes);

/// SHA-256 of what comes piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  void update(std::string_view bytes);
  /// 64 lower-case hex digits; call it once, last.
  [[nodiscard]] std::string finish_hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// AES-256-GCM: nonce, ciphertext and tag in one. `key` is 32 bytes and `nonce` 12, never used
/// twice with one key; `context` is authenticated and not stored.
[[nodiscard]] std::string seal(std::string_view key, std::string_view nonce, std::string_view plain,
                               std::string_view context);
/// The plain bytes, or nothing when key or context differ or a bit was changed.
[[nodiscard]] std::optional<std::string> open(std::string_view key, std::string_view sealed,
                                              std::string_view context);

}  // namespace stator::crypto
