#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/credentials.hpp"
#include "core/http.hpp"

namespace stator::sdk {

struct ClientOptions {
  std::string endpoint;  ///< empty: AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL, AWS's own
  std::string region;    ///< empty: AWS_REGION, AWS_DEFAULT_REGION
  Credentials credentials;
  std::uint32_t attempts_max = 0;        ///< 0: AWS_MAX_ATTEMPTS, else 4
  std::uint32_t connect_timeout_ms = 0;  ///< 0: 3000
  std::uint32_t attempt_timeout_ms = 0;  ///< 0: 10000; from first byte sent to last received
  std::uint32_t pipeline_max = 0;        ///< 0: 8 over plain HTTP, 1 over TLS
};

/// What one call may have otherwise than its client; 0: as the client.
struct CallLimits {
  std::uint32_t attempts_max = 0;
  std::uint32_t attempt_timeout_ms = 0;
};

/// One of several calls that may share a connection. The texts outlive it.
struct QueuedCall {
  std::string_view operation;
  std::string_view body;
  CallLimits limits;
};

/// What one operation came to.
struct Reply {
  int code = STATOR1_OK;
  int http_status = 0;
  std::uint32_t attempts = 0;
  std::string type;
  std::string message;
  std::string request_id;
  std::string body;
};

/// What a DynamoDB exception means to the caller, and whether to try again.
struct Verdict {
  int code = STATOR1_OTHER;
  bool retry = false;
};
[[nodiscard]] Verdict judge(int http_status, std::string_view type);

/// How long to wait before attempt `attempt` (1 is the first retry): "full jitter" below a bound
/// that doubles from 50 ms to 2 s. `random` is any 32 random bits.
[[nodiscard]] std::uint32_t backoff_ms(std::uint32_t attempt, std::uint32_t random);

/// DynamoDB over JSON 1.0: signs, sends, retries throttling, 5xx and broken connections. A request
/// whose connection broke may have been carried out, so a conditional write can fail on its own
/// first attempt; AWS's SDKs have the same trait. Keeps at most eight idle connections. Any thread.
class DynamoClient {
 public:
  explicit DynamoClient(const ClientOptions& options);

  [[nodiscard]] Reply call(std::string_view operation, std::string_view body,
                           const CallLimits& limits = {});
  /// Several calls that leave in one write and are answered over one connection, in their order.
  /// What gets no good answer there is tried again alone, as call() does.
  [[nodiscard]] std::vector<Reply> call_together(const std::vector<QueuedCall>& calls);
  /// How many calls may leave together.
  [[nodiscard]] std::uint32_t pipeline_max() const;

 private:
  struct Limits {
    std::uint32_t attempts_max, timeout_ms;
  };
  [[nodiscard]] Limits limits_of(const CallLimits& limits) const;
  /// call() from its first attempt on, or after it where `first` is what it came to.
  [[nodiscard]] Reply persist(const QueuedCall& call, const Reply* first);
  [[nodiscard]] std::vector<Reply> first_replies(const std::vector<QueuedCall>& calls);
  [[nodiscard]] Reply attempt(std::string_view operation, std::string_view body,
                              std::uint32_t timeout_ms, bool* fresh);
  [[nodiscard]] Headers signed_headers(const Credentials& keys, std::string_view operation,
                                       std::string_view body);
  [[nodiscard]] Outcome<std::unique_ptr<HttpConnection>> take_connection(bool* fresh);
  void give_back(std::unique_ptr<HttpConnection> connection);

  ClientOptions options_;
  Failure wrong_;  ///< code STATOR1_OK when the options are usable
  Url url_;
  CredentialSource credentials_;
  Signer signer_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<HttpConnection>> idle_;
};

}  // namespace stator::sdk
