#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "http/message.hpp"

/// The grammar that requests and answers share (RFC 9110, section 5, and RFC 9112), read strictly:
/// whatever two readers could understand in two ways is refused, because that is how one request is
/// smuggled inside another.
namespace stator::http {

/// Why a message was refused: the status to answer and a fixed phrase (no quotes, no input in it).
struct Failure {
  int status = 400;
  std::string_view why;
  bool operator==(const Failure&) const = default;
};

namespace detail {

/// For what comes while too much is under way.
inline constexpr Failure kOverload{503, "the server has all it can hold under way"};

inline constexpr std::size_t kNoEnd = static_cast<std::size_t>(-1);
inline constexpr std::size_t kHeaderFieldsMax = 256;

[[nodiscard]] bool is_token(std::string_view text);
/// No control characters but the tab; bytes above 0x7f are allowed.
[[nodiscard]] bool is_field_value(std::string_view text);

[[nodiscard]] bool is_method(std::string_view text);
/// Host and port as RFC 3986 spells them, without user information: what may stand in Host.
[[nodiscard]] bool is_authority(std::string_view text);
/// Nothing when `target` is one that a server is asked for: a path, or "*" by OPTIONS.
[[nodiscard]] std::optional<Failure> check_origin_target(std::string_view method,
                                                         std::string_view target);

/// Finds where a head ends, over as many calls as its bytes take to arrive.
class HeadScanner {
 public:
  /// Looks at what is new in `bytes`, which begin at the head's first byte at every call. Returns
  /// the offset behind the empty line that ends the head, or kNoEnd. Empty lines before the first
  /// line belong to the head. A line that ends without a CR makes failed() true.
  [[nodiscard]] std::size_t find_end(std::string_view bytes);
  [[nodiscard]] bool failed() const { return failed_; }
  void reset() { *this = HeadScanner(); }

 private:
  std::size_t scanned_ = 0;  ///< everything before was looked at
  std::size_t line_ = 0;     ///< where the current line begins
  bool has_line_ = false;
  bool failed_ = false;
};

/// Splits off the next line of a head that ends in CRLF everywhere.
[[nodiscard]] std::string_view take_line(std::string_view& head);

/// Reads "Name: value" lines until the empty one. Nothing when all is well.
[[nodiscard]] std::optional<Failure> parse_fields(std::string_view lines, Headers& headers);

/// How a body is delimited, as far as the headers say.
struct Framing {
  bool is_chunked = false;
  std::optional<std::uint64_t> content_length;
};
[[nodiscard]] std::optional<Failure> read_framing(const Headers& headers, bool is_http10,
                                                  Framing& framing);

/// True when the comma-separated list in any field of that name has this token.
[[nodiscard]] bool has_list_token(const Headers& headers, std::string_view name,
                                  std::string_view token);

/// Undoes the chunked coding, over as many calls as the bytes take to arrive.
class ChunkDecoder {
 public:
  enum class Step { kMore, kDone, kFailed };

  /// Takes bytes off the front of `input` and appends the data to `body`, which may not grow above
  /// `bytes_max`.
  [[nodiscard]] Step feed(std::string_view& input, std::string& body, std::size_t bytes_max);
  [[nodiscard]] const Failure& failure() const { return failure_; }
  [[nodiscard]] Headers& trailers() { return trailers_; }

 private:
  enum class State { kSize, kExtension, kSizeLf, kData, kDataCr, kDataLf, kTrailer, kTrailerLf };

  [[nodiscard]] bool take(char c, std::size_t room);
  [[nodiscard]] bool take_size(char c, std::size_t room);
  [[nodiscard]] bool take_trailer(char c);
  [[nodiscard]] bool fail(int status, std::string_view why);

  State state_ = State::kSize;
  std::uint64_t left_ = 0;  ///< of the chunk's data
  unsigned digits_ = 0;
  std::size_t line_bytes_ = 0;  ///< of extensions, or of all trailers
  std::string trailer_;
  Headers trailers_;
  bool is_done_ = false;
  Failure failure_;
};

}  // namespace detail
}  // namespace stator::http
