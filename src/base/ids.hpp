#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/random.hpp"

namespace stator {

inline constexpr std::string_view kUpperAlnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
/// The letters of AWS's unique ids and access key ids (base 32).
inline constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
inline constexpr std::string_view kLowerAlnum = "abcdefghijklmnopqrstuvwxyz0123456789";

/// `length` characters drawn uniformly from `alphabet`.
[[nodiscard]] std::string random_text(Random& random, std::string_view alphabet,
                                      std::size_t length);

/// A version 4 UUID in lower case ("3f2b…-4…-…"): request ids, Lambda revisions, stack ids.
[[nodiscard]] std::string uuid4(Random& random);

}  // namespace stator
