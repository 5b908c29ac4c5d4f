#pragma once

#include <cstdint>

/// What the launcher's epoll remembers of a descriptor: which sandbox, and what its readiness
/// means.
namespace stator::sandbox {

enum class Event : std::uint8_t { kControl, kPreparer, kProgram, kInit, kCompanion, kUplink };

/// The server counts its sandboxes from 1.
inline constexpr std::uint64_t kSelfTestId = 0;

[[nodiscard]] constexpr std::uint64_t tag_of(std::uint64_t id, Event event) {
  return id << 3 | static_cast<std::uint64_t>(event);
}
[[nodiscard]] constexpr std::uint64_t id_of(std::uint64_t tag) {
  return tag >> 3;
}
[[nodiscard]] constexpr Event event_of(std::uint64_t tag) {
  return static_cast<Event>(tag & 7);
}

}  // namespace stator::sandbox
