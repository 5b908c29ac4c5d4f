#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "http/syntax.hpp"

/// Messages as bytes.
namespace stator::http::detail {

enum class BodyFraming {
  kLength,      ///< Content-Length
  kChunked,     ///< Transfer-Encoding: chunked
  kUntilClose,  ///< neither: for HTTP/1.0 clients
  kNone,        ///< the status forbids a body
};

struct HeadOptions {
  BodyFraming framing = BodyFraming::kLength;
  std::size_t content_length = 0;
  std::string_view date;
  bool is_http10 = false;
  bool keep_alive = true;
};

/// An answer's head for a protocol that encodes it itself.
struct AnswerHead {
  Response response;  ///< without its body
  std::optional<std::size_t> content_length;
};

/// True for a response that can be sent as it is: a final status and header fields that do not
/// break the framing.
[[nodiscard]] bool is_sendable(const Response& response);

/// True for 204 and 304, which have no body whatever was given.
[[nodiscard]] bool is_bodiless(int status);

/// The answer to what was refused.
[[nodiscard]] Response refusal(const Failure& failure);

/// Status line and headers up to the empty line. The server's own headers in `response` are left
/// out.
[[nodiscard]] std::string encode_head(const Response& response, const HeadOptions& options);

/// One chunk; `piece` must not be empty.
[[nodiscard]] std::string encode_chunk(std::string_view piece);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";
inline constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

/// Request line and headers up to the empty line, Content-Length included. It must pass
/// is_sendable_request().
[[nodiscard]] std::string encode_request_head(const Request& request, std::string_view host);
[[nodiscard]] bool is_sendable_request(const Request& request);

}  // namespace stator::http::detail
