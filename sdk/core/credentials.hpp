#pragma once

#include <cstdint>
#include <mutex>

#include "core/failure.hpp"
#include "core/sigv4.hpp"

namespace stator::sdk {

/// Where the keys come from: those given, else the environment, else the profile AWS_PROFILE (or
/// "default") of AWS_SHARED_CREDENTIALS_FILE (or ~/.aws/credentials), else the container's
/// credential endpoint (AWS_CONTAINER_CREDENTIALS_FULL_URI or _RELATIVE_URI), whose keys are kept
/// until five minutes before they expire. Any thread.
class CredentialSource {
 public:
  explicit CredentialSource(Credentials given) : given_(std::move(given)) {}

  [[nodiscard]] Outcome<Credentials> get();

 private:
  [[nodiscard]] Outcome<Credentials> from_container(const std::string& uri);

  const Credentials given_;
  std::mutex mutex_;
  Credentials kept_;
  std::int64_t kept_until_ms_ = 0;  ///< of the wall clock
};

}  // namespace stator::sdk
