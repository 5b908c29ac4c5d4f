#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aws/call.hpp"
#include "aws/sigv4.hpp"
#include "base/result.hpp"
#include "iam/principals.hpp"
#include "iam/records.hpp"
#include "iam/sessions.hpp"
#include "iam/sharded_cache.hpp"

namespace stator::iam {

/// An access key that may sign, and who signs with it.
struct KnownKey {
  aws::Principal principal;
  aws::sigv4::SecretKey secret;
  std::string session_token;        ///< "" for a long-term key
  std::optional<WallTime> expires;  ///< of a session
  std::uint64_t generation = 0;     ///< of the records that it was made from
};

/// From an access key id and a session token to the key, its secret and its owner: the root key,
/// users' keys and sessions of roles.
class KeyRing {
 public:
  KeyRing(aws::Principal root, aws::sigv4::SecretKey root_secret, const Records& records,
          Principals& principals, const Sessions& sessions);

  /// UnrecognizedClientException for a key that nobody has and for a token that does not belong to
  /// the key, ExpiredTokenException for a session that is over.
  [[nodiscard]] Result<std::shared_ptr<const KnownKey>> resolve(std::string_view access_key_id,
                                                                std::string_view session_token,
                                                                WallTime now);

 private:
  using Key = std::shared_ptr<const KnownKey>;
  [[nodiscard]] Result<Key> resolve_session(std::string_view access_key_id,
                                            std::string_view session_token, WallTime now);
  [[nodiscard]] Result<Key> open_session(std::string_view access_key_id,
                                         std::string_view session_token);
  [[nodiscard]] Result<Key> resolve_user(std::string_view access_key_id);

  Key root_;
  const Records& records_;
  Principals& principals_;
  const Sessions& sessions_;
  ShardedCache<KnownKey> cache_;
};

/// The principal that a session of a role is.
[[nodiscard]] aws::Principal session_principal(const Session& session);

}  // namespace stator::iam
