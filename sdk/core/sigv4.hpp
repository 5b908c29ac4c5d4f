#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/sha256.hpp"

namespace stator::sdk {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  ///< empty for a long-lived key
};

struct SigningScope {
  std::string region;
  std::string service;
};

/// What is signed. Header names are lower-case and sorted; every header given is signed.
struct SignedRequest {
  std::string_view method;
  std::string_view path;   ///< as it goes on the wire, already encoded once
  std::string_view query;  ///< canonical: sorted and encoded
  const Headers& headers;
  std::string_view body;
};

/// AWS Signature Version 4, as a client.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html Keeps
/// the key of the day. Any thread.
class Signer {
 public:
  explicit Signer(SigningScope scope) : scope_(std::move(scope)) {}

  /// The value of the Authorization header; `amz_date` is 20260102T030405Z.
  [[nodiscard]] std::string authorization(const Credentials& credentials,
                                          const SignedRequest& request, std::string_view amz_date);

 private:
  [[nodiscard]] Digest key_for(const Credentials& credentials, std::string_view date);

  const SigningScope scope_;
  std::mutex mutex_;
  std::string key_of_;  ///< date and secret of the key kept
  Digest key_{};
};

/// 20260102T030405Z
[[nodiscard]] std::string amz_date(std::int64_t epoch_ms);

}  // namespace stator::sdk
