#include "iam/authenticator.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "base/time_format.hpp"
#include "crypto/crypto.hpp"

namespace stator::iam {
namespace {

using aws::sigv4::Claim;
using std::chrono::minutes;

Error invalid_signature(std::string message) {
  return {ErrorCode::kUnauthenticated, std::move(message), "InvalidSignatureException"};
}

bool is_signed(const Claim& claim, std::string_view header) {
  return std::any_of(claim.signed_headers.begin(), claim.signed_headers.end(),
                     [&](const std::string& name) { return equals_ignore_case(name, header); });
}

/// Host, and what names the operation or changes its meaning, must be under the signature. The
/// session token is bound to its key by itself and some clients add it after signing.
Result<void> check_signed_headers(const http::Request& request, const Claim& claim,
                                  std::string_view service) {
  if (!is_signed(claim, "host") && !is_signed(claim, ":authority")) {
    return invalid_signature(
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  constexpr std::string_view kPrefix = "x-amz-";
  for (const auto& [name, value] : request.headers.fields()) {
    const bool is_amz =
        name.size() > kPrefix.size() && equals_ignore_case(name.substr(0, kPrefix.size()), kPrefix);
    if (!is_amz || equals_ignore_case(name, "x-amz-security-token") || is_signed(claim, name)) {
      continue;
    }
    if (service == "s3") {
      return Error{ErrorCode::kAccessDenied,
                   "There were headers present in the request which were not signed",
                   "AccessDenied"};
    }
    return invalid_signature("'" + name + "' must be a 'SignedHeader' in the AWS Authorization.");
  }
  return {};
}

Error skew_error(std::string_view service, std::string message) {
  if (service == "s3") {
    return {ErrorCode::kAccessDenied,
            "The difference between the request time and the current time is too large.",
            "RequestTimeTooSkewed"};
  }
  return invalid_signature(std::move(message));
}

/// A signed request is good for the skew on both sides, a presigned one from its time on for as
/// long as it says.
Result<void> check_time(const Claim& claim, WallTime time, std::string_view service, WallTime now) {
  const auto skew = clock_skew_max(service);
  if (!claim.is_presigned && time <= now + skew && time >= now - skew) return {};
  const std::string window = std::to_string(skew.count()) + " min.)";
  if (time > now + skew) {
    return skew_error(service, "Signature not yet current: " + claim.timestamp +
                                   " is still later than " + iso8601_basic(now + skew) + " (" +
                                   iso8601_basic(now) + " + " + window);
  }
  if (claim.is_presigned) {
    if (now <= time + claim.expires) return {};
    if (service == "s3") {
      return Error{ErrorCode::kAccessDenied, "Request has expired", "AccessDenied"};
    }
    return invalid_signature("Signature expired: " + iso8601_basic(time + claim.expires) +
                             " is now earlier than " + iso8601_basic(now));
  }
  return skew_error(service, "Signature expired: " + claim.timestamp + " is now earlier than " +
                                 iso8601_basic(now - skew) + " (" + iso8601_basic(now) + " - " +
                                 window);
}

bool is_region(std::string_view region) {
  constexpr std::size_t kRegionBytesMax = 32;
  return !region.empty() && region.size() <= kRegionBytesMax &&
         std::all_of(region.begin(), region.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

/// AWS lists everything that is wrong with the scope in one answer.
Result<void> check_scope(const Claim& claim, std::string_view service) {
  std::string faults;
  const auto add = [&](std::string fault) {
    if (!faults.empty()) faults += ' ';
    faults += fault;
  };
  if (!is_region(claim.scope.region)) {
    add("Credential should be scoped to a valid region, not '" + claim.scope.region + "'.");
  }
  if (claim.scope.service != service) {
    add("Credential should be scoped to correct service: '" + std::string(service) + "'.");
  }
  if (claim.terminator != "aws4_request") {
    add("Credential should be scoped with a valid terminator: 'aws4_request', not '" +
        claim.terminator + "'.");
  }
  const std::string_view day = std::string_view(claim.timestamp).substr(0, 8);
  if (claim.scope.date != day) {
    add("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
        "HTTP: '" +
        claim.scope.date + "' != '" + std::string(day) + "', from '" + claim.timestamp + "'.");
  }
  if (faults.empty()) return {};
  return invalid_signature(std::move(faults));
}

/// What stands for the body in the canonical request. S3 alone may leave the body unsigned.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
Result<std::string> payload_hash(const http::Request& request, const Claim& claim,
                                 std::string_view service) {
  const auto header = request.headers.find("x-amz-content-sha256");
  if (service != "s3") return crypto::sha256_hex(request.body);
  constexpr std::string_view kUnsigned = "UNSIGNED-PAYLOAD";
  if (!header) {
    if (claim.is_presigned) return std::string(kUnsigned);
    return Error{ErrorCode::kInvalid,
                 "Missing required header for this request: x-amz-content-sha256",
                 "InvalidRequest"};
  }
  if (*header == kUnsigned) return std::string(kUnsigned);
  if (header->starts_with("STREAMING-")) {
    return Error{ErrorCode::kUnsupported,
                 "x-amz-content-sha256: " + std::string(header->substr(0, 64)) +
                     " (a body signed in chunks) is not supported",
                 "NotImplemented"};
  }
  std::string hash = crypto::sha256_hex(request.body);
  if (!equals_ignore_case(hash, *header)) {
    return Error{ErrorCode::kInvalid,
                 "The provided 'x-amz-content-sha256' header does not match what was computed.",
                 "XAmzContentSHA256Mismatch"};
  }
  return std::string(*header);
}

Error mismatch(std::string_view service, std::string_view canonical, std::string_view to_sign) {
  if (service == "s3") {
    return invalid_signature(
        "The request signature we calculated does not match the signature you provided. Check your "
        "key and signing method.");
  }
  std::string message =
      "The request signature we calculated does not match the signature you provided. Check your "
      "AWS Secret Access Key and signing method. Consult the service documentation for details.";
  if (service == "dynamodb") {
    message += "\n\nThe Canonical String for this request should have been\n'" +
               std::string(canonical) + "'\n\nThe String-to-Sign should have been\n'" +
               std::string(to_sign) + "'\n";
  }
  return invalid_signature(std::move(message));
}

}  // namespace

minutes clock_skew_max(std::string_view service) {
  const bool is_strict = service == "lambda" || service == "apigateway" || service == "execute-api";
  return is_strict ? minutes(5) : minutes(15);
}

Result<aws::Principal> SignatureAuthenticator::authenticate(const http::Request& request,
                                                            std::string_view service,
                                                            WallTime now) {
  STATOR_TRY(const Claim claim, aws::sigv4::read_claim(request));
  STATOR_TRY_VOID(check_signed_headers(request, claim, service));
  const auto time = parse_iso8601_basic(claim.timestamp);
  STATOR_CHECK(time.has_value());
  STATOR_TRY_VOID(check_time(claim, *time, service, now));
  STATOR_TRY_VOID(check_scope(claim, service));
  STATOR_TRY(const auto key, keys_.resolve(claim.access_key_id, claim.session_token, now));
  STATOR_TRY_VOID(KeyRing::check_service(*key, service));
  STATOR_TRY(const auto body_hash, payload_hash(request, claim, service));

  const auto style =
      service == "s3" ? aws::sigv4::PathStyle::kVerbatim : aws::sigv4::PathStyle::kNormalized;
  const auto canonical = aws::sigv4::canonical_request(request, claim, style, body_hash);
  const auto to_sign = aws::sigv4::string_to_sign(claim.timestamp, claim.scope, canonical);
  const auto expected = aws::sigv4::signature(*signing_key(*key, claim.scope), to_sign);
  const auto header = request.headers.find("x-amz-content-sha256");
  const bool agrees = service == "s3" || !header || equals_ignore_case(*header, body_hash);
  if (!agrees || !equal_constant_time(expected, claim.signature)) {
    return mismatch(service, canonical, to_sign);
  }
  return key->principal;
}

std::shared_ptr<const std::string> SignatureAuthenticator::signing_key(
    const KnownKey& key, const aws::sigv4::Scope& scope) {
  // An access key id has one secret for ever, so the secret need not be part of the name.
  std::string name;
  name.reserve(96);
  name.append(key.principal.access_key_id).append("/").append(scope.date).append("/");
  name.append(scope.region).append("/").append(scope.service);
  if (auto cached = signing_keys_.find(name)) return cached;
  auto derived = std::make_shared<const std::string>(aws::sigv4::signing_key(key.secret, scope));
  signing_keys_.put(name, derived);
  return derived;
}

}  // namespace stator::iam
