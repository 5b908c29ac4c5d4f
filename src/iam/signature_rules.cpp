#include "iam/signature_rules.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "base/time_format.hpp"
#include "crypto/crypto.hpp"

namespace stator::iam {
namespace {

using aws::sigv4::Claim;
using aws::sigv4::Credential;
using std::chrono::minutes;

Error incomplete(std::string message) {
  return {ErrorCode::kUnauthenticated, std::move(message), "IncompleteSignatureException"};
}
Error invalid_signature(std::string message) {
  return {ErrorCode::kUnauthenticated, std::move(message), "InvalidSignatureException"};
}

bool is_one_of(std::string_view service, std::initializer_list<std::string_view> services) {
  return std::find(services.begin(), services.end(), service) != services.end();
}

Error missing_token(std::string_view service) {
  const bool says_request = is_one_of(service, {"dynamodb", "iam", "sts", "cloudformation"});
  return {ErrorCode::kUnauthenticated,
          says_request ? "Request is missing Authentication Token" : "Missing Authentication Token",
          "MissingAuthenticationTokenException"};
}

/// The query string is read before anything in it.
Result<void> check_escapes(std::string_view query) {
  const auto malformed = [](std::string message) {
    return Error{ErrorCode::kInvalid, std::move(message), "MalformedQueryStringException"};
  };
  for (auto at = query.find('%'); at != std::string_view::npos; at = query.find('%', at + 3)) {
    const std::string_view digits = query.substr(at + 1, 2);
    if (digits.size() < 2) return malformed("Incomplete trailing escape % sequence");
    if (!hex_decode(digits)) {
      return malformed("Illegal hex character in escape % pattern: %" + std::string(digits));
    }
  }
  return {};
}

/// API Gateway and what stands behind it never repeat a header that may be a password.
Error stray_part(std::string_view part, std::string_view header, std::string_view service) {
  if (is_one_of(service, {"lambda", "apigateway", "execute-api"})) {
    return incomplete(
        "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 "
        "and encoded with Base64): '" +
        base64_encode(crypto::sha256(header)) + "'.");
  }
  return incomplete("'" + std::string(part) +
                    "' not a valid key=value pair (missing equal-sign) in Authorization header: '" +
                    std::string(header) + "'.");
}

Result<void> check_header_form(const Claim& claim, std::string_view service) {
  if (claim.algorithm != aws::sigv4::kAlgorithm) {
    // Where another scheme means nothing at all, it is as if nothing had come.
    if (service == "dynamodb" && !claim.algorithm.starts_with("AWS4-")) {
      return missing_token(service);
    }
    if (!claim.algorithm.starts_with("AWS") &&
        is_one_of(service, {"lambda", "apigateway", "execute-api"})) {
      return stray_part(claim.authorization, claim.authorization, service);
    }
    return incomplete("Unsupported AWS 'algorithm': '" + std::string(claim.algorithm) + "'.");
  }
  if (!claim.stray.empty()) return stray_part(claim.stray, claim.authorization, service);
  std::string missing;
  if (!claim.credential) missing += "Authorization header requires 'Credential' parameter. ";
  if (!claim.signature) missing += "Authorization header requires 'Signature' parameter. ";
  if (!claim.signed_headers) missing += "Authorization header requires 'SignedHeaders' parameter. ";
  if (!claim.timestamp) {
    missing +=
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (missing.empty()) return {};
  return incomplete(missing + "Authorization=" + std::string(claim.authorization));
}

Result<void> check_query_form(const Claim& claim) {
  if (claim.algorithm != aws::sigv4::kAlgorithm) {
    return incomplete("Unsupported AWS 'algorithm': '" + std::string(claim.algorithm) + "'.");
  }
  std::string missing;
  const auto require = [&missing](const auto& part, const char* name) {
    if (!part) missing += "AWS query-string parameters must include '" + std::string(name) + "'. ";
  };
  require(claim.credential, "X-Amz-Credential");
  require(claim.signature, "X-Amz-Signature");
  require(claim.signed_headers, "X-Amz-SignedHeaders");
  require(claim.timestamp, "X-Amz-Date");
  if (missing.empty()) return {};
  return incomplete(missing + "Re-examine the query-string parameters.");
}

Result<void> check_form(const SignatureCase& x) {
  switch (x.claim.form) {
    case Claim::Form::kNone:
      return missing_token(x.service);
    case Claim::Form::kBoth:
      return invalid_signature(
          "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP "
          "header.");
    case Claim::Form::kHeader:
      return check_header_form(x.claim, x.service);
    case Claim::Form::kQuery:
      break;
  }
  return check_query_form(x.claim);
}

Result<void> check_signed_headers(const SignatureCase& x) {
  const std::string_view names = *x.claim.signed_headers;
  if (std::size_t(std::count(names.begin(), names.end(), ';')) >= kSignedHeadersMax) {
    return incomplete("The signature covers more than " + std::to_string(kSignedHeadersMax) +
                      " headers, which stator does not accept");
  }
  if (!aws::sigv4::is_signed(names, "host") && !aws::sigv4::is_signed(names, ":authority")) {
    return invalid_signature(
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const std::string unsigned_names = unsigned_headers(x.request, names, false);
  if (unsigned_names.empty()) return {};
  return invalid_signature("'" + unsigned_names.substr(0, unsigned_names.find(',')) +
                           "' must be a 'SignedHeader' in the AWS Authorization.");
}

/// X-Amz-Expires means nothing here: a presigned request is good for as long as any other.
Result<void> check_time(const SignatureCase& x) {
  const std::string_view timestamp = *x.claim.timestamp;
  const auto time = parse_iso8601_basic(timestamp);
  if (!time) {
    return incomplete("Date must be in ISO-8601 'basic format'. Got '" + std::string(timestamp) +
                      "'. See http://en.wikipedia.org/wiki/ISO_8601");
  }
  const auto skew = clock_skew_max(x.service);
  const WallTime oldest = x.now - skew, newest = x.now + skew;
  if (*time >= oldest && *time <= newest) return {};
  const std::string sent(timestamp), window = std::to_string(skew.count()) + " min.)";
  if (*time > newest) {
    return invalid_signature("Signature not yet current: " + sent + " is still later than " +
                             iso8601_basic(newest) + " (" + iso8601_basic(x.now) + " + " + window);
  }
  return invalid_signature("Signature expired: " + sent + " is now earlier than " +
                           iso8601_basic(oldest) + " (" + iso8601_basic(x.now) + " - " + window);
}

/// AWS lists everything that is wrong with the scope in one answer.
Result<void> check_scope(const SignatureCase& x, const Credential& credential) {
  std::string faults;
  if (!is_region(credential.scope.region)) {
    faults += "Credential should be scoped to a valid region";
    // STS has stopped to repeat what it got.
    if (x.service != "sts") faults += ", not '" + std::string(credential.scope.region) + "'";
    faults += ". ";
  }
  if (credential.scope.service != x.service) {
    faults += "Credential should be scoped to correct service: '" + std::string(x.service) + "'. ";
  }
  if (credential.terminator != aws::sigv4::kTerminator) {
    faults += "Credential should be scoped with a valid terminator: 'aws4_request', not '" +
              std::string(credential.terminator) + "'. ";
  }
  const std::string timestamp(*x.claim.timestamp), day = timestamp.substr(0, 8);
  if (credential.scope.date != day) {
    faults +=
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
        "HTTP: '" +
        std::string(credential.scope.date) + "' != '" + day + "', from '" + timestamp + "'. ";
  }
  if (faults.empty()) return {};
  return invalid_signature(std::move(faults));
}

}  // namespace

minutes clock_skew_max(std::string_view service) {
  return minutes(is_one_of(service, {"dynamodb", "iam", "sts", "s3"}) ? 15 : 5);
}

Result<Credential> judge_claim(const SignatureCase& x) {
  STATOR_TRY_VOID(check_escapes(x.request.query()));
  STATOR_TRY_VOID(check_form(x));
  STATOR_TRY_VOID(check_signed_headers(x));
  STATOR_TRY_VOID(check_time(x));
  const auto credential = aws::sigv4::split_credential(*x.claim.credential);
  if (!credential) {
    return incomplete(
        "Credential must have exactly 5 slash-delimited elements, e.g. "
        "keyid/date/region/service/term, got '" +
        std::string(*x.claim.credential) + "'");
  }
  STATOR_TRY_VOID(check_scope(x, *credential));
  return *credential;
}

Error signature_mismatch(const SignatureCase& x, const Computed& computed) {
  std::string message =
      "The request signature we calculated does not match the signature you provided. Check your "
      "AWS Secret Access Key and signing method. Consult the service documentation for details.";
  if (x.service == "dynamodb") {
    message.append("\n\nThe Canonical String for this request should have been\n'")
        .append(computed.canonical)
        .append("'\n\nThe String-to-Sign should have been\n'")
        .append(computed.string_to_sign)
        .append("'\n");
  }
  return invalid_signature(std::move(message));
}

std::string unsigned_headers(const http::Request& request, std::string_view signed_headers,
                             bool counts_session_token) {
  constexpr std::string_view kPrefix = "x-amz-";
  std::string names;
  for (const auto& [name, value] : request.headers.fields()) {
    const bool is_amz =
        name.size() > kPrefix.size() && equals_ignore_case(name.substr(0, kPrefix.size()), kPrefix);
    if (!is_amz || aws::sigv4::is_signed(signed_headers, name)) continue;
    if (equals_ignore_case(name, "x-amz-content-sha256")) continue;
    if (!counts_session_token && equals_ignore_case(name, "x-amz-security-token")) continue;
    if (!names.empty()) names += ", ";
    names += counts_session_token ? to_lower(name) : name;
  }
  return names;
}

bool is_region(std::string_view region) {
  constexpr std::size_t kRegionBytesMax = 32;
  return !region.empty() && region.size() <= kRegionBytesMax &&
         std::all_of(region.begin(), region.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

}  // namespace stator::iam
