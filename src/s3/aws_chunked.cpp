#include "s3/aws_chunked.hpp"

#include <charconv>
#include <optional>

#include "base/strings.hpp"
#include "s3/errors.hpp"

namespace stator::s3 {
namespace {

constexpr std::size_t kTrailerFieldsMax = 10;

Error incomplete() {
  return s3_error(ErrorCode::kInvalid, "IncompleteBody",
                  "The request body is not aws-chunked as its headers say, or ends early");
}

/// Takes a line and its CR LF off the front; nothing when there is no such line.
std::optional<std::string_view> take_line(std::string_view& rest) {
  const auto end = rest.find("\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end + 2);
  return line;
}

std::optional<std::size_t> read_size(std::string_view hex) {
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), size, 16);
  if (error != std::errc() || end != hex.data() + hex.size()) return std::nullopt;
  return size;
}

}  // namespace

Result<DecodedBody> decode_aws_chunked(std::string_view encoded, std::size_t decoded_length) {
  DecodedBody decoded;
  for (;;) {
    const auto line = take_line(encoded);
    const auto size = line ? read_size(*line) : std::nullopt;
    if (!size) return incomplete();
    if (*size == 0) break;
    if (encoded.size() < *size) return incomplete();
    decoded.body.append(encoded.substr(0, *size));
    encoded.remove_prefix(*size);
    if (take_line(encoded) != "") return incomplete();
  }
  for (std::size_t fields = 0;; ++fields) {
    const auto line = take_line(encoded);
    if (!line || fields > kTrailerFieldsMax) return incomplete();
    if (line->empty()) break;
    const auto colon = line->find(':');
    if (colon == std::string_view::npos) return incomplete();
    decoded.trailer.add(to_lower(trim(line->substr(0, colon))),
                        std::string(trim(line->substr(colon + 1))));
  }
  if (!encoded.empty() || decoded.body.size() != decoded_length) return incomplete();
  return decoded;
}

}  // namespace stator::s3
