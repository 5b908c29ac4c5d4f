#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/sigv4.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"

namespace stator::iam {

/// A key that seals session tokens.
struct SealingKey {
  std::string bytes;  ///< 32 bytes
  WallTime created;
};

/// What must stay secret and survive restarts.
struct Secrets {
  aws::sigv4::Credentials root;
  std::string storage_key;               ///< 32 bytes; seals users' secrets and never changes
  std::vector<SealingKey> session_keys;  ///< newest first, at least one; the first one seals
};

/// At a start after this age of the newest sealing key there is a newer one.
inline constexpr std::chrono::hours kSealingKeyAgeMax{30 * 24};
/// So long an older key still opens tokens; no session is longer than 36 hours.
inline constexpr std::chrono::hours kSealingKeyOpens{72};

struct SecretsParts {
  std::filesystem::path data;  ///< empty: everything is made anew and nothing is written
  std::string account;
  WallTime now;
};

/// Reads DATA/credentials (aws_access_key_id=..., aws_secret_access_key=...) and DATA/session_key
/// (a line "stored HEX" and lines "session HEX TIME"), makes what is missing, readable by the owner
/// alone, and rotates the sealing keys. Throws ConfigError naming the file that cannot be read or
/// is damaged.
[[nodiscard]] Secrets load_or_make_secrets(const SecretsParts& parts, Random& random);

/// "AKIA" or "ASIA" and sixteen characters that carry the account the way AWS's do, so that
/// GetAccessKeyInfo and the usual tools can tell whose a key is.
[[nodiscard]] std::string make_access_key_id(Random& random, std::string_view prefix,
                                             std::string_view account);
/// The account in such an id; nothing where there is none.
[[nodiscard]] std::optional<std::string> account_of_access_key_id(std::string_view id);
/// Forty characters.
[[nodiscard]] std::string make_secret(Random& random);

}  // namespace stator::iam
