#include <algorithm>

#include "aws/sigv4.hpp"
#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "base/time_format.hpp"
#include "crypto/crypto.hpp"

namespace stator::aws::sigv4 {
namespace {

constexpr std::string_view kTerminator = "aws4_request";

std::string scope_text(const Scope& scope) {
  std::string text;
  text.reserve(64);
  text.append(scope.date).append("/").append(scope.region).append("/").append(scope.service);
  return text.append("/").append(kTerminator);
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
  std::string text;
  text.reserve(160);
  text.append("AWS4-HMAC-SHA256\n").append(timestamp).append("\n");
  text.append(scope_text(scope)).append("\n");
  return text.append(crypto::sha256_hex(canonical_request));
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
  Claim claim;
  claim.timestamp = iso8601_basic(now);
  claim.scope = {claim.timestamp.substr(0, 8), std::string(region), std::string(service)};
  request.headers.remove("Authorization");
  request.headers.set("X-Amz-Date", claim.timestamp);
  if (!credentials.session_token.empty()) {
    request.headers.set("X-Amz-Security-Token", credentials.session_token);
  }
  const std::string payload_hash = crypto::sha256_hex(request.body);
  const bool is_s3 = service == "s3";
  if (is_s3) request.headers.set("X-Amz-Content-SHA256", payload_hash);
  claim.signed_headers = headers_to_sign(request.headers);

  const std::string canonical = canonical_request(
      request, claim, is_s3 ? PathStyle::kVerbatim : PathStyle::kNormalized, payload_hash);
  const std::string to_sign = string_to_sign(claim.timestamp, claim.scope, canonical);
  const std::string key = signing_key(credentials.secret, claim.scope);
  request.headers.set("Authorization",
                      "AWS4-HMAC-SHA256 Credential=" + credentials.access_key_id.value + "/" +
                          scope_text(claim.scope) +
                          ", SignedHeaders=" + join(claim.signed_headers, ";") +
                          ", Signature=" + signature(key, to_sign));
}

}  // namespace stator::aws::sigv4
