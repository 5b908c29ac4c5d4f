#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace stator::oidc {

/// Where an identity provider lives.
struct IssuerUrl {
  bool is_https = true;
  std::string name;  ///< without the scheme: "token.actions.githubusercontent.com"

  [[nodiscard]] std::string url() const { return (is_https ? "https://" : "http://") + name; }
};

/// https, or http where the host is this machine (127.0.0.1, localhost, [::1]); only there may a
/// port stand. kInvalid for anything else, for queries, fragments, user names, and what is no URL.
[[nodiscard]] Result<IssuerUrl> parse_issuer_url(std::string_view url);

/// Whether keys of `issuer` may be fetched from `url`: by https from anywhere, by http from this
/// machine for an issuer that is itself http on this machine.
[[nodiscard]] bool may_fetch(const IssuerUrl& issuer, std::string_view url);

}  // namespace stator::oidc
