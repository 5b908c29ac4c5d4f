#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace stator::apigateway {

/// One answered request, as it counts.
struct Sample {
  int status = 200;
  std::chrono::microseconds latency{};
  std::optional<std::chrono::microseconds> integration_latency = {};
  std::uint64_t bytes = 0;  ///< of both bodies
  bool is_throttled = false;
};

/// The upper bounds of all but the last step of a histogram.
inline constexpr std::array<std::chrono::microseconds, 11> kLatencySteps = {
    std::chrono::milliseconds(1),   std::chrono::microseconds(2500), std::chrono::milliseconds(5),
    std::chrono::milliseconds(10),  std::chrono::milliseconds(25),   std::chrono::milliseconds(50),
    std::chrono::milliseconds(100), std::chrono::milliseconds(250),  std::chrono::seconds(1),
    std::chrono::seconds(5),        std::chrono::seconds(30)};

/// How long things took. Any thread; adding never waits.
class Histogram {
 public:
  struct Reading {
    std::array<std::uint64_t, kLatencySteps.size() + 1> counts{};  ///< of each step alone
    std::uint64_t sum_us = 0;
  };
  void add(std::chrono::microseconds took);
  [[nodiscard]] Reading read() const;

 private:
  std::array<std::atomic<std::uint64_t>, kLatencySteps.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_us_ = 0;
};

/// What CloudWatch's metrics of an HTTP API count, from the start of the server on. Any thread;
/// adding never waits.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
class Figures {
 public:
  struct Reading {
    std::uint64_t client_errors = 0;  ///< 4xx, throttled ones too
    std::uint64_t server_errors = 0;
    std::uint64_t throttled = 0;
    std::uint64_t bytes = 0;
    Histogram::Reading latency;  ///< counts every request
    Histogram::Reading integration_latency;
  };
  void add(const Sample& sample);
  [[nodiscard]] Reading read() const;

 private:
  std::atomic<std::uint64_t> client_errors_ = 0, server_errors_ = 0, throttled_ = 0, bytes_ = 0;
  Histogram latency_, integration_latency_;
};

}  // namespace stator::apigateway
