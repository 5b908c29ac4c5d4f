#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "http/message.hpp"

/// AWS Signature Version 4: what is signed and how.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
namespace stator::aws::sigv4 {

/// Named types, so that a key id and a secret cannot change places.
struct AccessKeyId {
  std::string value;
};
struct SecretKey {
  std::string value;
};
struct Credentials {
  AccessKeyId access_key_id;
  SecretKey secret;
  std::string session_token = {};  ///< "" for long-term keys
};

struct Scope {
  std::string date;  ///< "20260102"
  std::string region;
  std::string service;
  bool operator==(const Scope&) const = default;
};

/// The authentication parameters of a request, from the Authorization header or the query string,
/// taken apart but not judged: every field but the timestamp is as the client sent it.
struct Claim {
  bool is_presigned = false;
  std::string access_key_id;
  Scope scope;
  std::string terminator;                   ///< "aws4_request" when right
  std::vector<std::string> signed_headers;  ///< in the order sent
  std::string signature;
  std::string timestamp;  ///< X-Amz-Date, or the Date header; "20260102T030405Z" in either case
  std::string session_token;
  std::chrono::seconds expires{0};  ///< presigned only; 900 when the client named none
};

/// The claim, or the error that AWS answers at this step (no authentication, both forms, wrong
/// algorithm, parts missing, credential not five parts, date not ISO 8601), its type set for json
/// protocols and its wording AWS's.
[[nodiscard]] Result<Claim> read_claim(const http::Request& request);

/// A signature over more headers than this is refused: each costs a search.
inline constexpr std::size_t kSignedHeadersMax = 128;

/// The service in the request's credential scope, without judging anything else; "" when there is
/// none. A view into the request.
[[nodiscard]] std::string_view scope_service(const http::Request& request);
/// The region of the scope, by the same rules.
[[nodiscard]] std::string_view scope_region(const http::Request& request);

/// S3 signs the path as sent, once encoded; all others normalise it and encode it again.
enum class PathStyle { kNormalized, kVerbatim };

/// Signed headers are sorted and taken once; one that the request lacks counts as empty.
/// `payload_hash` is the hex SHA-256 of the body, or what S3 allows in its place.
[[nodiscard]] std::string canonical_request(const http::Request& request, const Claim& claim,
                                            PathStyle style, std::string_view payload_hash);
[[nodiscard]] std::string string_to_sign(std::string_view timestamp, const Scope& scope,
                                         std::string_view canonical_request);
/// The 32-byte signing key of that day, region and service.
[[nodiscard]] std::string signing_key(const SecretKey& secret, const Scope& scope);
/// 64 hex digits.
[[nodiscard]] std::string signature(std::string_view signing_key, std::string_view string_to_sign);

/// Adds X-Amz-Date, X-Amz-Security-Token where there is a token, for S3 X-Amz-Content-SHA256, and
/// Authorization over host, content-type and every x-amz-* header. Host must be set.
void sign(http::Request& request, const Credentials& credentials, std::string_view region,
          std::string_view service, WallTime now);

}  // namespace stator::aws::sigv4
