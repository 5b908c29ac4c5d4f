#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "aws/protocol.hpp"
#include "aws/sigv4.hpp"
#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "iam/identity.hpp"
#include "storage/store.hpp"

using namespace stator;

namespace {

/// Cuts the input at its line feeds: target, Authorization, X-Amz-Date, X-Amz-Content-Sha256, then
/// the body.
std::string_view next_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return line;
}

http::Request read_request(std::string_view rest) {
  http::Request request{.method = "POST"};
  request.target = next_line(rest);
  for (const char* name : {"Authorization", "X-Amz-Date", "X-Amz-Content-Sha256"}) {
    const std::string_view value = next_line(rest);
    if (!value.empty()) request.headers.add(name, std::string(value));
  }
  request.body = rest;
  return request;
}

struct World {
  FakeClock clock;
  SeededRandom random{1};
  std::unique_ptr<storage::Store> store = storage::make_memory_store();
  iam::Identity identity{{*store, clock, random, {}}};
};

/// Nobody gets in, and every protocol can write why.
void check_refusal(const http::Request& request, World& world) {
  for (const auto& [service, protocol] :
       {std::pair{"dynamodb", aws::Protocol::kJson10},
        std::pair{"lambda", aws::Protocol::kRestJson}, std::pair{"sts", aws::Protocol::kQuery},
        std::pair{"s3", aws::Protocol::kRestXml}}) {
    const auto principal =
        world.identity.authenticator().authenticate(request, service, world.clock.wall());
    if (principal) std::abort();
    const aws::Service description{.signing_name = service, .protocol = protocol};
    const auto answer = aws::write_error(description, principal.error(), "id");
    if (answer.status < 400 || answer.status >= 500 || !is_utf8(answer.body)) std::abort();
  }
}

}  // namespace

/// Any request makes a claim; any claim has a canonical request, which is the same for every order
/// of the signed headers; and no claim that was made up opens a door.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  const auto request = read_request({reinterpret_cast<const char*>(data), size});
  (void)aws::sigv4::scope_service(request);
  (void)aws::sigv4::scope_region(request);
  const auto claim = aws::sigv4::read_claim(request);
  const std::string_view names = claim.signed_headers.value_or("host");
  for (const auto style : {aws::sigv4::PathStyle::kNormalized, aws::sigv4::PathStyle::kPlain}) {
    const std::string canonical = aws::sigv4::canonical_request(request, {style, names, "hash"});
    const std::string more = std::string(names) + ";" + std::string(names);
    if (aws::sigv4::canonical_request(request, {style, more, "hash"}) != canonical) std::abort();
  }
  check_refusal(request, world);
  return 0;
}
