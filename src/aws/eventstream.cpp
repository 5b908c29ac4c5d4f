#include "aws/eventstream.hpp"

#include <array>
#include <cstdint>

#include "aws/crc32.hpp"
#include "base/check.hpp"

namespace stator::aws {
namespace {

constexpr std::size_t kPayloadBytesMax = 16u << 20;
constexpr char kString = 7;
constexpr std::size_t kPreludeBytes = 8;
constexpr std::size_t kCrcBytes = 4;

void append_u32(std::string& out, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift));
}

std::string encode_headers(std::span<const EventHeader> headers) {
  std::string out;
  for (const auto& [name, value] : headers) {
    STATOR_CHECK(!name.empty() && name.size() <= 255 && value.size() <= 65'535);
    out.push_back(static_cast<char>(name.size()));
    out.append(name);
    out.push_back(kString);
    out.push_back(static_cast<char>(value.size() >> 8));
    out.push_back(static_cast<char>(value.size()));
    out.append(value);
  }
  return out;
}

}  // namespace

std::string encode_event(std::span<const EventHeader> headers, std::string_view payload) {
  STATOR_CHECK(payload.size() <= kPayloadBytesMax);
  const std::string fields = encode_headers(headers);
  const auto total = kPreludeBytes + kCrcBytes + fields.size() + payload.size() + kCrcBytes;
  std::string out;
  out.reserve(total);
  append_u32(out, static_cast<std::uint32_t>(total));
  append_u32(out, static_cast<std::uint32_t>(fields.size()));
  append_u32(out, crc32(out));
  out.append(fields).append(payload);
  append_u32(out, crc32(out));
  return out;
}

std::string encode_event(std::string_view type, std::string_view content_type,
                         std::string_view payload) {
  const std::array<EventHeader, 3> headers{EventHeader{":event-type", type},
                                           EventHeader{":content-type", content_type},
                                           EventHeader{":message-type", "event"}};
  return encode_event(headers, payload);
}

}  // namespace stator::aws
