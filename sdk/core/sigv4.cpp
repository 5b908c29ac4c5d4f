#include "core/sigv4.hpp"

#include <array>

#include "core/text.hpp"

namespace stator::sdk {
namespace {

// Leading and trailing spaces go, inner runs become one.
std::string canonical_value(std::string_view value) {
  std::string canonical;
  for (const char c : trim(value)) {
    if (c != ' ' || canonical.back() != ' ') canonical += c;
  }
  return canonical;
}

std::string names_of(const Headers& headers) {
  std::string names;
  for (const auto& [name, value] : headers) {
    if (!names.empty()) names += ';';
    names += name;
  }
  return names;
}

std::string canonical_request(const SignedRequest& request, std::string_view names) {
  std::string text(request.method);
  text += '\n';
  // Every service but S3 encodes the path that is on the wire once more.
  text += uri_encode(request.path, true);
  text += '\n';
  text += request.query;
  text += '\n';
  for (const auto& [name, value] : request.headers) {
    text += name;
    text += ':';
    text += canonical_value(value);
    text += '\n';
  }
  text += '\n';
  text += names;
  text += '\n';
  text += to_hex(sha256(request.body));
  return text;
}

}  // namespace

Digest Signer::key_for(const Credentials& credentials, std::string_view date) {
  const std::string wanted = std::string(date) + credentials.secret_access_key;
  const std::scoped_lock lock(mutex_);
  if (wanted != key_of_) {
    key_ = hmac_sha256("AWS4" + credentials.secret_access_key, date);
    key_ = hmac_sha256(bytes_of(key_), scope_.region);
    key_ = hmac_sha256(bytes_of(key_), scope_.service);
    key_ = hmac_sha256(bytes_of(key_), "aws4_request");
    key_of_ = wanted;
  }
  return key_;
}

std::string Signer::authorization(const Credentials& credentials, const SignedRequest& request,
                                  std::string_view amz_date) {
  const std::string_view date = amz_date.substr(0, 8);
  std::string scope(date);
  scope += '/';
  scope += scope_.region;
  scope += '/';
  scope += scope_.service;
  scope += "/aws4_request";

  const std::string names = names_of(request.headers);
  std::string to_sign = "AWS4-HMAC-SHA256\n";
  to_sign += amz_date;
  to_sign += '\n';
  to_sign += scope;
  to_sign += '\n';
  to_sign += to_hex(sha256(canonical_request(request, names)));

  const Digest key = key_for(credentials, date);
  std::string value = "AWS4-HMAC-SHA256 Credential=";
  value += credentials.access_key_id;
  value += '/';
  value += scope;
  value += ", SignedHeaders=";
  value += names;
  value += ", Signature=";
  value += to_hex(hmac_sha256(bytes_of(key), to_sign));
  return value;
}

std::string amz_date(std::int64_t epoch_ms) {
  std::array<char, 24> full{};
  stator1_format_time(epoch_ms, full.data());
  const std::string_view text(full.data(), full.size());
  std::string date;
  for (const char c : text.substr(0, 19)) {
    if (c != '-' && c != ':') date += c;
  }
  return date + 'Z';
}

}  // namespace stator::sdk
