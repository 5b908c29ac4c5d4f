#pragma once

#include <string>
#include <string_view>

namespace stator::crypto {

/// 40 lower-case hex digits. For names and checksums that AWS derives this way: not a security
/// measure.
[[nodiscard]] std::string sha1_hex(std::string_view bytes);

}  // namespace stator::crypto
