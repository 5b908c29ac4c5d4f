#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "http/parser.hpp"
#include "http/response_parser.hpp"

namespace {

using stator::http::RequestParser;
using stator::http::ResponseParser;

/// The number of requests and the failure, with the bytes cut in two at `cut`.
std::pair<std::size_t, int> read_requests(std::string_view bytes, std::size_t cut) {
  RequestParser parser({.header_bytes = 512, .body_bytes = 512});
  std::size_t count = 0;
  for (auto piece : {bytes.substr(0, cut), bytes.substr(cut)}) {
    for (auto step = RequestParser::Step::kHead; step != RequestParser::Step::kMore;) {
      step = parser.feed(piece);
      if (step == RequestParser::Step::kFailed) return {count, parser.failure().status};
      if (step == RequestParser::Step::kDone) {
        STATOR_CHECK(parser.take().body.size() <= 512);
        ++count;
      }
    }
  }
  return {count, 0};
}

}  // namespace

/// Any bytes are requests or a refusal, and the same ones wherever the bytes are cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto cut = size == 0 ? 0 : data[0] % size;
  STATOR_CHECK(read_requests(bytes, cut) == read_requests(bytes, 0));
  ResponseParser answer(false, 512);
  if (answer.feed(bytes) != ResponseParser::Step::kFailed) (void)answer.end();
  return 0;
}
