#include "apigateway/traffic/token_bucket.hpp"

#include <algorithm>

namespace stator::apigateway {
namespace {

/// Far below a token and far above what sums of binary fractions are off by.
constexpr double kRounding = 1e-6;

}  // namespace

bool TokenBucket::take(const RateLimit& limit, SteadyTime now) {
  const std::lock_guard lock(mutex_);
  if (now > counted_until_) {
    const double seconds = std::chrono::duration<double>(now - counted_until_).count();
    taken_ = std::max(0.0, taken_ - limit.rate * seconds);
    counted_until_ = now;
  }
  if (taken_ + 1 > limit.burst + kRounding) return false;
  taken_ += 1;
  return true;
}

}  // namespace stator::apigateway
