#include "iam/authenticator.hpp"

#include "aws/aws_chunked.hpp"
#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "crypto/crypto.hpp"
#include "iam/signature_rules.hpp"

namespace stator::iam {
namespace {

using aws::sigv4::CanonicalRules;
using aws::sigv4::Credential;

/// A claim that was judged, and the key that it names.
struct Verification {
  const SignatureCase& x;
  const Credential& credential;
  std::string_view signing_key;
};

/// Most requests without a body need no hashing.
std::string body_hash(const http::Request& request) {
  if (request.body.empty()) {
    return "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  }
  return crypto::sha256_hex(request.body);
}

struct Signed {
  std::string canonical;
  std::string to_sign;
  bool agrees = false;
};

Signed compute(const Verification& v, const CanonicalRules& rules) {
  Signed result;
  result.canonical = aws::sigv4::canonical_request(v.x.request, rules);
  result.to_sign =
      aws::sigv4::string_to_sign(*v.x.claim.timestamp, v.credential.scope, result.canonical);
  const std::string expected = aws::sigv4::signature(v.signing_key, result.to_sign);
  result.agrees = equal_constant_time(expected, *v.x.claim.signature);
  return result;
}

/// Every service but S3: the body is always hashed. A header with its hash is one more claim.
Result<void> verify(const Verification& v) {
  const std::string hash = body_hash(v.x.request);
  CanonicalRules rules{.signed_headers = *v.x.claim.signed_headers, .payload_hash = hash};
  Signed result = compute(v, rules);
  if (!result.agrees && v.x.service == "execute-api" && v.x.claim.is_presigned()) {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html:
    // for some services the token is added to the query string after signing.
    rules.has_late_token = true;
    result = compute(v, rules);
  }
  const auto& claimed = v.x.claim.content_sha256;
  const bool has_header = v.x.request.headers.find("x-amz-content-sha256").has_value();
  if (result.agrees && (!has_header || equals_ignore_case(*claimed, hash))) return {};
  return signature_mismatch(v.x, {result.canonical, result.to_sign, *v.x.claim.signature});
}

/// Each chunk signs itself and the one before it, the first the request.
Result<void> verify_chunks(const Verification& v, aws::ChunkedForm form,
                           std::string_view canonical) {
  const SignatureCase& x = v.x;
  const Credential& credential = v.credential;
  const std::string_view timestamp = *x.claim.timestamp;
  const auto check = [&v, canonical](const std::string& to_sign,
                                     std::string_view claimed) -> Result<void> {
    if (equal_constant_time(aws::sigv4::signature(v.signing_key, to_sign), claimed)) return {};
    return s3_signature_mismatch(v.x, {canonical, to_sign, claimed});
  };
  aws::ChunkReader reader(x.request.body, form);
  std::string_view previous = *x.claim.signature;
  for (;;) {
    STATOR_TRY(const aws::Chunk chunk, reader.next());
    STATOR_TRY_VOID(
        check(aws::sigv4::chunk_string_to_sign(timestamp, credential.scope, previous, chunk.data),
              chunk.signature));
    previous = chunk.signature;
    if (chunk.data.empty()) break;
  }
  if (!form.has_trailer) return {};
  STATOR_TRY(const auto trailer, reader.trailer());
  return check(aws::sigv4::trailer_string_to_sign(timestamp, credential.scope, previous,
                                                  trailer.fields_as_sent),
               trailer.signature);
}

/// S3: the request says what stands for the body, and then the body must be that.
Result<void> verify_s3(const Verification& v) {
  STATOR_TRY(const std::string_view payload, s3_payload_hash(v.x));
  const Signed result = compute(v, {.path = aws::sigv4::PathStyle::kPlain,
                                    .signed_headers = *v.x.claim.signed_headers,
                                    .payload_hash = payload});
  if (!result.agrees) {
    return s3_signature_mismatch(v.x, {result.canonical, result.to_sign, *v.x.claim.signature});
  }
  if (const auto form = aws::chunked_form(payload)) {
    return form->is_signed ? verify_chunks(v, *form, result.canonical) : Result<void>();
  }
  if (payload == "UNSIGNED-PAYLOAD") return {};
  const std::string hash = body_hash(v.x.request);
  if (equals_ignore_case(hash, payload)) return {};
  return s3_content_mismatch(payload, hash);
}

}  // namespace

Result<aws::Principal> SignatureAuthenticator::authenticate(const http::Request& request,
                                                            std::string_view service,
                                                            WallTime now) {
  const auto claim = aws::sigv4::read_claim(request);
  const SignatureCase x{request, claim, service, now};
  const bool is_s3 = service == "s3";
  STATOR_TRY(const Credential credential, is_s3 ? judge_s3_claim(x) : judge_claim(x));
  auto key = keys_.resolve(credential.access_key_id, claim.session_token, now);
  if (!key) return is_s3 ? s3_key_error(x, std::move(key).error()) : std::move(key).error();
  STATOR_TRY_VOID(KeyRing::check_service(**key, service));
  const auto signing = signing_key(**key, credential.scope);
  const Verification v{x, credential, *signing};
  STATOR_TRY_VOID(is_s3 ? verify_s3(v) : verify(v));
  if ((*key)->uses.is_due(now)) {
    note_use(**key, {.at = now,
                     .service = std::string(service),
                     .region = std::string(credential.scope.region)});
  }
  return (*key)->principal;
}

void SignatureAuthenticator::note_use(const KnownKey& key, const LastUse& use) {
  const aws::Principal& principal = key.principal;
  const std::string_view user_id = principal.user_id;
  if (principal.kind == aws::Principal::Kind::kAssumedRole) {
    uses_.note(user_id.substr(0, user_id.find(':')), use);
  } else if (principal.kind == aws::Principal::Kind::kUser && key.session_token.empty()) {
    uses_.note(principal.access_key_id, use);
  }
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
