#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::json {

struct YamlOptions {
  std::size_t nodes_max = 100'000;  ///< aliases count each time they are used
  int depth_max = 100;
  /// What a value behind a tag of the document's own ("Ref" for `!Ref`) becomes. Unset: such a tag
  /// is an error.
  std::function<Result<Value>(const std::string& tag, Value value)> tagged = {};
};

/// A YAML document (JSON is one) with members in their order. Plain scalars are null, booleans,
/// decimal numbers or texts; dates and numbers with leading zeros stay texts, quoted scalars always
/// do. kInvalid with the line for text that is none, a duplicate key, a key that is no text, an
/// unknown tag, a merge key, and beyond the bounds.
[[nodiscard]] Result<Value> parse_yaml(std::string_view text, const YamlOptions& options = {});

/// In block style, texts in double quotes. parse_yaml() reads it back.
[[nodiscard]] std::string dump_yaml(const Value& value);

}  // namespace stator::json
