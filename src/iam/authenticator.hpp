#pragma once

#include <string>
#include <string_view>

#include "aws/call.hpp"
#include "aws/sigv4.hpp"
#include "iam/key_ring.hpp"
#include "iam/last_uses.hpp"
#include "iam/sharded_cache.hpp"

namespace stator::iam {

/// Verifies version 4 signatures, in AWS's order of checks and with AWS's words: what the claim
/// says, whose key it names, the signature, and what S3 signs beside it. Any thread.
class SignatureAuthenticator final : public aws::Authenticator {
 public:
  SignatureAuthenticator(KeyRing& keys, LastUses& uses) : keys_(keys), uses_(uses) {}

  [[nodiscard]] Result<aws::Principal> authenticate(const http::Request& request,
                                                    std::string_view service,
                                                    WallTime now) override;

 private:
  [[nodiscard]] std::shared_ptr<const std::string> signing_key(const KnownKey& key,
                                                               const aws::sigv4::Scope& scope);

  /// For GetAccessKeyLastUsed and RoleLastUsed, once a minute for each key.
  void note_use(const KnownKey& key, const LastUse& use);

  KeyRing& keys_;
  LastUses& uses_;
  ShardedCache<std::string> signing_keys_;
};

}  // namespace stator::iam
