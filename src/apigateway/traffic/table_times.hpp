#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace stator::apigateway {

/// "1-…" of an X-Amzn-Trace-Id ("Root=1-…;Parent=…"), or all of one that names no part; "" of "".
[[nodiscard]] std::string_view trace_root(std::string_view trace_id);

/// How long the requests that are followed keep tables busy, by the root of the trace that they and
/// the calls of their functions share. Any thread. What is past kMax at once is not watched.
class TableTimes {
 public:
  static constexpr std::size_t kMax = 10'000;

  struct Sum {
    std::uint64_t calls = 0;
    std::chrono::microseconds time{0};
  };
  void watch(std::string_view trace_id);
  /// Counts only for a trace that is watched.
  void add(std::string_view trace_id, std::chrono::microseconds took);
  /// What came together, and no more is watched; nothing for a trace that was not.
  [[nodiscard]] std::optional<Sum> take(std::string_view trace_id);

 private:
  std::mutex mutex_;
  std::map<std::string, Sum, std::less<>> sums_;
};

}  // namespace stator::apigateway
