#pragma once

#include <forward_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
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

inline constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view kTerminator = "aws4_request";

/// Where and when a signature counts.
struct Scope {
  std::string_view date;  ///< "20260102"
  std::string_view region;
  std::string_view service;
  bool operator==(const Scope&) const = default;
};

/// A credential taken apart: "AKID/20260102/us-east-1/dynamodb/aws4_request".
struct Credential {
  std::string_view access_key_id;
  Scope scope;
  std::string_view terminator;  ///< kTerminator when right
};

/// Nothing unless there are exactly five parts.
[[nodiscard]] std::optional<Credential> split_credential(std::string_view credential);

/// What a request says about its signature, in the Authorization header or in the query string,
/// taken apart and not judged. Its views are into the request, which must outlive it, and into
/// `decoded`; so it moves and cannot be copied.
struct Claim {
  enum class Form { kNone, kHeader, kQuery, kBoth };

  Claim() = default;
  Claim(Claim&&) = default;
  Claim& operator=(Claim&&) = default;

  [[nodiscard]] bool is_presigned() const { return form == Form::kQuery; }

  Form form = Form::kNone;
  std::string_view authorization;  ///< the whole header
  std::string_view algorithm;
  std::string_view stray;  ///< the first part of the header that is no key=value, or ""
  std::optional<std::string_view> credential;
  std::optional<std::string_view> signed_headers;  ///< "host;x-amz-date"
  std::optional<std::string_view> signature;
  /// X-Amz-Date as sent, else the Date header: in the form of X-Amz-Date where it can be read.
  std::optional<std::string_view> timestamp;
  std::optional<std::string_view> expires;         ///< X-Amz-Expires
  std::optional<std::string_view> content_sha256;  ///< the header, or the parameter when presigned
  /// A header counts before a parameter. Headers that differ are one token that nobody issued.
  std::string_view session_token;

  std::forward_list<std::string> decoded;  ///< what is not in the request as it stands
};

/// Of a part that occurs twice in the header the last counts, of a parameter the first.
[[nodiscard]] Claim read_claim(const http::Request& request);

/// The service in the request's credential scope, without judging anything else; "" when there is
/// none. A view into the request.
[[nodiscard]] std::string_view scope_service(const http::Request& request);
/// The region of the scope, by the same rules.
[[nodiscard]] std::string_view scope_region(const http::Request& request);

/// True when the list "host;x-amz-date" has this name, in any case.
[[nodiscard]] bool is_signed(std::string_view signed_headers, std::string_view name);

/// How a service reads the path that was signed.
enum class PathStyle {
  kNormalized,  ///< without dot segments and repeated slashes, encoded once more than it was sent
  kPlain,       ///< S3: every slash and dot counts, encoded once, however the client spelled it
};

struct CanonicalRules {
  PathStyle path = PathStyle::kNormalized;
  /// Sorted and taken once whatever their order here; a header that is not there counts as empty.
  std::string_view signed_headers;
  /// The hex SHA-256 of the body, or what S3 allows in its place.
  std::string_view payload_hash;
  /// Leaves X-Amz-Security-Token out of the query: some clients append it after signing.
  bool has_late_token = false;
};

[[nodiscard]] std::string canonical_request(const http::Request& request,
                                            const CanonicalRules& rules);
[[nodiscard]] std::string string_to_sign(std::string_view timestamp, const Scope& scope,
                                         std::string_view canonical_request);
/// The 32-byte signing key of that day, region and service.
[[nodiscard]] std::string signing_key(const SecretKey& secret, const Scope& scope);
/// 64 hex digits.
[[nodiscard]] std::string signature(std::string_view signing_key, std::string_view string_to_sign);

/// What one chunk of an S3 upload signs: itself and, by their signatures, all that was before it.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
[[nodiscard]] std::string chunk_string_to_sign(std::string_view timestamp, const Scope& scope,
                                               std::string_view previous, std::string_view data);
/// What the trailer behind the chunks signs; `fields` are "name:value\n" each.
[[nodiscard]] std::string trailer_string_to_sign(std::string_view timestamp, const Scope& scope,
                                                 std::string_view previous,
                                                 std::string_view fields);

/// Adds X-Amz-Date, X-Amz-Security-Token where there is a token, for S3 X-Amz-Content-SHA256, and
/// Authorization over host, content-type and every x-amz-* header. Host must be set.
void sign(http::Request& request, const Credentials& credentials, std::string_view region,
          std::string_view service, WallTime now);

}  // namespace stator::aws::sigv4
