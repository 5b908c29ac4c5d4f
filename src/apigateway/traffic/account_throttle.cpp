#include "apigateway/traffic/account_throttle.hpp"

namespace stator::apigateway {

bool AccountThrottle::take(std::string_view account, std::string_view region, SteadyTime now) {
  return bucket(account, region).take(limit_, now);
}

TokenBucket& AccountThrottle::bucket(std::string_view account, std::string_view region) {
  {
    const std::shared_lock lock(mutex_);
    if (const auto regions = accounts_.find(account); regions != accounts_.end()) {
      if (const auto at = regions->second.find(region); at != regions->second.end()) {
        return at->second;
      }
    }
  }
  const std::unique_lock lock(mutex_);
  return accounts_[std::string(account)][std::string(region)];
}

}  // namespace stator::apigateway
