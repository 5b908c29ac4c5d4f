#pragma once

#include <string_view>

#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::aws {

inline constexpr std::size_t kFormFieldsMax = 10'000;
inline constexpr std::size_t kFormDepthMax = 16;

/// The value of the first field of that name, still encoded; "" when there is none.
[[nodiscard]] std::string_view form_field(std::string_view form, std::string_view name);

/// A query-protocol form ("Action=X&Tags.member.1.Key=k") as nested JSON: `A.member.N` becomes the
/// list A in the order of N, `A.B` a structure, every scalar a string. Signature parameters
/// (X-Amz-…) are left out. kInvalid (MalformedInput) past a bound, for a malformed escape, and for
/// a name that is a scalar here and a structure there.
[[nodiscard]] Result<json::Object> parse_form(std::string_view form);

}  // namespace stator::aws
