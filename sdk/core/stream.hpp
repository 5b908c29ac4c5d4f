#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/failure.hpp"
#include "core/url.hpp"

namespace stator::sdk {

/// The moment, in milliseconds of the monotonic clock, at which to give up.
using Deadline = std::int64_t;
inline constexpr Deadline kNever = INT64_MAX;
[[nodiscard]] std::int64_t monotonic_ms();
[[nodiscard]] Deadline after_ms(std::int64_t timeout_ms);

/// A connected byte stream. One thread at a time. A failure leaves it unusable.
class Stream {
 public:
  virtual ~Stream() = default;
  [[nodiscard]] virtual Outcome<void> send(std::string_view bytes, Deadline deadline) = 0;
  /// At least one byte, or 0 at the other side's end.
  [[nodiscard]] virtual Outcome<std::size_t> receive(char* out, std::size_t size,
                                                     Deadline deadline) = 0;
  /// Whether the other side has closed it or said something unasked; does not wait.
  [[nodiscard]] virtual bool is_stale() = 0;
};

/// TCP. "localhost" and names below it mean 127.0.0.1 (RFC 6761), so that a sandbox needs no
/// resolver. Resolving other names is bounded by the system's resolver, not by `deadline`.
[[nodiscard]] Outcome<std::unique_ptr<Stream>> connect_tcp(const Url& url, Deadline deadline);
/// TCP, with TLS when the URL asks for it.
[[nodiscard]] Outcome<std::unique_ptr<Stream>> connect(const Url& url, Deadline deadline);

}  // namespace stator::sdk
