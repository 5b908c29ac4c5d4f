#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "oidc/issuers.hpp"

namespace stator::oidc {

struct FetchLimits {
  std::chrono::milliseconds connect_timeout{3'000};
  std::chrono::milliseconds timeout{5'000};
  std::size_t bytes_max = 256u << 10;
  /// Certificates to believe instead of the system's, or "".
  std::string ca_file = {};
};

/// Reads by http and https: one GET, no redirects, certificates verified. kUnavailable with the
/// library's words when it fails, for any status but 200 and for more than bytes_max.
[[nodiscard]] Fetch make_https_fetch(const FetchLimits& limits = {});

}  // namespace stator::oidc
