#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/message.hpp"

namespace stator::s3 {

/// The object's bytes and what the trailer adds to the headers.
struct DecodedBody {
  std::string body;
  http::Headers trailer;
};

/// Undoes the content coding aws-chunked of an unsigned streaming upload with trailer: chunks
/// behind their sizes in hex, then trailer fields. IncompleteBody when it ends early, does not have
/// `decoded_length` bytes or is no such coding.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
[[nodiscard]] Result<DecodedBody> decode_aws_chunked(std::string_view encoded,
                                                     std::size_t decoded_length);

}  // namespace stator::s3
