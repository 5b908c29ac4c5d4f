#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/message.hpp"

/// The content coding aws-chunked, in which S3's clients stream what they upload: chunks behind
/// their sizes in hex and perhaps their signatures, then a trailer.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
namespace stator::aws {

/// The kinds of such bodies, by the value of x-amz-content-sha256.
struct ChunkedForm {
  bool is_signed = false;
  bool has_trailer = false;
};
/// Nothing for values that name no coding, and for those that stator lacks (ECDSA signatures).
[[nodiscard]] std::optional<ChunkedForm> chunked_form(std::string_view content_sha256);

/// Views into the encoded body.
struct Chunk {
  std::string_view data;       ///< "" of the last chunk, and of no other
  std::string_view signature;  ///< "" in unsigned bodies
};
struct ChunkedTrailer {
  http::Headers fields;        ///< names in lower case, without the signature
  std::string fields_as_sent;  ///< "name:value\n" each, which is what is signed
  std::string signature;
};

/// Takes a body apart from front to back.
class ChunkReader {
 public:
  ChunkReader(std::string_view encoded, ChunkedForm form) : rest_(encoded), form_(form) {}

  /// IncompleteBody when the body ends early or is no such coding, InvalidChunkSizeError for a
  /// small chunk that is not the last with data, which also bounds how many chunks there can be.
  [[nodiscard]] Result<Chunk> next();
  /// To be called behind the last chunk, once; MalformedTrailerError.
  [[nodiscard]] Result<ChunkedTrailer> trailer();

 private:
  std::string_view rest_;
  ChunkedForm form_;
  std::uint64_t chunks_ = 0;
  std::size_t small_chunk_bytes_ = 0;  ///< of the chunk before, when it was too small
};

/// The object's bytes and what the trailer adds to the headers.
struct DecodedBody {
  std::string body;
  http::Headers trailer;
};
/// All of it; signatures are not looked at. IncompleteBody when it does not have `decoded_length`
/// bytes.
[[nodiscard]] Result<DecodedBody> decode_aws_chunked(std::string_view encoded, ChunkedForm form,
                                                     std::size_t decoded_length);

}  // namespace stator::aws
