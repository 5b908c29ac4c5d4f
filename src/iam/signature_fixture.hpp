#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "base/time_format.hpp"
#include "crypto/crypto.hpp"
#include "iam/iam_fixture.hpp"

/// For tests of signatures: requests signed step by step, so that each step can go wrong.
namespace stator::iam {

/// A request before it is signed, and how.
struct Draft {
  std::string service = "dynamodb";
  std::string method = "POST";
  std::string target = "/";
  std::vector<http::Headers::Field> headers = {};  ///< beside Host and the date
  std::string body = {};
  std::string payload_hash = {};    ///< "" for the body's
  std::string signed_headers = {};  ///< "" for all
  std::string timestamp = {};       ///< "" stands for this moment
  std::string region = "us-east-1";
  std::string expires = "900";  ///< presigned
  bool has_late_token = false;  ///< presigned: added behind the signature
};

class SignatureFixture : public IamFixture {
 protected:
  [[nodiscard]] aws::sigv4::Credentials root_key() const { return identity->root_credentials(); }

  [[nodiscard]] http::Request sign(const Draft& draft) const { return sign(draft, root_key()); }
  /// In the header form.
  [[nodiscard]] http::Request sign(const Draft& draft, const aws::sigv4::Credentials& key) const {
    http::Request request = start(draft);
    const std::string time = time_of(draft);
    request.headers.add("X-Amz-Date", time);
    if (!key.session_token.empty()) request.headers.add("X-Amz-Security-Token", key.session_token);
    const std::string names =
        draft.signed_headers.empty() ? names_of(request) : draft.signed_headers;
    const auto scope = scope_of(draft, time);
    request.headers.add("Authorization", "AWS4-HMAC-SHA256 Credential=" + credential(key, scope) +
                                             ", SignedHeaders=" + names + ", Signature=" +
                                             signature(draft, request, names, key, time));
    return request;
  }

  [[nodiscard]] http::Request presign(const Draft& draft) const {
    return presign(draft, root_key());
  }
  /// In the query form.
  [[nodiscard]] http::Request presign(const Draft& draft,
                                      const aws::sigv4::Credentials& key) const {
    http::Request request = start(draft);
    const std::string time = time_of(draft);
    const std::string names =
        draft.signed_headers.empty() ? names_of(request) : draft.signed_headers;
    request.target += request.target.find('?') == std::string::npos ? '?' : '&';
    request.target += "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" +
                      percent_encode(credential(key, scope_of(draft, time))) +
                      "&X-Amz-Date=" + time + "&X-Amz-Expires=" + draft.expires +
                      "&X-Amz-SignedHeaders=" + percent_encode(names);
    const std::string token = key.session_token.empty()
                                  ? ""
                                  : "&X-Amz-Security-Token=" + percent_encode(key.session_token);
    if (!draft.has_late_token) request.target += token;
    request.target += "&X-Amz-Signature=" + signature(draft, request, names, key, time);
    if (draft.has_late_token) request.target += token;
    return request;
  }

  void expect_refusal(const http::Request& request, std::string_view service, std::string_view type,
                      std::string_view message) {
    const auto principal = authenticate(request, service);
    ASSERT_FALSE(principal) << type;
    EXPECT_EQ(principal.error().aws_type, type) << principal.error().message;
    EXPECT_TRUE(principal.error().message.starts_with(message)) << principal.error().message;
  }
  void expect_accepted(const http::Request& request, std::string_view service) {
    const auto principal = authenticate(request, service);
    EXPECT_TRUE(principal) << principal.error().message;
  }

  /// Replaces text in the Authorization header.
  static void edit(http::Request& request, std::string_view from, std::string_view to) {
    std::string header(request.headers.get("authorization"));
    const auto at = header.find(from);
    ASSERT_NE(at, std::string::npos) << header;
    header.replace(at, from.size(), to);
    request.headers.set("Authorization", header);
  }
  /// Replaces text in the target.
  static void retarget(http::Request& request, std::string_view from, std::string_view to) {
    const auto at = request.target.find(from);
    ASSERT_NE(at, std::string::npos) << request.target;
    request.target.replace(at, from.size(), to);
  }

  [[nodiscard]] std::string time_of(const Draft& draft) const {
    return draft.timestamp.empty() ? iso8601_basic(clock.wall()) : draft.timestamp;
  }
  static aws::sigv4::Scope scope_of(const Draft& draft, std::string_view time) {
    return {time.substr(0, 8), draft.region, draft.service};
  }

 private:
  [[nodiscard]] static http::Request start(const Draft& draft) {
    http::Request request;
    request.method = draft.method;
    request.target = draft.target;
    request.headers.add("Host", "localhost:4566");
    for (const auto& [name, value] : draft.headers) request.headers.add(name, value);
    request.body = draft.body;
    return request;
  }

  [[nodiscard]] static std::string names_of(const http::Request& request) {
    std::vector<std::string> names;
    for (const auto& field : request.headers.fields()) names.push_back(to_lower(field.first));
    return join(names, ";");
  }

  [[nodiscard]] static std::string credential(const aws::sigv4::Credentials& key,
                                              const aws::sigv4::Scope& scope) {
    return key.access_key_id.value + "/" + std::string(scope.date) + "/" +
           std::string(scope.region) + "/" + std::string(scope.service) + "/aws4_request";
  }

  [[nodiscard]] static std::string signature(const Draft& draft, const http::Request& request,
                                             std::string_view names,
                                             const aws::sigv4::Credentials& key,
                                             const std::string& time) {
    const std::string hash =
        draft.payload_hash.empty() ? crypto::sha256_hex(request.body) : draft.payload_hash;
    const auto canonical = aws::sigv4::canonical_request(
        request, {.path = draft.service == "s3" ? aws::sigv4::PathStyle::kPlain
                                                : aws::sigv4::PathStyle::kNormalized,
                  .signed_headers = names,
                  .payload_hash = hash});
    const auto scope = scope_of(draft, time);
    return aws::sigv4::signature(aws::sigv4::signing_key(key.secret, scope),
                                 aws::sigv4::string_to_sign(time, scope, canonical));
  }
};

}  // namespace stator::iam
