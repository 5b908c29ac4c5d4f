#include <algorithm>
#include <array>
#include <charconv>

#include "aws/sigv4.hpp"
#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "base/time_format.hpp"

/// Steps 5 to 12 of the order in which AWS judges a signature; see the README.
namespace stator::aws::sigv4 {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::chrono::seconds kExpiresDefault{900};

Error incomplete(std::string message) {
  return {ErrorCode::kUnauthenticated, std::move(message), "IncompleteSignatureException"};
}

/// The still encoded value of the first query parameter of that name.
std::optional<std::string_view> raw_parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    if (pair.starts_with(name) && pair.size() > name.size() && pair[name.size()] == '=') {
      return pair.substr(name.size() + 1);
    }
    if (end == std::string_view::npos) break;
    query.remove_prefix(end + 1);
  }
  return std::nullopt;
}

std::string decoded_parameter(std::string_view query, std::string_view name) {
  const auto raw = raw_parameter(query, name);
  return raw ? percent_decode(*raw, true).value_or("") : "";
}

Result<void> set_credential(Claim& claim, std::string_view credential) {
  std::array<std::string_view, 5> parts;
  std::size_t count = 0;
  std::string_view rest = credential;
  for (; count < parts.size(); ++count) {
    const auto slash = rest.find('/');
    parts[count] = rest.substr(0, slash);
    if (slash == std::string_view::npos) {
      rest = {};
      ++count;
      break;
    }
    rest.remove_prefix(slash + 1);
  }
  if (count != parts.size() || !rest.empty() || credential.ends_with('/')) {
    return incomplete(
        "Credential must have exactly 5 slash-delimited elements, e.g. "
        "keyid/date/region/service/term, got '" +
        std::string(credential) + "'");
  }
  claim.access_key_id = parts[0];
  claim.scope = {std::string(parts[1]), std::string(parts[2]), std::string(parts[3])};
  claim.terminator = parts[4];
  return {};
}

Result<void> set_signed_headers(Claim& claim, std::string_view list) {
  const auto separators = std::size_t(std::count(list.begin(), list.end(), ';'));
  if (separators >= kSignedHeadersMax) {
    return incomplete("The signature covers more than " + std::to_string(kSignedHeadersMax) +
                      " headers, which stator does not accept");
  }
  claim.signed_headers.reserve(separators + 1);
  for (;;) {
    const auto end = list.find(';');
    if (end != 0 && !list.empty()) claim.signed_headers.emplace_back(list.substr(0, end));
    if (end == std::string_view::npos) return {};
    list.remove_prefix(end + 1);
  }
}

Error bad_date(std::string_view got) {
  return incomplete("Date must be in ISO-8601 'basic format'. Got '" + std::string(got) +
                    "'. See http://en.wikipedia.org/wiki/ISO_8601");
}

Result<void> set_timestamp(Claim& claim, std::string_view amz_date) {
  if (!parse_iso8601_basic(amz_date)) return bad_date(amz_date);
  claim.timestamp = amz_date;
  return {};
}

/// X-Amz-Date wins over Date, which may be RFC 1123 as HTTP wants it.
Result<void> set_timestamp(Claim& claim, const http::Headers& headers) {
  if (const auto amz_date = headers.find("x-amz-date")) return set_timestamp(claim, *amz_date);
  const std::string_view date = headers.get("date");
  const auto time = parse_http_date(date);
  if (!time) return set_timestamp(claim, date);
  claim.timestamp = iso8601_basic(*time);
  return {};
}

struct HeaderParts {
  std::optional<std::string_view> credential, signed_headers, signature;
};

/// Of a part that occurs twice the last value counts.
Result<HeaderParts> split_authorization(std::string_view header) {
  HeaderParts parts;
  std::string_view rest = header.substr(std::min(header.size(), kAlgorithm.size()));
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const std::string_view part = trim(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    if (part.empty()) continue;
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) {
      return incomplete("'" + std::string(part) +
                        "' not a valid key=value pair (missing equal-sign) in Authorization "
                        "header: '" +
                        std::string(header) + "'.");
    }
    const std::string_view key = part.substr(0, equals), value = part.substr(equals + 1);
    if (key == "Credential") parts.credential = value;
    if (key == "SignedHeaders") parts.signed_headers = value;
    if (key == "Signature") parts.signature = value;
  }
  return parts;
}

Result<Claim> claim_of_header(const http::Request& request, std::string_view header) {
  const std::string_view algorithm = header.substr(0, header.find(' '));
  if (algorithm != kAlgorithm) {
    return incomplete("Unsupported AWS 'algorithm': '" + std::string(algorithm) + "'.");
  }
  STATOR_TRY(const HeaderParts parts, split_authorization(header));
  const bool has_date = request.headers.find("x-amz-date") || request.headers.find("date");
  std::string missing;
  if (!parts.credential) missing += "Authorization header requires 'Credential' parameter. ";
  if (!parts.signature) missing += "Authorization header requires 'Signature' parameter. ";
  if (!parts.signed_headers) missing += "Authorization header requires 'SignedHeaders' parameter. ";
  if (!has_date) {
    missing +=
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (!missing.empty()) return incomplete(missing + "Authorization=" + std::string(header));

  Claim claim;
  STATOR_TRY_VOID(set_timestamp(claim, request.headers));
  STATOR_TRY_VOID(set_credential(claim, *parts.credential));
  STATOR_TRY_VOID(set_signed_headers(claim, *parts.signed_headers));
  claim.signature = *parts.signature;
  claim.session_token = request.headers.get("x-amz-security-token");
  return claim;
}

Result<std::chrono::seconds> read_expires(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) {
    return incomplete("X-Amz-Expires should be a number");
  }
  if (seconds < 0) return incomplete("X-Amz-Expires must be non-negative");
  if (seconds > 604'800) {
    return incomplete(
        "X-Amz-Expires must be less than a week (in seconds); that is, the given "
        "X-Amz-Expires must be less than 604800 seconds");
  }
  return std::chrono::seconds(seconds);
}

Result<Claim> claim_of_query(std::string_view query) {
  const std::string algorithm = decoded_parameter(query, "X-Amz-Algorithm");
  if (algorithm != kAlgorithm) {
    return incomplete("Unsupported AWS 'algorithm': '" + algorithm + "'.");
  }
  std::string missing;
  for (const std::string_view name :
       {"X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"}) {
    if (raw_parameter(query, name)) continue;
    missing += "AWS query-string parameters must include '" + std::string(name) + "'. ";
  }
  if (!missing.empty()) return incomplete(missing + "Re-examine the query-string parameters.");

  Claim claim;
  claim.is_presigned = true;
  STATOR_TRY_VOID(set_timestamp(claim, decoded_parameter(query, "X-Amz-Date")));
  STATOR_TRY_VOID(set_credential(claim, decoded_parameter(query, "X-Amz-Credential")));
  STATOR_TRY_VOID(set_signed_headers(claim, decoded_parameter(query, "X-Amz-SignedHeaders")));
  claim.expires = kExpiresDefault;
  if (raw_parameter(query, "X-Amz-Expires")) {
    STATOR_TRY(claim.expires, read_expires(decoded_parameter(query, "X-Amz-Expires")));
  }
  claim.signature = decoded_parameter(query, "X-Amz-Signature");
  claim.session_token = decoded_parameter(query, "X-Amz-Security-Token");
  return claim;
}

constexpr int kRegionPart = 2, kServicePart = 3;

/// One of the parts that '/' or "%2F" divides, counted from 0.
std::string_view credential_part(std::string_view credential, int wanted) {
  for (int part = 0;; ++part) {
    const auto end = credential.find_first_of("/%,");
    if (part == wanted) return credential.substr(0, end);
    if (end == std::string_view::npos || credential[end] == ',') return {};
    const bool escaped = credential[end] == '%';
    if (escaped && !equals_ignore_case(credential.substr(end, 3), "%2F")) return {};
    credential.remove_prefix(end + (escaped ? 3 : 1));
  }
}

/// The credential of either form as it was sent, perhaps with more behind it.
std::string_view raw_credential(const http::Request& request) {
  if (const auto header = request.headers.find("authorization")) {
    constexpr std::string_view kCredential = "Credential=";
    const auto at = header->find(kCredential);
    return at == std::string_view::npos ? std::string_view()
                                        : header->substr(at + kCredential.size());
  }
  return raw_parameter(request.query(), "X-Amz-Credential").value_or(std::string_view());
}

}  // namespace

Result<Claim> read_claim(const http::Request& request) {
  const auto header = request.headers.find("authorization");
  const bool in_query = raw_parameter(request.query(), "X-Amz-Algorithm").has_value();
  if (!header && !in_query) {
    return Error{ErrorCode::kUnauthenticated, "Request is missing Authentication Token",
                 "MissingAuthenticationTokenException"};
  }
  if (header && in_query) {
    return Error{ErrorCode::kUnauthenticated,
                 "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP "
                 "header.",
                 "InvalidSignatureException"};
  }
  return header ? claim_of_header(request, *header) : claim_of_query(request.query());
}

std::string_view scope_service(const http::Request& request) {
  return credential_part(raw_credential(request), kServicePart);
}

std::string_view scope_region(const http::Request& request) {
  return credential_part(raw_credential(request), kRegionPart);
}

}  // namespace stator::aws::sigv4
