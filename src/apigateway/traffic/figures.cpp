#include "apigateway/traffic/figures.hpp"

#include <algorithm>

namespace stator::apigateway {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

}  // namespace

void Histogram::add(std::chrono::microseconds took) {
  const auto step = std::lower_bound(kLatencySteps.begin(), kLatencySteps.end(), took);
  counts_[std::size_t(step - kLatencySteps.begin())].fetch_add(1, kRelaxed);
  sum_us_.fetch_add(std::uint64_t(std::max<std::int64_t>(took.count(), 0)), kRelaxed);
}

Histogram::Reading Histogram::read() const {
  Reading reading;
  for (std::size_t i = 0; i < counts_.size(); ++i) reading.counts[i] = counts_[i].load(kRelaxed);
  reading.sum_us = sum_us_.load(kRelaxed);
  return reading;
}

void Figures::add(const Sample& sample) {
  if (sample.status >= 400 && sample.status < 500) client_errors_.fetch_add(1, kRelaxed);
  if (sample.status >= 500) server_errors_.fetch_add(1, kRelaxed);
  if (sample.is_throttled) throttled_.fetch_add(1, kRelaxed);
  bytes_.fetch_add(sample.bytes, kRelaxed);
  latency_.add(sample.latency);
  if (sample.integration_latency) integration_latency_.add(*sample.integration_latency);
}

Figures::Reading Figures::read() const {
  return {client_errors_.load(kRelaxed),
          server_errors_.load(kRelaxed),
          throttled_.load(kRelaxed),
          bytes_.load(kRelaxed),
          latency_.read(),
          integration_latency_.read()};
}

}  // namespace stator::apigateway
