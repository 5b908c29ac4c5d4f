#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace stator::bench {

/// One request as bytes for the wire; the view lives until the next call. Empty: no more.
using NextRequest = std::function<std::string_view()>;

struct Target {
  std::string host = "127.0.0.1";  ///< loopback only: whatever else is refused
  std::uint16_t port = 0;
  int pid = 0;  ///< the server's, for its CPU time; 0: not measured
};

struct Outcome {
  std::uint64_t answered = 0;
  std::uint64_t failed = 0;  ///< answers other than 200, and broken connections
  std::string first_failure;
  double seconds = 0;
  double server_cpu_seconds = 0;
  std::uint64_t p50_us = 0;
  std::uint64_t p99_us = 0;
  std::uint64_t body_bytes = 0;  ///< of the last answer
};

/// Keeps one request under way on each of `connections` kept-alive connections for `time`, or until
/// `next` has no more, then waits for the answers still owed. One thread. Throws when it cannot
/// connect.
[[nodiscard]] Outcome run_closed_loop(const Target& target, unsigned connections,
                                      std::chrono::milliseconds time, const NextRequest& next);

/// CPU that the process has used, by all its threads that still run, to the nanosecond.
[[nodiscard]] double cpu_seconds(int pid);

}  // namespace stator::bench
