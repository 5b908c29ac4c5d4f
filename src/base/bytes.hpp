#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace stator {

/// Bytes travel as std::string and std::string_view throughout; these turn them into text and back.

[[nodiscard]] std::string hex_encode(std::string_view bytes);
/// Nothing when the length is odd or a character is not a hex digit (either case is read).
[[nodiscard]] std::optional<std::string> hex_decode(std::string_view text);

/// Standard alphabet with padding (RFC 4648, section 4).
[[nodiscard]] std::string base64_encode(std::string_view bytes);
/// Strict: padding required, no spaces, unused bits zero. Nothing for anything else.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

/// URL-safe alphabet without padding (RFC 4648, section 5), for cursors and tokens.
[[nodiscard]] std::string base64url_encode(std::string_view bytes);
[[nodiscard]] std::optional<std::string> base64url_decode(std::string_view text);

/// Percent-encodes all but A-Z a-z 0-9 - . _ ~ (RFC 3986), upper-case hex; `keep_slash` spares '/'.
[[nodiscard]] std::string percent_encode(std::string_view bytes, bool keep_slash = false);
/// Nothing when an escape is cut short or is not hex. `plus_is_space` reads form encoding.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text,
                                                        bool plus_is_space = false);

/// True when `bytes` is well-formed UTF-8 (no overlong forms, no surrogates).
[[nodiscard]] bool is_utf8(std::string_view bytes);
/// The same text, each byte that is not part of well-formed UTF-8 replaced by U+FFFD.
[[nodiscard]] std::string to_utf8(std::string_view bytes);

/// Equal in a time that depends on the length alone: for signatures and tokens.
[[nodiscard]] bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace stator
