#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/json.hpp"

namespace stator::lambda {

/// Reads members of a stored object and remembers whether one was missing or of the wrong type, so
/// that a decoder asks once, at its end. The object outlives it.
class Reader {
 public:
  explicit Reader(const json::Object& object) : object_(object) {}

  std::string text(std::string_view name) { return take(json::find_string(object_, name)); }
  std::int64_t number(std::string_view name) { return take(json::find_int(object_, name)); }
  const json::Object& object(std::string_view name);
  const json::Array& array(std::string_view name);
  [[nodiscard]] bool has(std::string_view name) const {
    return json::find(object_, name) != nullptr;
  }
  /// For members that older records have not: "" or `otherwise`, then.
  std::string text_or(std::string_view name, std::string otherwise = {}) {
    return has(name) ? text(name) : std::move(otherwise);
  }
  std::int64_t number_or(std::string_view name, std::int64_t otherwise) {
    return has(name) ? number(name) : otherwise;
  }
  /// The texts of an array.
  std::vector<std::string> texts(std::string_view name);
  /// {"name": "text", ...}
  std::vector<std::pair<std::string, std::string>> pairs(std::string_view name);
  /// Each object of an array, through `decode(Reader&)`.
  template <class T, class Decode>
  std::vector<T> objects(std::string_view name, Decode decode) {
    std::vector<T> out;
    for (const auto& value : array(name)) {
      if (!value.is_object()) {
        fail();
        continue;
      }
      Reader element(value.get_object());
      out.push_back(decode(element));
      if (!element.is_whole()) fail();
    }
    return out;
  }
  [[nodiscard]] bool is_whole() const { return is_whole_; }
  void fail() { is_whole_ = false; }

 private:
  template <class T>
  T take(std::optional<T> value) {
    if (!value) is_whole_ = false;
    return value ? std::move(*value) : T{};
  }
  const json::Object& object_;
  bool is_whole_ = true;
};

[[nodiscard]] json::Array encode_texts(const std::vector<std::string>& texts);
template <class Pairs>
[[nodiscard]] json::Object encode_pairs(const Pairs& pairs) {
  json::Object out;
  for (const auto& [name, value] : pairs) out[name] = value;
  return out;
}

}  // namespace stator::lambda
