#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/sigv4.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"

namespace stator::iam {

/// One session of a role, as its token carries it.
struct Session {
  std::string account;
  std::string role_name;
  std::string role_id;  ///< AROA...: a later role of the same name does not inherit the session
  std::string session_name;
  std::string access_key_id;  ///< ASIA...
  WallTime expires;
};

struct SessionCredentials {
  aws::sigv4::Credentials credentials;
  WallTime expires;
};

/// Issues and reads session tokens. A token is the session itself, sealed: it needs no table,
/// survives a restart, and cannot be altered or moved to another key. The secret is derived from
/// the sealing key and the access key id. Any thread.
class Sessions {
 public:
  Sessions(std::string sealing_key, Random& random);

  /// `session.access_key_id` is chosen here.
  [[nodiscard]] SessionCredentials issue(Session session);
  /// Nothing for a token that was not issued here or was altered. Expiry is the caller's to check.
  [[nodiscard]] std::optional<Session> open(std::string_view token) const;
  [[nodiscard]] aws::sigv4::SecretKey secret_of(std::string_view access_key_id) const;

  /// A user's secret as it is kept in the store.
  [[nodiscard]] std::string seal_secret(std::string_view access_key_id, std::string_view secret);
  [[nodiscard]] std::optional<std::string> open_secret(std::string_view access_key_id,
                                                       std::string_view sealed) const;

 private:
  [[nodiscard]] std::string seal(std::string_view plain, std::string_view context);

  Random& random_;
  std::string token_key_;
  std::string derivation_key_;
  std::string storage_key_;
};

}  // namespace stator::iam
