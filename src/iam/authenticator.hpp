#pragma once

#include <string>
#include <string_view>

#include "aws/call.hpp"
#include "aws/sigv4.hpp"
#include "iam/key_ring.hpp"
#include "iam/sharded_cache.hpp"

namespace stator::iam {

/// Verifies version 4 signatures, in AWS's order of checks and with AWS's words. Any thread.
class SignatureAuthenticator final : public aws::Authenticator {
 public:
  explicit SignatureAuthenticator(KeyRing& keys) : keys_(keys) {}

  [[nodiscard]] Result<aws::Principal> authenticate(const http::Request& request,
                                                    std::string_view service,
                                                    WallTime now) override;

 private:
  [[nodiscard]] std::shared_ptr<const std::string> signing_key(const KnownKey& key,
                                                               const aws::sigv4::Scope& scope);

  KeyRing& keys_;
  ShardedCache<std::string> signing_keys_;
};

/// How far a request's time may be from ours: fifteen minutes, but five for lambda, apigateway and
/// execute-api.
[[nodiscard]] std::chrono::minutes clock_skew_max(std::string_view service);

}  // namespace stator::iam
