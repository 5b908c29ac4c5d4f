#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/failure.hpp"

namespace stator::sdk {

struct Url {
  bool tls = false;
  std::string host;  ///< a name or address; an IPv6 address without its brackets
  std::uint16_t port = 0;
  std::string path;  ///< with query; at least "/"

  /// As in a Host header: the port only where it is not the scheme's own.
  [[nodiscard]] std::string authority() const;
};

/// http or https, without user information or fragment.
[[nodiscard]] Outcome<Url> parse_url(std::string_view text);

}  // namespace stator::sdk
