#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aws/call.hpp"
#include "aws/sigv4.hpp"
#include "base/result.hpp"
#include "iam/last_uses.hpp"
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
  /// Made by GetSessionToken or GetFederationToken: IAM does not take it.
  bool is_barred_from_iam = false;
  std::uint64_t generation = 0;  ///< of the records that it was made from
  mutable UseGate uses;          ///< when its use is to be noted again
};

/// From an access key id and a session token to the key, its secret and its owner: the root key,
/// users' keys and sessions. What a session carries is compiled once and made anew when a record of
/// IAM changes, so that whom it speaks for is there and its managed policies are today's.
class KeyRing {
 public:
  KeyRing(aws::Principal root, aws::sigv4::SecretKey root_secret, const Records& records,
          Principals& principals, const Sessions& sessions);

  /// UnrecognizedClientException for a key that nobody has and for a token that does not belong to
  /// the key, ExpiredTokenException for a session that is over.
  [[nodiscard]] Result<std::shared_ptr<const KnownKey>> resolve(std::string_view access_key_id,
                                                                std::string_view session_token,
                                                                WallTime now);

  /// AWS refuses temporary keys of users and of federated users at IAM, where no MFA is involved:
  /// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
  [[nodiscard]] static Result<void> check_service(const KnownKey& key, std::string_view service);

 private:
  using Key = std::shared_ptr<const KnownKey>;
  [[nodiscard]] Result<Key> resolve_session(std::string_view access_key_id,
                                            std::string_view session_token, WallTime now);
  [[nodiscard]] Result<Key> open_session(std::string_view access_key_id,
                                         std::string_view session_token);
  [[nodiscard]] Result<Key> resolve_user(std::string_view access_key_id);
  /// Whether the role or user for whom a session speaks is still there; "" for root.
  [[nodiscard]] Result<std::string> arn_of_owner(const Session& session);
  [[nodiscard]] Result<std::shared_ptr<const CompiledSession>> compile(const Session& session);

  Key root_;
  const Records& records_;
  Principals& principals_;
  const Sessions& sessions_;
  ShardedCache<KnownKey> cache_;
};

/// The principal that a session is; `owner_arn` is the ARN of the user for whom it speaks.
[[nodiscard]] aws::Principal session_principal(const Session& session, std::string_view owner_arn);

}  // namespace stator::iam
