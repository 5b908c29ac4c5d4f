#include <algorithm>
#include <array>

#include "aws/sigv4.hpp"
#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "base/time_format.hpp"

namespace stator::aws::sigv4 {
namespace {

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

std::string_view keep(Claim& claim, std::string text) {
  claim.decoded.push_front(std::move(text));
  return claim.decoded.front();
}

/// Decoded; a value with a malformed escape counts as it stands.
std::optional<std::string_view> parameter(Claim& claim, std::string_view query,
                                          std::string_view name) {
  const auto raw = raw_parameter(query, name);
  if (!raw || raw->find_first_of("%+") == std::string_view::npos) return raw;
  return keep(claim, percent_decode(*raw, true).value_or(std::string(*raw)));
}

/// All fields of that name as one; equal ones are one.
std::string_view session_token_header(Claim& claim, const http::Headers& headers) {
  std::optional<std::string_view> token;
  for (const auto& [name, value] : headers.fields()) {
    if (!equals_ignore_case(name, "x-amz-security-token")) continue;
    if (!token) {
      token = value;
    } else if (*token != value) {
      token = keep(claim, std::string(*token) + "," + value);
    }
  }
  return token.value_or("");
}

/// X-Amz-Date wins over Date, which may be RFC 1123 as HTTP wants it.
void read_date_header(Claim& claim, const http::Headers& headers) {
  claim.timestamp = headers.find("x-amz-date");
  if (claim.timestamp) return;
  claim.timestamp = headers.find("date");
  const auto time = claim.timestamp ? parse_http_date(*claim.timestamp) : std::nullopt;
  if (time) claim.timestamp = keep(claim, iso8601_basic(*time));
}

void read_parts(Claim& claim, std::string_view parts) {
  while (!parts.empty()) {
    const auto comma = parts.find(',');
    const std::string_view part = trim(parts.substr(0, comma));
    parts = comma == std::string_view::npos ? std::string_view() : parts.substr(comma + 1);
    if (part.empty()) continue;
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) {
      if (claim.stray.empty()) claim.stray = part;
      continue;
    }
    const std::string_view key = part.substr(0, equals), value = part.substr(equals + 1);
    if (key == "Credential") claim.credential = value;
    if (key == "SignedHeaders") claim.signed_headers = value;
    if (key == "Signature") claim.signature = value;
  }
}

void read_header(Claim& claim, const http::Request& request) {
  const auto space = claim.authorization.find(' ');
  claim.algorithm = claim.authorization.substr(0, space);
  if (space != std::string_view::npos) read_parts(claim, claim.authorization.substr(space + 1));
  read_date_header(claim, request.headers);
}

void read_query(Claim& claim, std::string_view query) {
  claim.algorithm = parameter(claim, query, "X-Amz-Algorithm").value_or("");
  claim.credential = parameter(claim, query, "X-Amz-Credential");
  claim.signed_headers = parameter(claim, query, "X-Amz-SignedHeaders");
  claim.signature = parameter(claim, query, "X-Amz-Signature");
  claim.timestamp = parameter(claim, query, "X-Amz-Date");
  claim.expires = parameter(claim, query, "X-Amz-Expires");
  if (!claim.content_sha256) {
    claim.content_sha256 = parameter(claim, query, "X-Amz-Content-Sha256");
  }
  if (claim.session_token.empty()) {
    claim.session_token = parameter(claim, query, "X-Amz-Security-Token").value_or("");
  }
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

std::optional<Credential> split_credential(std::string_view credential) {
  std::array<std::string_view, 5> parts;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const auto slash = credential.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    parts[i] = credential.substr(0, slash);
    credential.remove_prefix(slash + 1);
  }
  if (credential.find('/') != std::string_view::npos) return std::nullopt;
  return Credential{parts[0], {parts[1], parts[2], parts[3]}, credential};
}

Claim read_claim(const http::Request& request) {
  Claim claim;
  const auto header = request.headers.find("authorization");
  const std::string_view query = request.query();
  const bool in_query = raw_parameter(query, "X-Amz-Algorithm").has_value();
  claim.authorization = header.value_or("");
  claim.content_sha256 = request.headers.find("x-amz-content-sha256");
  claim.session_token = session_token_header(claim, request.headers);
  if (header && in_query) {
    claim.form = Claim::Form::kBoth;
  } else if (header) {
    claim.form = Claim::Form::kHeader;
    read_header(claim, request);
  } else if (in_query) {
    claim.form = Claim::Form::kQuery;
    read_query(claim, query);
  }
  return claim;
}

std::string_view scope_service(const http::Request& request) {
  return credential_part(raw_credential(request), kServicePart);
}

std::string_view scope_region(const http::Request& request) {
  return credential_part(raw_credential(request), kRegionPart);
}

bool is_signed(std::string_view signed_headers, std::string_view name) {
  for (;;) {
    const auto end = signed_headers.find(';');
    if (equals_ignore_case(signed_headers.substr(0, end), name)) return true;
    if (end == std::string_view::npos) return false;
    signed_headers.remove_prefix(end + 1);
  }
}

}  // namespace stator::aws::sigv4
