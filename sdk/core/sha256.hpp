#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace stator::sdk {

using Digest = std::array<std::uint8_t, 32>;

/// FIPS 180-4, in plain code: signing a request needs it before any TLS library is loaded.
[[nodiscard]] Digest sha256(std::string_view bytes);
/// RFC 2104 over SHA-256.
[[nodiscard]] Digest hmac_sha256(std::string_view key, std::string_view bytes);
/// Lower case.
[[nodiscard]] std::string to_hex(const Digest& digest);
/// The digest's bytes, as the key of the next step.
[[nodiscard]] inline std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace stator::sdk
