#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "stator/json.hpp"

/// Keys that are made of members: "ORDER#{:08}".
namespace ddb::detail {

/// How many "{...}" a format has.
[[nodiscard]] constexpr std::size_t count_holes(std::string_view format) {
  std::size_t holes = 0;
  for (const char c : format) holes += c == '{' ? 1 : 0;
  return holes;
}

/// Writes a key piece by piece. A key is only good when it can be taken for no other: a text may
/// not hold what follows it in the format, and a padded number fits its width.
class KeyFormatter {
 public:
  explicit KeyFormatter(std::string_view format) : rest_(format) { copy_literal(); }

  void add(std::string_view value) {
    const std::size_t width = take_hole();
    const std::string_view next = rest_.substr(0, rest_.find('{'));
    if (width != 0) problem_ = "a key's text cannot be padded";
    if (!next.empty() && value.find(next) != std::string_view::npos) {
      problem_ = "a key's part may not hold '" + std::string(next) + "', which ends it";
    }
    out_ += value;
    copy_literal();
  }
  void add(std::integral auto value) {
    const std::size_t width = take_hole();
    const std::string digits = stator::sdk::number_text(value);
    if (width != 0 && (digits.size() > width || digits.front() == '-')) {
      problem_ = "the number " + digits + " does not fit its place in a key";
    }
    if (digits.size() < width) out_.append(width - digits.size(), '0');
    out_ += digits;
    copy_literal();
  }

  /// True until the format's last hole is filled.
  [[nodiscard]] bool has_more() const { return !rest_.empty(); }
  [[nodiscard]] const std::string& text() const { return out_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  void copy_literal() {
    const std::size_t hole = std::min(rest_.find('{'), rest_.size());
    out_ += rest_.substr(0, hole);
    rest_.remove_prefix(hole);
  }
  // Takes "{}" or "{:08}" and answers the width.
  std::size_t take_hole() {
    const std::size_t end = rest_.find('}');
    std::size_t width = 0;
    for (const char c : rest_.substr(0, end)) {
      if (c >= '0' && c <= '9') width = width * 10 + static_cast<std::size_t>(c - '0');
    }
    rest_.remove_prefix(end + 1);
    return width;
  }

  std::string_view rest_;
  std::string out_;
  std::string problem_;
};

/// Whether a text could have come of a format.
[[nodiscard]] inline bool fits_format(std::string_view text, std::string_view format) {
  for (bool first = true;; first = false) {
    const std::size_t hole = std::min(format.find('{'), format.size());
    const std::string_view literal = format.substr(0, hole);
    const bool last = hole == format.size();
    if (first && last) return text == literal;
    const std::size_t at =
        first  ? (text.starts_with(literal) ? 0 : std::string_view::npos)
        : last ? (text.ends_with(literal) ? text.size() - literal.size() : std::string_view::npos)
               : text.find(literal);
    if (at == std::string_view::npos) return false;
    if (last) return true;
    text.remove_prefix(at + literal.size());
    format.remove_prefix(format.find('}') + 1);
  }
}

}  // namespace ddb::detail
