#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"

/// The client's connections, plain and TLS behind one interface.
namespace stator::http::detail {

/// Blocking reads and writes up to a deadline. kTimeout past it, kUnavailable when the connection
/// breaks.
class Stream {
 public:
  virtual ~Stream() = default;
  /// At least one byte; zero at the end.
  [[nodiscard]] virtual Result<std::size_t> read(std::span<char> into, SteadyTime deadline) = 0;
  [[nodiscard]] virtual Result<void> write(std::string_view bytes, SteadyTime deadline) = 0;
};

/// Tries each address of `host` in turn. A name that ends in ".localhost" is this machine
/// (RFC 6761), whatever the resolver says.
[[nodiscard]] Result<std::unique_ptr<Stream>> connect_tcp(const std::string& host,
                                                          std::uint16_t port, SteadyTime deadline);

/// Over a connected, non-blocking socket.
[[nodiscard]] std::unique_ptr<Stream> stream_over(UniqueFd connected);

/// TLS over a stream, with the peer's certificate verified for `host` against the system's
/// authorities.
[[nodiscard]] Result<std::unique_ptr<Stream>> start_tls(std::unique_ptr<Stream> plain,
                                                        const std::string& host,
                                                        SteadyTime deadline);

}  // namespace stator::http::detail
