#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "oidc/issuer_url.hpp"
#include "oidc/key_set.hpp"

namespace stator::oidc {

/// Reads a small document from the network. Blocks, for a bounded time; any thread. kUnavailable
/// when nothing could be read.
using Fetch = std::function<Result<std::string>(const std::string& url)>;

/// The keys of identity providers, found by discovery and kept. A set is fetched again after an
/// hour, and when a token names a key that it does not have, but not twice within half a minute;
/// while a provider does not answer, its last keys count for a day. Callers for one provider wait
/// for each other's fetch. Any thread; never on a loop.
class Issuers {
 public:
  static constexpr std::chrono::seconds kFreshFor{3'600};
  static constexpr std::chrono::seconds kStaleFor{24 * 3'600};
  static constexpr std::chrono::seconds kFetchAgainAfter{30};
  static constexpr std::size_t kIssuersMax = 128;

  Issuers(Fetch fetch, const Clock& clock) : fetch_(std::move(fetch)), clock_(clock) {}

  /// Whether the provider's key signed the token. kUnauthenticated when it did not, kUnavailable
  /// when the provider could not be asked, kInvalid when its answer is of no use or lacks the key.
  [[nodiscard]] Result<void> verify(const IssuerUrl& issuer, const Token& token);

 private:
  struct Entry {
    std::mutex mutex;
    std::shared_ptr<const KeySet> keys;
    SteadyTime fetched;  ///< of `keys`
    std::optional<SteadyTime> tried;
    std::optional<Error> failure;  ///< of the last try
  };
  [[nodiscard]] std::shared_ptr<Entry> entry_of(const IssuerUrl& issuer);
  void refresh(const IssuerUrl& issuer, Entry& entry);
  [[nodiscard]] Result<KeySet> fetch_keys(const IssuerUrl& issuer) const;

  Fetch fetch_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Entry>> entries_;
};

}  // namespace stator::oidc
