#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace stator::s3 {

/// What a Range header asks of a body of `size` bytes (RFC 9110, section 14.2).
struct ByteRange {
  enum class Kind {
    kWhole,          ///< no single range of bytes that can be read: answer all of it, as S3 does
    kPart,           ///< [first, last]
    kUnsatisfiable,  ///< 416
  };
  Kind kind = Kind::kWhole;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

[[nodiscard]] ByteRange read_byte_range(std::string_view header, std::uint64_t size);

}  // namespace stator::s3
