#include <algorithm>
#include <charconv>

#include "aws/aws_chunked.hpp"
#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "base/time_format.hpp"
#include "iam/signature_rules.hpp"
#include "json/json.hpp"

/// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and, for the query form,
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
namespace stator::iam {
namespace {

using aws::sigv4::Claim;
using aws::sigv4::Credential;

using Elements = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// The elements that follow Code and Message.
Error s3_error(ErrorCode code, std::string type, std::string message, Elements elements = {}) {
  Error error{code, std::move(message), std::move(type)};
  if (elements.size() == 0) return error;
  json::Object detail;
  for (const auto& [name, value] : elements) detail[name] = to_utf8(value);
  error.detail_json = json::dump(detail);
  return error;
}
Error denied(std::string message, Elements elements = {}) {
  return s3_error(ErrorCode::kAccessDenied, "AccessDenied", std::move(message), elements);
}
Error malformed_header(std::string_view fault) {
  return s3_error(ErrorCode::kInvalid, "AuthorizationHeaderMalformed",
                  "The authorization header is malformed; " + std::string(fault));
}
Error malformed_query(std::string message) {
  return s3_error(ErrorCode::kInvalid, "AuthorizationQueryParametersError", std::move(message));
}
/// A fault of the credential, in either form.
Error malformed_credential(const Claim& claim, const std::string& fault) {
  return claim.is_presigned()
             ? malformed_query("Error parsing the X-Amz-Credential parameter; " + fault)
             : malformed_header(fault);
}

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

Error not_four_a(std::string_view what) {
  return s3_error(ErrorCode::kUnsupported, "NotImplemented",
                  std::string(what) + " (Signature Version 4A) is not supported");
}

Result<void> check_header_form(const Claim& claim) {
  if (claim.algorithm == "AWS4-ECDSA-P256-SHA256") return not_four_a(claim.algorithm);
  if (claim.algorithm == "AWS") {
    return s3_error(ErrorCode::kInvalid, "InvalidRequest",
                    "The authorization mechanism you have provided is not supported. Please use "
                    "AWS4-HMAC-SHA256.");
  }
  if (claim.algorithm != aws::sigv4::kAlgorithm) {
    return s3_error(ErrorCode::kInvalid, "InvalidArgument", "Unsupported Authorization Type",
                    {{"ArgumentName", "Authorization"}, {"ArgumentValue", claim.authorization}});
  }
  if (!claim.stray.empty()) {
    return malformed_header("the authorization component " + quoted(claim.stray) +
                            " is malformed.");
  }
  if (!claim.credential || !claim.signature || !claim.signed_headers) {
    return malformed_header(
        "the authorization header requires three components: Credential, SignedHeaders, and "
        "Signature.");
  }
  if (!claim.timestamp || !parse_iso8601_basic(*claim.timestamp)) {
    return denied("AWS authentication requires a valid Date or x-amz-date header");
  }
  return {};
}

Result<std::chrono::seconds> read_expires(std::string_view text) {
  constexpr std::int64_t kWeek = 604'800;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) {
    return malformed_query("X-Amz-Expires should be a number");
  }
  if (seconds < 0) return malformed_query("X-Amz-Expires must be non-negative");
  if (seconds > kWeek) {
    return malformed_query(
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires "
        "must be less than 604800 seconds");
  }
  return std::chrono::seconds(seconds);
}

Result<void> check_query_form(const Claim& claim) {
  if (claim.algorithm == "AWS4-ECDSA-P256-SHA256") return not_four_a(claim.algorithm);
  if (claim.algorithm != aws::sigv4::kAlgorithm) {
    return malformed_query("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
  }
  if (!claim.credential || !claim.signature || !claim.timestamp || !claim.signed_headers ||
      !claim.expires) {
    return malformed_query(
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
        "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
  }
  if (!parse_iso8601_basic(*claim.timestamp)) {
    return malformed_query(
        "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  }
  STATOR_TRY([[maybe_unused]] const auto expires, read_expires(*claim.expires));
  return {};
}

Result<void> check_form(const Claim& claim) {
  switch (claim.form) {
    case Claim::Form::kNone:
      return denied("Access Denied");
    case Claim::Form::kBoth:
      return s3_error(ErrorCode::kInvalid, "InvalidArgument",
                      "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, "
                      "Signature query string parameter or the Authorization header should be "
                      "specified",
                      {{"ArgumentName", "Authorization"}, {"ArgumentValue", claim.authorization}});
    case Claim::Form::kHeader:
      return check_header_form(claim);
    case Claim::Form::kQuery:
      break;
  }
  return check_query_form(claim);
}

bool is_day(std::string_view date) {
  return parse_iso8601_basic(std::string(date) + "T000000Z").has_value();
}

/// The first fault alone is named.
Result<void> check_scope(const SignatureCase& x, const Credential& credential) {
  const auto fault = [&x](const std::string& text) { return malformed_credential(x.claim, text); };
  const auto& [date, region, service] = credential.scope;
  if (credential.access_key_id.empty()) {
    return fault("a non-empty Access Key (AKID) must be provided in the credential.");
  }
  if (!is_day(date)) {
    return fault("incorrect date format " + quoted(date) +
                 ". This date in the credential must be in the format \"yyyyMMdd\".");
  }
  if (region.empty()) return fault("a non-empty region must be provided in the credential.");
  if (!is_region(region)) {
    return fault("the region '" + std::string(region) + "' is wrong; expecting 'us-east-1'");
  }
  if (service != x.service) {
    return fault("incorrect service " + quoted(service) + ". This endpoint belongs to \"s3\".");
  }
  if (credential.terminator != aws::sigv4::kTerminator) {
    return fault("incorrect terminal " + quoted(credential.terminator) +
                 ". This endpoint uses \"aws4_request\".");
  }
  const std::string_view day = x.claim.timestamp->substr(0, 8);
  if (date == day) return {};
  const std::string text = "Invalid credential date " + quoted(date) +
                           ". This date is not the same as X-Amz-Date: " + quoted(day) + ".";
  return x.claim.is_presigned() ? malformed_query(text) : malformed_header(text);
}

Result<void> check_signed_headers(const SignatureCase& x) {
  const std::string_view names = *x.claim.signed_headers;
  if (std::size_t(std::count(names.begin(), names.end(), ';')) >= kSignedHeadersMax) {
    return s3_error(ErrorCode::kUnsupported, "NotImplemented",
                    "The signature covers more than " + std::to_string(kSignedHeadersMax) +
                        " headers, which stator does not accept");
  }
  std::string missing = unsigned_headers(x.request, names, true);
  if (!aws::sigv4::is_signed(names, "host"))
    missing = missing.empty() ? "host" : "host, " + missing;
  if (missing.empty()) return {};
  return denied("There were headers present in the request which were not signed",
                {{"HeadersNotSigned", missing}});
}

/// A presigned request is good from its time on for as long as it says.
Result<void> check_time(const SignatureCase& x) {
  const WallTime time = *parse_iso8601_basic(*x.claim.timestamp);
  const auto skew = clock_skew_max(x.service);
  const std::string server_time = iso8601(x.now);
  if (x.claim.is_presigned()) {
    if (time > x.now + skew) {
      return denied("Request is not valid yet", {{"ServerTime", server_time}});
    }
    STATOR_TRY(const auto expires, read_expires(*x.claim.expires));
    if (x.now <= time + expires) return {};
    return denied("Request has expired", {{"X-Amz-Expires", *x.claim.expires},
                                          {"Expires", iso8601(time + expires)},
                                          {"ServerTime", server_time}});
  }
  if (time <= x.now + skew && time >= x.now - skew) return {};
  return s3_error(ErrorCode::kAccessDenied, "RequestTimeTooSkewed",
                  "The difference between the request time and the current time is too large.",
                  {{"RequestTime", *x.claim.timestamp},
                   {"ServerTime", server_time},
                   {"MaxAllowedSkewMilliseconds", "900000"}});
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && hex_decode(text).has_value();
}

/// "61 62" for "ab".
std::string spaced_hex(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 3);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0) text += ' ';
    text += hex_encode(bytes.substr(i, 1));
  }
  return text;
}

}  // namespace

Result<Credential> judge_s3_claim(const SignatureCase& x) {
  if (!percent_decode(x.request.query())) {
    return s3_error(ErrorCode::kInvalid, "InvalidURI", "Couldn't parse the specified URI.");
  }
  STATOR_TRY_VOID(check_form(x.claim));
  const auto credential = aws::sigv4::split_credential(*x.claim.credential);
  if (!credential) {
    return malformed_credential(x.claim,
                                "the Credential is mal-formed; expecting "
                                "\"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
  }
  STATOR_TRY_VOID(check_scope(x, *credential));
  STATOR_TRY_VOID(check_signed_headers(x));
  STATOR_TRY_VOID(check_time(x));
  return *credential;
}

Result<std::string_view> s3_payload_hash(const SignatureCase& x) {
  constexpr std::string_view kUnsigned = "UNSIGNED-PAYLOAD";
  if (!x.claim.content_sha256) {
    if (x.claim.is_presigned()) return kUnsigned;
    return s3_error(ErrorCode::kInvalid, "InvalidRequest",
                    "Missing required header for this request: x-amz-content-sha256");
  }
  const std::string_view claimed = *x.claim.content_sha256;
  if (claimed == kUnsigned || is_sha256(claimed) || aws::chunked_form(claimed)) return claimed;
  if (claimed.starts_with("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD")) return not_four_a(claimed);
  return s3_error(
      ErrorCode::kInvalid, "InvalidArgument",
      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
      "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, "
      "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER "
      "or a valid sha256 value.",
      {{"ArgumentName", "x-amz-content-sha256"}, {"ArgumentValue", claimed}});
}

Error s3_signature_mismatch(const SignatureCase& x, const Computed& computed) {
  const std::string_view credential = *x.claim.credential;
  return s3_error(ErrorCode::kUnauthenticated, "SignatureDoesNotMatch",
                  "The request signature we calculated does not match the signature you provided. "
                  "Check your key and signing method.",
                  {{"AWSAccessKeyId", credential.substr(0, credential.find('/'))},
                   {"StringToSign", computed.string_to_sign},
                   {"SignatureProvided", computed.claimed},
                   {"StringToSignBytes", spaced_hex(computed.string_to_sign)},
                   {"CanonicalRequest", computed.canonical},
                   {"CanonicalRequestBytes", spaced_hex(computed.canonical)}});
}

Error s3_content_mismatch(std::string_view claimed, std::string_view computed) {
  return s3_error(
      ErrorCode::kInvalid, "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      {{"ClientComputedContentSHA256", claimed}, {"S3ComputedContentSHA256", computed}});
}

Error s3_key_error(const SignatureCase& x, Error error) {
  if (error.aws_type == "ExpiredTokenException") {
    return s3_error(ErrorCode::kInvalid, "ExpiredToken", "The provided token has expired.",
                    {{"Token-0", x.claim.session_token}});
  }
  if (error.aws_type != "UnrecognizedClientException") return error;
  if (!x.claim.session_token.empty()) {
    return s3_error(ErrorCode::kInvalid, "InvalidToken",
                    "The provided token is malformed or otherwise invalid.",
                    {{"Token-0", x.claim.session_token}});
  }
  const std::string_view credential = *x.claim.credential;
  return s3_error(ErrorCode::kAccessDenied, "InvalidAccessKeyId",
                  "The AWS Access Key Id you provided does not exist in our records.",
                  {{"AWSAccessKeyId", credential.substr(0, credential.find('/'))}});
}

}  // namespace stator::iam
