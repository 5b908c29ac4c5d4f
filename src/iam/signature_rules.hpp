#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "aws/sigv4.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "http/message.hpp"

/// The rules by which a signature is judged, in AWS's order and words. S3 has an order and words of
/// its own; all other services share theirs.
namespace stator::iam {

/// What is judged.
struct SignatureCase {
  const http::Request& request;
  const aws::sigv4::Claim& claim;
  std::string_view service;  ///< the signing name that the scope must carry
  WallTime now;
};

/// What was computed and does not agree with the claim.
struct Computed {
  std::string_view canonical;
  std::string_view string_to_sign;
  std::string_view claimed = {};  ///< the signature that came
};

/// A signature over more headers than this is refused: each costs a search.
inline constexpr std::size_t kSignedHeadersMax = 128;

/// How far a request's time may be from ours: fifteen minutes for dynamodb, iam, sts and s3, five
/// for all others.
[[nodiscard]] std::chrono::minutes clock_skew_max(std::string_view service);

/// Everything that can be judged without the key: what the claim says and when, and that it covers
/// what it must. The credential, with views into the claim.
[[nodiscard]] Result<aws::sigv4::Credential> judge_claim(const SignatureCase& x);
[[nodiscard]] Error signature_mismatch(const SignatureCase& x, const Computed& computed);

[[nodiscard]] Result<aws::sigv4::Credential> judge_s3_claim(const SignatureCase& x);
/// What stands for the body in an S3 request, as far as the claim says: a hash in hex, or one of
/// the words that leave the body unsigned or sign it in chunks.
[[nodiscard]] Result<std::string_view> s3_payload_hash(const SignatureCase& x);
[[nodiscard]] Error s3_signature_mismatch(const SignatureCase& x, const Computed& computed);
[[nodiscard]] Error s3_content_mismatch(std::string_view claimed, std::string_view computed);
/// S3's words for what the key ring said.
[[nodiscard]] Error s3_key_error(const SignatureCase& x, Error error);

/// x-amz-* headers that came and are not under the signature, ", " between them. Not counted are
/// x-amz-content-sha256, whose value is signed in its own right, and, unless
/// `counts_session_token`, the session token, which is bound to its key by itself.
[[nodiscard]] std::string unsigned_headers(const http::Request& request,
                                           std::string_view signed_headers,
                                           bool counts_session_token);
/// A region is served whatever its name; it must look like one.
[[nodiscard]] bool is_region(std::string_view region);

}  // namespace stator::iam
