#pragma once

#include <filesystem>
#include <string>

#include "aws/sigv4.hpp"
#include "base/random.hpp"

namespace stator::iam {

/// What must stay secret and survive restarts.
struct Secrets {
  aws::sigv4::Credentials root;
  std::string sealing_key;  ///< 32 bytes, for session tokens and users' secrets
};

/// Reads DATA/credentials (aws_access_key_id=..., aws_secret_access_key=...) and DATA/session_key,
/// and makes what is missing, readable by the owner alone. With an empty path everything is made
/// anew and nothing is written. Throws ConfigError naming the file that cannot be read or is
/// damaged.
[[nodiscard]] Secrets load_or_make_secrets(const std::filesystem::path& data, Random& random);

/// "AKIA" or "ASIA" and sixteen characters.
[[nodiscard]] std::string make_access_key_id(Random& random, std::string_view prefix);
/// Forty characters.
[[nodiscard]] std::string make_secret(Random& random);

}  // namespace stator::iam
