#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "apigateway/traffic/token_bucket.hpp"

namespace stator::apigateway {

/// What all APIs of an account in a Region may take together. Any thread.
class AccountThrottle {
 public:
  explicit AccountThrottle(RateLimit limit) : limit_(limit) {}

  [[nodiscard]] bool take(std::string_view account, std::string_view region, SteadyTime now);

 private:
  [[nodiscard]] TokenBucket& bucket(std::string_view account, std::string_view region);

  using Buckets = std::map<std::string, TokenBucket, std::less<>>;
  const RateLimit limit_;
  std::shared_mutex mutex_;
  /// As many as there are accounts and Regions with an API: never taken out.
  std::map<std::string, Buckets, std::less<>> accounts_;
};

}  // namespace stator::apigateway
