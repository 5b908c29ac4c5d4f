#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/worker_pool.hpp"
#include "oidc/issuers.hpp"

namespace stator::apigateway {

/// How an issuer's documents are fetched; API Gateway's limits.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
[[nodiscard]] oidc::Fetch make_issuer_fetch();

/// Finds out whether an issuer's key signed a token without keeping a loop waiting: what needs no
/// fetch is answered at once, the rest by a worker, one at a time for each issuer. Any thread.
class TokenVerifier {
 public:
  using Keys = std::shared_ptr<const oidc::KeySet>;
  using Verified = std::function<void(const Result<Keys>&)>;
  /// Tokens that wait for one issuer.
  static constexpr std::size_t kWaitingMax = 1'000;

  TokenVerifier(oidc::Fetch fetch, const Clock& clock);

  /// `done` learns which keys signed it. Errors as of oidc::Issuers::verify(), and kThrottled when
  /// too many wait.
  void verify(const oidc::IssuerUrl& issuer, std::shared_ptr<const oidc::Token> token,
              Verified done);

  /// The issuer's keys, as long as they count without asking again; else null.
  [[nodiscard]] Keys current(const oidc::IssuerUrl& issuer);

  /// Answers what waits, and waits for it.
  void stop() { workers_.stop(); }

 private:
  struct Waiting {
    std::shared_ptr<const oidc::Token> token;
    Verified done;
  };
  /// What is known already; nothing when the issuer has to be asked.
  [[nodiscard]] std::optional<Result<Keys>> verify_now(const oidc::IssuerUrl& issuer,
                                                       const oidc::Token& token);
  void ask_later(const oidc::IssuerUrl& issuer, Waiting waiting);
  void work_off(const oidc::IssuerUrl& issuer);
  [[nodiscard]] Result<Keys> ask(const oidc::IssuerUrl& issuer, const oidc::Token& token);

  oidc::Issuers issuers_;
  std::mutex mutex_;
  /// By issuer; one that is here has a worker.
  std::map<std::string, std::deque<Waiting>> waiting_;
  WorkerPool workers_;  ///< the last, because its tasks use the rest
};

}  // namespace stator::apigateway
