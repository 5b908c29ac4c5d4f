#include "logs/filter_pattern.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "logs/errors.hpp"

namespace stator::logs {
namespace {

constexpr std::size_t kPatternBytesMax = 1'024;

bool is_term_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Takes one term off the front: a phrase in quotes, in which \" and \\ stand for themselves, or
/// everything up to the next space.
Result<std::string> take_term(std::string_view& rest) {
  std::string term;
  if (!rest.starts_with('"')) {
    const auto raw = rest.substr(0, rest.find(' '));
    rest.remove_prefix(raw.size());
    if (raw.empty() || !std::all_of(raw.begin(), raw.end(), is_term_character)) {
      return invalid_parameter("Invalid character(s) in term '" + std::string(raw) + "'");
    }
    return std::string(raw);
  }
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      if (term.empty()) return invalid_parameter("Invalid filter pattern: an empty term");
      return term;
    }
    if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
    term.push_back(rest[i]);
  }
  return invalid_parameter("Invalid filter pattern: a quote is not closed");
}

bool contains(std::string_view message, const std::string& term) {
  return message.find(term) != std::string_view::npos;
}

}  // namespace

Result<FilterPattern> FilterPattern::parse(std::string_view text) {
  FilterPattern pattern;
  if (text.size() > kPatternBytesMax) {
    return invalid_parameter("The filter pattern is longer than 1024 characters");
  }
  auto rest = trim(text);
  if (rest.starts_with('{')) return not_supported("filter patterns for JSON ({ $.field = ... })");
  if (rest.starts_with('['))
    return not_supported("space-delimited filter patterns ([w1, w2, ...])");
  if (rest.starts_with('%')) return not_supported("regular expressions in filter patterns (%...%)");
  while (!rest.empty()) {
    const char mark = rest.front();
    if (mark == '?' || mark == '-') rest.remove_prefix(1);
    auto& terms = mark == '?' ? pattern.any_ : mark == '-' ? pattern.none_ : pattern.all_;
    STATOR_TRY(auto term, take_term(rest));
    terms.push_back(std::move(term));
    if (!rest.empty() && rest.front() != ' ') {
      return invalid_parameter("Invalid filter pattern: a space is missing between two terms");
    }
    rest = trim(rest);
  }
  // AWS ignores the optional terms in such a pattern, which nobody can mean.
  if (!pattern.any_.empty() && !(pattern.all_.empty() && pattern.none_.empty())) {
    return not_supported("filter patterns that mix optional terms (?) with others");
  }
  return pattern;
}

bool FilterPattern::matches(std::string_view message) const {
  const auto is_in = [message](const std::string& term) { return contains(message, term); };
  return std::all_of(all_.begin(), all_.end(), is_in) &&
         std::none_of(none_.begin(), none_.end(), is_in) &&
         (any_.empty() || std::any_of(any_.begin(), any_.end(), is_in));
}

}  // namespace stator::logs
