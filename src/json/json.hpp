#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

/// The control plane's JSON: Boost.JSON's document types under our names. The data plane of
/// DynamoDB reads with simdjson and writes by hand instead.
namespace stator::json {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;
using String = boost::json::string;

inline constexpr std::size_t kDepthMax = 32;

/// Strict JSON, at most kDepthMax deep. kInvalid with the offset of the first fault.
[[nodiscard]] Result<Value> parse(std::string_view text);
/// The same, and the document must be an object.
[[nodiscard]] Result<Object> parse_object(std::string_view text);

/// Success when `text` is strict JSON at most `depth_max` deep; kInvalid with the offset of the
/// first fault. Builds no document, so it is fit for payloads of megabytes that pass through
/// unread.
[[nodiscard]] Result<void> validate(std::string_view text, std::size_t depth_max = 512);

/// Compact, members in their order of insertion.
[[nodiscard]] std::string dump(const Value& value);
[[nodiscard]] std::string dump(const Object& object);

/// `text` as a JSON string, quotes included.
[[nodiscard]] std::string quote(std::string_view text);

/// A member of an object, or null when it is absent. The pointer lives as long as the object.
[[nodiscard]] inline const Value* find(const Object& object, std::string_view name) {
  return object.if_contains(boost::json::string_view(name.data(), name.size()));
}
/// A string member's text; empty optional when absent or of another type.
[[nodiscard]] std::optional<std::string> find_string(const Object& object, std::string_view name);
[[nodiscard]] std::optional<std::int64_t> find_int(const Object& object, std::string_view name);
[[nodiscard]] std::optional<bool> find_bool(const Object& object, std::string_view name);

[[nodiscard]] inline std::string_view view(const String& text) {
  return {text.data(), text.size()};
}

}  // namespace stator::json
