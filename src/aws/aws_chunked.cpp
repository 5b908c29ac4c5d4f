#include "aws/aws_chunked.hpp"

#include <charconv>

#include "base/strings.hpp"

namespace stator::aws {
namespace {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (InvalidChunkSizeError)
constexpr std::size_t kChunkBytesMin = 8'192;
constexpr std::size_t kTrailerFieldsMax = 10;
constexpr std::size_t kTrailerBytesMax = 16u << 10;
constexpr std::string_view kSignature = "chunk-signature=";
constexpr std::string_view kTrailerSignature = "x-amz-trailer-signature";

Error incomplete() {
  return {ErrorCode::kInvalid, "The request body terminated unexpectedly", "IncompleteBody"};
}

Error malformed_trailer() {
  return {ErrorCode::kInvalid,
          "The request contained trailing data that was not well-formed or did not conform to our "
          "published schema.",
          "MalformedTrailerError"};
}

Error too_small(std::uint64_t chunk, std::size_t bytes) {
  return {
      ErrorCode::kAccessDenied,
      "Only the last chunk is allowed to have a size less than 8192 bytes", "InvalidChunkSizeError",
      "{\"Chunk\":" + std::to_string(chunk) + ",\"BadChunkSize\":" + std::to_string(bytes) + "}"};
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

std::optional<ChunkedForm> chunked_form(std::string_view content_sha256) {
  if (content_sha256 == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD") return ChunkedForm{true, false};
  if (content_sha256 == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER") {
    return ChunkedForm{true, true};
  }
  if (content_sha256 == "STREAMING-UNSIGNED-PAYLOAD-TRAILER") return ChunkedForm{false, true};
  return std::nullopt;
}

Result<Chunk> ChunkReader::next() {
  const auto line = take_line(rest_);
  if (!line) return incomplete();
  const auto semicolon = line->find(';');
  const auto size = read_size(line->substr(0, semicolon));
  const std::string_view extension =
      semicolon == std::string_view::npos ? std::string_view() : line->substr(semicolon + 1);
  if (!size || extension.starts_with(kSignature) != form_.is_signed) return incomplete();
  Chunk chunk;
  if (form_.is_signed) chunk.signature = extension.substr(kSignature.size());
  if (*size == 0) return chunk;

  if (small_chunk_bytes_ != 0) return too_small(chunks_, small_chunk_bytes_);
  ++chunks_;
  if (*size < kChunkBytesMin) small_chunk_bytes_ = *size;
  if (rest_.size() < *size) return incomplete();
  chunk.data = rest_.substr(0, *size);
  rest_.remove_prefix(*size);
  if (take_line(rest_) != "") return incomplete();
  return chunk;
}

Result<ChunkedTrailer> ChunkReader::trailer() {
  // Some clients end a field by LF alone, and some set an empty line before the signature.
  if (rest_ != "\r\n" && !rest_.ends_with("\r\n\r\n")) return incomplete();
  if (rest_.size() > kTrailerBytesMax) return malformed_trailer();
  ChunkedTrailer trailer;
  std::size_t fields = 0;
  for (const std::string_view sent : split(rest_, '\n')) {
    const std::string_view line = sent.ends_with('\r') ? sent.substr(0, sent.size() - 1) : sent;
    if (line.empty()) continue;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || ++fields > kTrailerFieldsMax) return malformed_trailer();
    std::string name = to_lower(trim(line.substr(0, colon)));
    std::string value(trim(line.substr(colon + 1)));
    if (name == kTrailerSignature) {
      trailer.signature = std::move(value);
      continue;
    }
    trailer.fields_as_sent.append(name).append(":").append(value).append("\n");
    trailer.fields.add(std::move(name), std::move(value));
  }
  if (fields > 0 && !form_.has_trailer) return malformed_trailer();
  if (trailer.signature.empty() == (form_.is_signed && form_.has_trailer)) {
    return malformed_trailer();
  }
  return trailer;
}

Result<DecodedBody> decode_aws_chunked(std::string_view encoded, ChunkedForm form,
                                       std::size_t decoded_length) {
  ChunkReader reader(encoded, form);
  DecodedBody decoded;
  for (;;) {
    STATOR_TRY(const Chunk chunk, reader.next());
    if (chunk.data.empty()) break;
    decoded.body.append(chunk.data);
  }
  STATOR_TRY(ChunkedTrailer trailer, reader.trailer());
  if (decoded.body.size() != decoded_length) return incomplete();
  decoded.trailer = std::move(trailer.fields);
  return decoded;
}

}  // namespace stator::aws
