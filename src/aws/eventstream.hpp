#pragma once

#include <span>
#include <string>
#include <string_view>

/// application/vnd.amazon.eventstream: how AWS sends a sequence of events in one answer.
/// https://smithy.io/2.0/aws/amazon-eventstream.html
namespace stator::aws {

struct EventHeader {
  std::string_view name;   ///< 1 to 255 bytes
  std::string_view value;  ///< at most 65,535 bytes
};

/// One message with headers of type string: lengths, headers, payload, and the CRCs over the
/// prelude and over all. `payload` may have 16 MiB.
[[nodiscard]] std::string encode_event(std::span<const EventHeader> headers,
                                       std::string_view payload);

/// The message of an event: `type` is the member of the event stream's union ("PayloadChunk").
[[nodiscard]] std::string encode_event(std::string_view type, std::string_view content_type,
                                       std::string_view payload);

}  // namespace stator::aws
