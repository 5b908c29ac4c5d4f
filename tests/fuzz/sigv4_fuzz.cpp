#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "aws/sigv4.hpp"

using namespace stator;

namespace {

/// Cuts the input at its line feeds: target, Authorization, X-Amz-Date, then the body.
std::string_view next_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return line;
}

}  // namespace

/// Any request makes a claim or an error of authentication; any claim has a canonical request, and
/// one that is the same for both spellings of the same headers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  http::Request request{.method = "POST"};
  request.target = next_line(rest);
  const std::string_view authorization = next_line(rest);
  const std::string_view date = next_line(rest);
  if (!authorization.empty()) request.headers.add("Authorization", std::string(authorization));
  if (!date.empty()) request.headers.add("X-Amz-Date", std::string(date));
  request.body = rest;

  (void)aws::sigv4::scope_service(request);
  (void)aws::sigv4::scope_region(request);
  const auto claim = aws::sigv4::read_claim(request);
  if (!claim) {
    if (claim.error().code != ErrorCode::kUnauthenticated) std::abort();
    return 0;
  }
  if (claim->signed_headers.size() > aws::sigv4::kSignedHeadersMax) std::abort();
  for (const auto style : {aws::sigv4::PathStyle::kNormalized, aws::sigv4::PathStyle::kVerbatim}) {
    const std::string canonical = aws::sigv4::canonical_request(request, *claim, style, "hash");
    auto reversed = *claim;
    reversed.signed_headers.assign(claim->signed_headers.rbegin(), claim->signed_headers.rend());
    if (aws::sigv4::canonical_request(request, reversed, style, "hash") != canonical) std::abort();
  }
  return 0;
}
