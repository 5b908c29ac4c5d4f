#include <algorithm>

#include "aws/sigv4.hpp"
#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "base/time_format.hpp"
#include "crypto/crypto.hpp"

namespace stator::aws::sigv4 {
namespace {

std::string scope_text(const Scope& scope) {
  std::string text;
  text.reserve(64);
  text.append(scope.date).append("/").append(scope.region).append("/").append(scope.service);
  return text.append("/").append(kTerminator);
}

/// What all kinds of signatures begin with.
std::string opening(std::string_view algorithm, std::string_view timestamp, const Scope& scope) {
  std::string text;
  text.reserve(320);
  text.append(algorithm).append("\n").append(timestamp).append("\n");
  return text.append(scope_text(scope)).append("\n");
}

/// The headers that an intermediary has no business changing.
std::vector<std::string> headers_to_sign(const http::Headers& headers) {
  std::vector<std::string> names;
  for (const auto& field : headers.fields()) {
    std::string name = to_lower(field.first);
    if (name == "host" || name == "content-type" || name.starts_with("x-amz-")) {
      names.push_back(std::move(name));
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

std::string string_to_sign(std::string_view timestamp, const Scope& scope,
                           std::string_view canonical_request) {
  return opening(kAlgorithm, timestamp, scope).append(crypto::sha256_hex(canonical_request));
}

std::string chunk_string_to_sign(std::string_view timestamp, const Scope& scope,
                                 std::string_view previous, std::string_view data) {
  constexpr std::string_view kHashOfNothing =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  return opening("AWS4-HMAC-SHA256-PAYLOAD", timestamp, scope)
      .append(previous)
      .append("\n")
      .append(kHashOfNothing)
      .append("\n")
      .append(crypto::sha256_hex(data));
}

std::string trailer_string_to_sign(std::string_view timestamp, const Scope& scope,
                                   std::string_view previous, std::string_view fields) {
  return opening("AWS4-HMAC-SHA256-TRAILER", timestamp, scope)
      .append(previous)
      .append("\n")
      .append(crypto::sha256_hex(fields));
}

std::string signing_key(const SecretKey& secret, const Scope& scope) {
  const std::string of_date = crypto::hmac_sha256("AWS4" + secret.value, scope.date);
  const std::string of_region = crypto::hmac_sha256(of_date, scope.region);
  const std::string of_service = crypto::hmac_sha256(of_region, scope.service);
  return crypto::hmac_sha256(of_service, kTerminator);
}

std::string signature(std::string_view signing_key, std::string_view string_to_sign) {
  return hex_encode(crypto::hmac_sha256(signing_key, string_to_sign));
}

void sign(http::Request& request, const Credentials& credentials, std::string_view region,
          std::string_view service, WallTime now) {
  const std::string timestamp = iso8601_basic(now);
  const Scope scope{std::string_view(timestamp).substr(0, 8), region, service};
  request.headers.remove("Authorization");
  request.headers.set("X-Amz-Date", timestamp);
  if (!credentials.session_token.empty()) {
    request.headers.set("X-Amz-Security-Token", credentials.session_token);
  }
  const std::string payload_hash = crypto::sha256_hex(request.body);
  const bool is_s3 = service == "s3";
  if (is_s3) request.headers.set("X-Amz-Content-SHA256", payload_hash);
  const std::string signed_headers = join(headers_to_sign(request.headers), ";");

  const std::string canonical =
      canonical_request(request, {.path = is_s3 ? PathStyle::kPlain : PathStyle::kNormalized,
                                  .signed_headers = signed_headers,
                                  .payload_hash = payload_hash});
  const std::string to_sign = string_to_sign(timestamp, scope, canonical);
  const std::string key = signing_key(credentials.secret, scope);
  request.headers.set("Authorization", std::string(kAlgorithm) +
                                           " Credential=" + credentials.access_key_id.value + "/" +
                                           scope_text(scope) + ", SignedHeaders=" + signed_headers +
                                           ", Signature=" + signature(key, to_sign));
}

}  // namespace stator::aws::sigv4
