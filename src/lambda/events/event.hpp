#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "lambda/names.hpp"

/// Asynchronous invocations: the queue on disk and what delivers from it.
namespace stator::lambda::events {

/// What an asynchronous payload may have; more is refused.
inline constexpr std::size_t kEventPayloadBytesMax = 1u << 20;

/// An invocation that nobody waits for: what was asked, and how far it has come.
struct Event {
  FunctionKey function;
  std::string qualifier;   ///< as it was given, "" for none
  std::string request_id;  ///< the same on every try
  std::string trace_id;    ///< X-Amzn-Trace-Id
  std::string payload;     ///< JSON
  WallTime accepted;
  std::int64_t failures = 0;    ///< tries that ended in a function error
  std::int64_t refusals = 0;    ///< tries that did not reach the function
  std::int64_t refused_as = 0;  ///< the status of the last try, where that was refused

  /// With the qualifier, $LATEST where none was given.
  [[nodiscard]] std::string arn() const;
};

/// What the store keeps of an event beside its payload: it is small, and changes with each try.
struct EventState {
  Event event;  ///< without the payload
  WallTime due;
  std::int64_t payload_bytes = 0;
};

/// To and from JSON text. Reading answers kInternal for what was not written by encode().
[[nodiscard]] std::string encode(const EventState& state);
[[nodiscard]] Result<EventState> decode_event_state(std::string_view text);

}  // namespace stator::lambda::events
