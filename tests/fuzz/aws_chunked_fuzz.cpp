#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "aws/aws_chunked.hpp"

using namespace stator;

namespace {

void check(std::string_view encoded, aws::ChunkedForm form) {
  aws::ChunkReader reader(encoded, form);
  std::string body;
  for (;;) {
    const auto chunk = reader.next();
    if (!chunk) return;
    if (chunk->data.empty()) break;
    body += chunk->data;
  }
  if (body.size() > encoded.size()) std::abort();
  const bool is_whole = reader.trailer().has_value();
  const auto decoded = aws::decode_aws_chunked(encoded, form, body.size());
  if (decoded.has_value() != is_whole || (decoded && decoded->body != body)) std::abort();
}

}  // namespace

/// Whatever the body, what comes out of it is no longer than what went in, and is the same by
/// either way of reading.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view encoded(reinterpret_cast<const char*>(data), size);
  check(encoded, {.is_signed = false, .has_trailer = true});
  check(encoded, {.is_signed = true, .has_trailer = false});
  check(encoded, {.is_signed = true, .has_trailer = true});
  return 0;
}
