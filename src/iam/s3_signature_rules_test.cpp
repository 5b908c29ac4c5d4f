#include "iam/signature_fixture.hpp"
#include "iam/signature_rules.hpp"
#include "json/json.hpp"

/// S3's rules, one test each, and what it signs beside the request.
namespace stator::iam {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kMismatch =
    "The request signature we calculated does not match the signature you provided. Check your key "
    "and signing method.";

class S3SignatureRules : public SignatureFixture {
 protected:
  S3SignatureRules() { clock.set(*parse_iso8601_basic("20260102T030405Z")); }

  [[nodiscard]] static Draft get() {
    return {.service = "s3",
            .method = "GET",
            .target = "/bucket/key",
            .headers = {{"x-amz-content-sha256", "UNSIGNED-PAYLOAD"}},
            .payload_hash = "UNSIGNED-PAYLOAD"};
  }
  [[nodiscard]] static Draft link() {
    return {.service = "s3",
            .method = "GET",
            .target = "/bucket/key",
            .payload_hash = "UNSIGNED-PAYLOAD"};
  }
  [[nodiscard]] static Draft put(std::string_view hash, std::string body = "bytes") {
    return {.service = "s3",
            .method = "PUT",
            .target = "/bucket/key",
            .headers = {{"x-amz-content-sha256", std::string(hash)}},
            .body = std::move(body),
            .payload_hash = std::string(hash)};
  }

  /// The element of that name beside the error's message, or "".
  std::string element(const http::Request& request, std::string_view name) {
    const auto principal = authenticate(request, "s3");
    if (principal || principal.error().detail_json.empty()) return "";
    const auto detail = json::parse_object(principal.error().detail_json);
    return std::string(json::find_string(*detail, name).value_or(""));
  }

  void refuse(const http::Request& request, std::string_view type, std::string_view message) {
    expect_refusal(request, "s3", type, message);
  }
};

TEST_F(S3SignatureRules, TheFormOfTheHeader) {
  refuse({.method = "GET", .target = "/"}, "AccessDenied", "Access Denied");
  refuse({.method = "GET", .target = "/?a=%"}, "InvalidURI", "Couldn't parse the specified URI.");
  auto request = sign(get());
  request.target = "/bucket/key?X-Amz-Algorithm=AWS4-HMAC-SHA256";
  refuse(request, "InvalidArgument", "Only one auth mechanism allowed; only the X-Amz-Algorithm");
  EXPECT_EQ(element(request, "ArgumentName"), "Authorization");

  const auto with = [&](std::string authorization) {
    auto changed = sign(get());
    changed.headers.set("Authorization", authorization);
    return changed;
  };
  refuse(with("Bearer x"), "InvalidArgument", "Unsupported Authorization Type");
  EXPECT_EQ(element(with("Bearer x"), "ArgumentValue"), "Bearer x");
  refuse(with("AWS AKID:c2ln"), "InvalidRequest",
         "The authorization mechanism you have provided is not supported. Please use "
         "AWS4-HMAC-SHA256.");
  refuse(with("AWS4-ECDSA-P256-SHA256 Credential=a"), "NotImplemented",
         "AWS4-ECDSA-P256-SHA256 (Signature Version 4A) is not supported");
  refuse(with("AWS4-HMAC-SHA256 nonsense"), "AuthorizationHeaderMalformed",
         "The authorization header is malformed; the authorization component \"nonsense\" is "
         "malformed.");
  for (const char* some : {"AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=a, Signature=b",
                           "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b"}) {
    refuse(with(some), "AuthorizationHeaderMalformed",
           "The authorization header is malformed; the authorization header requires three "
           "components: Credential, SignedHeaders, and Signature.");
  }
}

TEST_F(S3SignatureRules, TheFormOfTheQuery) {
  const std::string good = presign(link()).target;
  const auto without = [&](std::string_view name) {
    auto request = presign(link());
    retarget(request, name, "X-Other");
    return request;
  };
  for (const char* name : {"X-Amz-Credential", "X-Amz-Signature=", "X-Amz-Date",
                           "X-Amz-SignedHeaders", "X-Amz-Expires"}) {
    refuse(without(name), "AuthorizationQueryParametersError",
           "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
           "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
  }
  const auto with = [&](std::string_view from, std::string_view to) {
    auto request = presign(link());
    retarget(request, from, to);
    return request;
  };
  refuse(with("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"), "AuthorizationQueryParametersError",
         "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
  refuse(with("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), "NotImplemented",
         "AWS4-ECDSA-P256-SHA256");
  refuse(with("Date=20260102T030405Z", "Date=2026"), "AuthorizationQueryParametersError",
         "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  for (const auto& [expires, message] : std::vector<std::pair<std::string, std::string>>{
           {"x", "X-Amz-Expires should be a number"},
           {"", "X-Amz-Expires should be a number"},
           {"99999999999999999999", "X-Amz-Expires should be a number"},
           {"-1", "X-Amz-Expires must be non-negative"},
           {"604801", "X-Amz-Expires must be less than a week (in seconds)"}}) {
    refuse(with("Expires=900", "Expires=" + expires), "AuthorizationQueryParametersError", message);
  }
}

TEST_F(S3SignatureRules, TheDate) {
  for (const char* date : {"", "yesterday", "2026-01-02T03:04:05Z"}) {
    auto request = sign(get());
    request.headers.set("X-Amz-Date", date);
    refuse(request, "AccessDenied",
           "AWS authentication requires a valid Date or x-amz-date header");
  }
  auto request = sign(get());
  request.headers.remove("X-Amz-Date");
  refuse(request, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
}

// The first fault of the credential is named, the region's before the service's.
TEST_F(S3SignatureRules, TheScope) {
  struct Case {
    std::string from, to, fault;
  };
  const std::string key = root_key().access_key_id.value;
  const Case cases[] = {
      {"/aws4_request", "",
       "the Credential is mal-formed; expecting "
       "\"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."},
      {key + "/2026", "/2026", "a non-empty Access Key (AKID) must be provided in the credential."},
      {"20260102", "2026",
       "incorrect date format \"2026\". This date in the credential must be in the format "
       "\"yyyyMMdd\"."},
      {"us-east-1", "", "a non-empty region must be provided in the credential."},
      {"us-east-1/s3", "US/sts", "the region 'US' is wrong; expecting 'us-east-1'"},
      {"/s3/", "/sts/", "incorrect service \"sts\". This endpoint belongs to \"s3\"."},
      {"aws4_request", "aws5",
       "incorrect terminal \"aws5\". This endpoint uses \"aws4_request\"."}};
  for (const auto& [from, to, fault] : cases) {
    auto request = sign(get());
    edit(request, from, to);
    refuse(request, "AuthorizationHeaderMalformed",
           "The authorization header is malformed; " + fault);
    request = presign(link());
    const auto encoded = [](std::string_view text) { return percent_encode(text); };
    if (from == "aws4_request" || from == "/aws4_request" || from.find("/s3") != from.npos ||
        from == "us-east-1" || from == "20260102" || from == key + "/2026") {
      retarget(request, encoded(from), encoded(to));
      refuse(request, "AuthorizationQueryParametersError",
             "Error parsing the X-Amz-Credential parameter; " + fault);
    }
  }
  auto request = sign(get());
  edit(request, "20260102", "20260103");
  refuse(request, "AuthorizationHeaderMalformed",
         "The authorization header is malformed; Invalid credential date \"20260103\". This date "
         "is not the same as X-Amz-Date: \"20260102\".");
}

TEST_F(S3SignatureRules, HeadersNotSigned) {
  constexpr std::string_view kMessage =
      "There were headers present in the request which were not signed";
  auto request = sign(get());
  request.headers.add("X-Amz-Acl", "private");
  request.headers.add("x-amz-security-token", "t");
  refuse(request, "AccessDenied", kMessage);
  EXPECT_EQ(element(request, "HeadersNotSigned"), "x-amz-acl, x-amz-security-token");
  request = presign(link());
  request.headers.add("x-amz-meta-a", "1");
  refuse(request, "AccessDenied", kMessage);

  Draft draft = get();
  draft.signed_headers = "x-amz-date";
  request = sign(draft);
  refuse(request, "AccessDenied", kMessage);
  EXPECT_EQ(element(request, "HeadersNotSigned"), "host");
  // Its value is signed in the place of the body's hash.
  draft.signed_headers = "host;x-amz-date";
  expect_accepted(sign(draft), "s3");
  for (std::size_t i = 2; i <= kSignedHeadersMax; ++i) draft.signed_headers += ";h";
  refuse(sign(draft), "NotImplemented", "The signature covers more than 128 headers");
}

TEST_F(S3SignatureRules, TheTimeOfASignedRequest) {
  const auto request = sign(get());
  clock.advance(minutes(15));
  expect_accepted(request, "s3");
  clock.advance(seconds(1));
  refuse(request, "RequestTimeTooSkewed",
         "The difference between the request time and the current time is too large.");
  EXPECT_EQ(element(request, "RequestTime"), "20260102T030405Z");
  EXPECT_EQ(element(request, "ServerTime"), "2026-01-02T03:19:06Z");
  EXPECT_EQ(element(request, "MaxAllowedSkewMilliseconds"), "900000");
  clock.advance(-minutes(30) - seconds(2));
  refuse(request, "RequestTimeTooSkewed", "The difference");
}

TEST_F(S3SignatureRules, TheTimeOfALink) {
  Draft draft = link();
  draft.expires = "60";
  const auto minute = presign(draft);
  draft.expires = "604800";
  const auto week = presign(draft);
  draft.expires = "0";
  expect_accepted(presign(draft), "s3");
  clock.advance(seconds(60));
  expect_accepted(minute, "s3");
  clock.advance(seconds(1));
  refuse(minute, "AccessDenied", "Request has expired");
  EXPECT_EQ(element(minute, "X-Amz-Expires"), "60");
  EXPECT_EQ(element(minute, "Expires"), "2026-01-02T03:05:05Z");
  clock.set(*parse_iso8601_basic("20260109T030405Z"));
  expect_accepted(week, "s3");
  clock.advance(seconds(1));
  refuse(week, "AccessDenied", "Request has expired");
  clock.set(*parse_iso8601_basic("20260102T024904Z"));
  refuse(week, "AccessDenied", "Request is not valid yet");
}

TEST_F(S3SignatureRules, TheKeyAndItsToken) {
  const auto secret = root_key().secret;
  const auto unknown = sign(get(), {{"AKIAUNKNOWNUNKNOWN77"}, secret});
  refuse(unknown, "InvalidAccessKeyId",
         "The AWS Access Key Id you provided does not exist in our records.");
  EXPECT_EQ(element(unknown, "AWSAccessKeyId"), "AKIAUNKNOWNUNKNOWN77");
  refuse(sign(get(), {{"ASIAUNKNOWNUNKNOWN77"}, secret}), "InvalidAccessKeyId", "The AWS Access");
  const auto stray = sign(get(), {root_key().access_key_id, secret, "token"});
  refuse(stray, "InvalidToken", "The provided token is malformed or otherwise invalid.");
  EXPECT_EQ(element(stray, "Token-0"), "token");

  make_role("app");
  const auto assumed =
      identity->assume_for_service({.role_arn = "arn:aws:iam::111122223333:role/app",
                                    .session_name = "f",
                                    .duration = minutes(15)},
                                   "lambda.amazonaws.com");
  ASSERT_TRUE(assumed) << assumed.error().message;
  const auto& key = assumed->credentials;
  expect_accepted(sign(get(), key), "s3");
  expect_accepted(presign(link(), key), "s3");
  // S3 alone wants the token under the signature.
  Draft late = link();
  late.has_late_token = true;
  refuse(presign(late, key), "SignatureDoesNotMatch", kMismatch);
  clock.advance(minutes(15));
  refuse(sign(get(), key), "ExpiredToken", "The provided token has expired.");
}

TEST_F(S3SignatureRules, TheSignatureAndWhatShouldHaveBeenSigned) {
  const auto wrong = sign(get(), {root_key().access_key_id, {"wrong"}});
  refuse(wrong, "SignatureDoesNotMatch", kMismatch);
  EXPECT_EQ(element(wrong, "AWSAccessKeyId"), root_key().access_key_id.value);
  EXPECT_EQ(element(wrong, "SignatureProvided").size(), 64u);
  const std::string to_sign = element(wrong, "StringToSign");
  EXPECT_TRUE(to_sign.starts_with("AWS4-HMAC-SHA256\n20260102T030405Z\n20260102/us-east-1/s3/"));
  EXPECT_TRUE(element(wrong, "StringToSignBytes").starts_with("41 57 53 34 2d"));
  const std::string canonical = element(wrong, "CanonicalRequest");
  EXPECT_TRUE(canonical.starts_with("GET\n/bucket/key\n\nhost:localhost:4566\n")) << canonical;
  EXPECT_EQ(element(wrong, "CanonicalRequestBytes").size(), canonical.size() * 3 - 1);

  auto changed = presign(link());
  retarget(changed, "/key", "/kez");
  refuse(changed, "SignatureDoesNotMatch", kMismatch);
}

TEST_F(S3SignatureRules, ThePathCountsAsItIs) {
  for (const char* target : {"/bucket/a%20b//c/../d", "/bucket/a%2Fb", "/bucket/a:b", "/bucket/%FF",
                             "/bucket/./key", "/"}) {
    Draft draft = get();
    draft.target = target;
    expect_accepted(sign(draft), "s3");
  }
  Draft draft = get();
  draft.target = "/bucket/a%20b";
  auto request = sign(draft);
  request.target = "/bucket/a%2520b";
  refuse(request, "SignatureDoesNotMatch", kMismatch);
  request = sign(draft);
  request.target = "/bucket//a%20b";
  refuse(request, "SignatureDoesNotMatch", kMismatch);
}

TEST_F(S3SignatureRules, TheBodyIsWhatWasSigned) {
  expect_accepted(sign(put(crypto::sha256_hex("bytes"))), "s3");
  expect_accepted(sign(put("UNSIGNED-PAYLOAD")), "s3");
  expect_accepted(sign(put("STREAMING-UNSIGNED-PAYLOAD-TRAILER")), "s3");
  const auto other = sign(put(crypto::sha256_hex("other")));
  refuse(other, "XAmzContentSHA256Mismatch",
         "The provided 'x-amz-content-sha256' header does not match what was computed.");
  EXPECT_EQ(element(other, "ClientComputedContentSHA256"), crypto::sha256_hex("other"));
  EXPECT_EQ(element(other, "S3ComputedContentSHA256"), crypto::sha256_hex("bytes"));
  for (const char* bad : {"", "STREAMING", "streaming-unsigned-payload-trailer", "abc"}) {
    refuse(sign(put(bad)), "InvalidArgument",
           "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER");
  }
  for (const char* ecdsa : {"STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
                            "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER"}) {
    refuse(sign(put(ecdsa)), "NotImplemented",
           std::string(ecdsa) + " (Signature Version 4A) is not supported");
  }
  auto request = sign(get());
  request.headers.remove("x-amz-content-sha256");
  refuse(request, "InvalidRequest",
         "Missing required header for this request: x-amz-content-sha256");
}

TEST_F(S3SignatureRules, ALinkMayNameTheHashOfItsBody) {
  Draft draft = link();
  draft.method = "PUT";
  draft.body = "bytes";
  draft.payload_hash = crypto::sha256_hex("bytes");
  draft.target += "?X-Amz-Content-Sha256=" + draft.payload_hash;
  auto request = presign(draft);
  expect_accepted(request, "s3");
  request.body = "other";
  refuse(request, "XAmzContentSHA256Mismatch", "The provided");
}

/// A body of signed chunks.
class S3ChunkSignatures : public S3SignatureRules {
 protected:
  static constexpr const char* kPlain = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
  static constexpr const char* kTrailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";

  [[nodiscard]] http::Request chunked(const char* form, const std::vector<std::string>& chunks) {
    http::Request request = sign(put(form, ""));
    const std::string time = "20260102T030405Z";
    const aws::sigv4::Scope scope{"20260102", "us-east-1", "s3"};
    const std::string key = aws::sigv4::signing_key(root_key().secret, scope);
    std::string previous(request.headers.get("authorization"));
    previous = previous.substr(previous.size() - 64);
    const auto add = [&](const std::string& piece) {
      previous = aws::sigv4::signature(
          key, aws::sigv4::chunk_string_to_sign(time, scope, previous, piece));
      char size[20];
      std::snprintf(size, sizeof size, "%zx", piece.size());
      request.body += std::string(size) + ";chunk-signature=" + previous + "\r\n" + piece;
      if (!piece.empty()) request.body += "\r\n";
    };
    for (const auto& chunk : chunks) add(chunk);
    add("");
    if (form == kTrailer) {
      request.body += "x-amz-checksum-crc32:AAAAAA==\r\nx-amz-trailer-signature:" +
                      aws::sigv4::signature(
                          key, aws::sigv4::trailer_string_to_sign(
                                   time, scope, previous, "x-amz-checksum-crc32:AAAAAA==\n")) +
                      "\r\n";
    }
    request.body += "\r\n";
    return request;
  }
};

TEST_F(S3ChunkSignatures, EveryChunkIsVerified) {
  const std::string big(8'192, 'a');
  for (const char* form : {kPlain, kTrailer}) {
    const auto good = chunked(form, {big, big, "rest"});
    expect_accepted(good, "s3");
    expect_accepted(chunked(form, {}), "s3");
    for (const std::size_t at : {std::size_t(100), std::size_t(9'000), good.body.find("rest")}) {
      auto damaged = good;
      damaged.body[at] ^= 1;
      refuse(damaged, "SignatureDoesNotMatch", kMismatch);
    }
    auto forged = good;
    const auto at = forged.body.rfind("chunk-signature=") + 16;
    forged.body[at] = forged.body[at] == '0' ? '1' : '0';
    refuse(forged, "SignatureDoesNotMatch", kMismatch);
    EXPECT_TRUE(element(forged, "StringToSign").starts_with("AWS4-HMAC-SHA256-PAYLOAD\n"));
    EXPECT_EQ(element(forged, "SignatureProvided"), forged.body.substr(at, 64));
  }
}

TEST_F(S3ChunkSignatures, ChunksHaveTheirOrderAndTheirEnd) {
  const std::string a(8'192, 'a'), b(8'192, 'b');
  const auto good = chunked(kPlain, {a, b});
  const std::size_t chunk = good.body.find("\r\n", good.body.find("\r\n") + 2) + 2;
  auto swapped = good;
  swapped.body =
      good.body.substr(chunk, chunk) + good.body.substr(0, chunk) + good.body.substr(2 * chunk);
  refuse(swapped, "SignatureDoesNotMatch", kMismatch);
  auto cut = good;
  cut.body = good.body.substr(0, chunk) + good.body.substr(2 * chunk);
  refuse(cut, "SignatureDoesNotMatch", kMismatch);
  cut.body = good.body.substr(0, chunk);
  refuse(cut, "IncompleteBody", "The request body terminated unexpectedly");
  refuse(chunked(kPlain, {"small", a}), "InvalidChunkSizeError", "Only the last chunk");
}

TEST_F(S3ChunkSignatures, TheTrailerIsVerified) {
  auto request = chunked(kTrailer, {"data"});
  const auto at = request.body.find("AAAAAA==");
  request.body[at] = 'B';
  refuse(request, "SignatureDoesNotMatch", kMismatch);
  EXPECT_TRUE(element(request, "StringToSign").starts_with("AWS4-HMAC-SHA256-TRAILER\n"));
  request = chunked(kTrailer, {"data"});
  request.body.erase(request.body.find("x-amz-trailer-signature"));
  request.body += "\r\n";
  refuse(request, "MalformedTrailerError", "The request contained trailing data");
}

}  // namespace
}  // namespace stator::iam
