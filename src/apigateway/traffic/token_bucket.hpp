#pragma once

#include <mutex>

#include "base/clock.hpp"

namespace stator::apigateway {

/// Requests a second, and how many may come at once.
struct RateLimit {
  double rate = 0;
  double burst = 0;
};

/// A token bucket: from any moment on, no more than burst + rate * seconds are let in, and none is
/// turned away while a whole token is there. It keeps what was taken and not yet given back rather
/// than what is left, so that the limit may change at any time. Any thread.
class TokenBucket {
 public:
  /// Whether one more may pass; `now` may be a little older than that of another thread's call.
  [[nodiscard]] bool take(const RateLimit& limit, SteadyTime now);

 private:
  std::mutex mutex_;
  double taken_ = 0;
  SteadyTime counted_until_;
};

}  // namespace stator::apigateway
