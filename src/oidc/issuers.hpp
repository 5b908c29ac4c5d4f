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

/// The keys of identity providers, found by discovery and kept. A set is fetched again when it is
/// no longer fresh, and when a token names a key that it does not have, but not twice within half a
/// minute; while a provider does not answer, its last keys count for a day. Callers for one
/// provider wait for each other's fetch. Any thread; verify() never on a loop.
class Issuers {
 public:
  static constexpr std::chrono::seconds kFreshFor{3'600};
  static constexpr std::chrono::seconds kStaleFor{24 * 3'600};
  static constexpr std::chrono::seconds kFetchAgainAfter{30};
  static constexpr std::size_t kIssuersMax = 128;
  static constexpr std::size_t kMissingKeysMax = 64;

  struct Options {
    std::chrono::seconds fresh_for = kFreshFor;
    /// How often within kFetchAgainAfter a provider that answers may be asked for a key that was
    /// not yet asked for, so that a rotation is seen at once and made-up keys are not many fetches.
    std::size_t early_asks = 0;
  };
  Issuers(Fetch fetch, const Clock& clock) : Issuers(std::move(fetch), clock, Options{}) {}
  Issuers(Fetch fetch, const Clock& clock, Options options)
      : fetch_(std::move(fetch)), clock_(clock), options_(options) {}

  /// Whether the provider's key signed the token. kUnauthenticated when it did not, kUnavailable
  /// when the provider could not be asked, kInvalid when its answer is of no use or lacks the key.
  [[nodiscard]] Result<void> verify(const IssuerUrl& issuer, const Token& token);

  /// What is known without asking the provider.
  struct Known {
    std::shared_ptr<const KeySet> keys;  ///< null when there are none that count
    /// Whether verify() would ask the provider: for keys that it lacks or has kept too long, and
    /// for the one key if `keys` do not have it.
    bool may_ask_for_keys = true;
    bool may_ask_for_one = true;
    std::optional<Error> failure;  ///< of the last try, when it failed
  };
  /// About the provider and one of its keys. Never waits for a fetch, so that a loop may ask.
  [[nodiscard]] Known known(const IssuerUrl& issuer, const std::string& key_id);

 private:
  struct Entry {
    std::mutex fetching;  ///< held over a fetch; locked before `mutex`
    std::mutex mutex;     ///< of what follows, never held for long
    std::shared_ptr<const KeySet> keys;
    SteadyTime fetched;  ///< of `keys`
    std::optional<SteadyTime> tried;
    std::size_t early_asks = 0;                 ///< made since the last fetch that was not early
    std::map<std::string, SteadyTime> missing;  ///< keys that were asked for in vain
    std::optional<Error> failure;               ///< of the last try
  };
  [[nodiscard]] std::shared_ptr<Entry> entry_of(const IssuerUrl& issuer);
  [[nodiscard]] Known known(Entry& entry, const std::string& key_id) const;
  void refresh(const IssuerUrl& issuer, Entry& entry);
  void note_missing(Entry& entry, const std::string& key_id);
  [[nodiscard]] Result<KeySet> fetch_keys(const IssuerUrl& issuer) const;

  Fetch fetch_;
  const Clock& clock_;
  const Options options_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Entry>> entries_;
};

}  // namespace stator::oidc
