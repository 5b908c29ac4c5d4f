#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.hpp"
#include "base/result.hpp"
#include "sandbox/sandbox.hpp"

/// What the server and its launcher say to each other, one message per packet. Both ends are the
/// same binary, so the version guards against a mixed installation and nothing else. Descriptors
/// travel beside the bytes (fd_socket.hpp).
namespace stator::sandbox {

inline constexpr std::uint8_t kProtocolVersion = 1;
/// A packet above this is refused by encode() and decode(): it must fit one SOCK_SEQPACKET send
/// under the kernel's default buffer.
inline constexpr std::size_t kMessageBytesMax = 160u << 10;
/// AWS merges at most 5 layers and two ports are in use; the rest is room to grow.
inline constexpr std::size_t kLayersMax = 16;
inline constexpr std::size_t kPortsMax = 4;
inline constexpr std::size_t kCompanionsMax = 16;
inline constexpr std::size_t kStringsMax = 1'024;

/// Launcher to server, once, after the self-test. `error` is empty on success.
struct Hello {
  Capabilities capabilities;
  std::string error;
};
/// Server to launcher. Answered by one Started or one Failed of the same id.
struct Start {
  std::uint64_t id = 0;
  Spec spec;
};
/// Launcher to server, with descriptors: output, listeners in order, connectors, with `has_kit` the
/// pidfds of init and program, then the file that tells the memory in use if `has_memory_file`.
struct Started {
  std::uint64_t id = 0;
  std::int32_t pid = 0;
  std::uint32_t listeners = 0;
  std::uint32_t connectors = 0;
  bool has_kit = false;
  bool has_memory_file = false;
};
struct Failed {
  std::uint64_t id = 0;
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
};
/// Server to launcher. Unknown ids are ignored: the sandbox may have ended meanwhile.
struct Kill {
  std::uint64_t id = 0;
};
/// Server to launcher. Unknown ids are ignored too.
struct Terminate {
  std::uint64_t id = 0;
};
/// Launcher to server, once per Started, when everything inside is gone.
struct Exited {
  std::uint64_t id = 0;
  Exit exit;
};

using Message = std::variant<Hello, Start, Started, Failed, Kill, Exited, Terminate>;

/// kInvalid when a bound above is exceeded.
[[nodiscard]] Result<std::string> encode(const Message& message);
/// kInvalid for anything that encode() does not produce.
[[nodiscard]] Result<Message> decode(std::string_view packet);

}  // namespace stator::sandbox
