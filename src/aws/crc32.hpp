#pragma once

#include <cstdint>
#include <string_view>

namespace stator::aws {

/// The CRC of zip and Ethernet (IEEE 802.3, reflected), which DynamoDB sends as x-amz-crc32 and
/// SDKs compare with the body they read.
[[nodiscard]] std::uint32_t crc32(std::string_view bytes);

}  // namespace stator::aws
