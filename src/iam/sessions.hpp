#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/sigv4.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "iam/records.hpp"
#include "iam/secrets.hpp"

namespace stator::iam {

/// What a session may be given when it is made, beside who it is.
struct SessionExtras {
  std::optional<std::string> policy;     ///< a document that limits it
  std::vector<std::string> policy_arns;  ///< managed policies that limit it together with that
  std::vector<Tag> tags;
  std::vector<std::string> transitive_tag_keys;
  std::string source_identity;
  std::string federated_provider;  ///< of a web identity: the provider's ARN
};

/// One session, as its token carries it.
struct Session {
  enum class Kind : std::uint8_t { kRole, kUser, kFederatedUser, kRoot };
  Kind kind = Kind::kRole;
  std::string account;
  /// The role or user; for a federated user who asked for it; "" for root.
  std::string name;
  std::string id;             ///< AROA..., AIDA...: a later one of the same name does not inherit
  std::string session_name;   ///< of a role's session and of a federated user
  std::string access_key_id;  ///< ASIA...
  WallTime issued;
  WallTime expires;
  SessionExtras extras;
};

struct SessionCredentials {
  aws::sigv4::Credentials credentials;
  WallTime expires;
  /// How much of the room for policies and tags is used; nothing when there are none.
  std::optional<int> packed_percent = {};
};

/// A token that was opened, and the secret of its key.
struct OpenedSession {
  Session session;
  aws::sigv4::SecretKey secret;
};

/// Issues and reads session tokens. A token is the session itself, sealed: it needs no table,
/// survives a restart, and cannot be altered or moved to another key. The newest sealing key seals;
/// older ones open what they sealed. The secret is derived from the sealing key and the access key
/// id. Any thread.
class Sessions {
 public:
  Sessions(const Secrets& secrets, Random& random);

  /// `session.access_key_id` is chosen here. PackedPolicyTooLarge when policies and tags, packed,
  /// do not fit.
  [[nodiscard]] Result<SessionCredentials> issue(Session session);
  /// Nothing for a token that was not issued here or was altered. Expiry is the caller's to check.
  [[nodiscard]] std::optional<OpenedSession> open(std::string_view token) const;

  /// A user's secret as it is kept in the store.
  [[nodiscard]] std::string seal_secret(std::string_view access_key_id, std::string_view secret);
  [[nodiscard]] std::optional<std::string> open_secret(std::string_view access_key_id,
                                                       std::string_view sealed) const;

  /// What DecodeAuthorizationMessage opens.
  [[nodiscard]] std::string seal_message(std::string_view message);
  [[nodiscard]] std::optional<std::string> open_message(std::string_view sealed) const;

 private:
  /// What is derived from one sealing key.
  struct Keys {
    std::string id;  ///< four bytes, which begin what it sealed
    std::string token;
    std::string derivation;
    std::string message;
  };
  [[nodiscard]] const Keys* keys_of(std::string_view sealed) const;

  Random& random_;
  std::vector<Keys> keys_;  ///< newest first
  std::string storage_key_;
};

}  // namespace stator::iam
