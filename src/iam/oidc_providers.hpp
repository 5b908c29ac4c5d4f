#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "iam/records.hpp"
#include "oidc/issuer_url.hpp"
#include "storage/store.hpp"

namespace stator::iam {

/// An OpenID Connect provider whose tokens roles may trust.
struct OidcProvider {
  oidc::IssuerUrl url;
  std::vector<std::string> client_ids;   ///< the audiences that its tokens may have
  std::vector<std::string> thumbprints;  ///< kept as given; certificates are verified by the system
  std::vector<Tag> tags;
  WallTime created;
};

/// "arn:aws:iam::ACCOUNT:oidc-provider/" and the URL without its scheme.
[[nodiscard]] std::string provider_arn(std::string_view account, std::string_view name);

/// The providers of each account, in the store. A change reads and writes while it holds
/// Records::lock().
class OidcProviders {
 public:
  static constexpr std::size_t kProvidersMax = 100;

  explicit OidcProviders(storage::Store& store) : store_(store) {}

  /// By the URL without its scheme.
  [[nodiscard]] Result<std::optional<OidcProvider>> find(std::string_view account,
                                                         std::string_view name) const;
  [[nodiscard]] Result<std::vector<OidcProvider>> list(std::string_view account) const;
  [[nodiscard]] Result<void> put(std::string_view account, const OidcProvider& provider);
  [[nodiscard]] Result<void> erase(std::string_view account, const OidcProvider& provider);

 private:
  storage::Store& store_;
};

}  // namespace stator::iam
