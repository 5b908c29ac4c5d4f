#include "logs/patterns/terms.hpp"

#include <algorithm>
#include <utility>

#include "logs/patterns/scanner.hpp"

namespace stator::logs::patterns {
namespace {

bool is_term_character(char c) {
  return is_letter_or_digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// A phrase in quotes, or everything up to the next space. A phrase of spaces is "", which is in
/// every text.
Result<std::string> take_term(Scanner& scanner) {
  if (scanner.is_at("\"")) {
    STATOR_TRY(auto term, scanner.take_quoted());
    if (term.empty()) return invalid_pattern("an empty term");
    if (!scanner.is_done() && !scanner.is_at(" ")) {
      return invalid_pattern("a space is missing between two terms");
    }
    return trim_spaces(term).empty() ? std::string() : term;
  }
  const auto term = scanner.rest().substr(0, scanner.rest().find(' '));
  if (term.empty() || !std::all_of(term.begin(), term.end(), is_term_character)) {
    return invalid_term(term);
  }
  scanner.skip(term.size());
  return std::string(term);
}

}  // namespace

Result<Terms> Terms::parse(std::string_view text) {
  Terms terms;
  Scanner scanner(text);
  for (scanner.skip_spaces(); !scanner.is_done(); scanner.skip_spaces()) {
    const bool is_optional = scanner.take("?");
    const bool is_excluded = !is_optional && scanner.take("-");
    STATOR_TRY(auto term, take_term(scanner));
    auto& kind = is_optional ? terms.any_ : is_excluded ? terms.none_ : terms.all_;
    kind.push_back(std::move(term));
  }
  if (!terms.all_.empty() || !terms.none_.empty()) terms.any_.clear();
  return terms;
}

bool Terms::match(std::string_view message) const {
  const auto is_in = [message](const std::string& term) {
    return message.find(term) != std::string_view::npos;
  };
  return std::all_of(all_.begin(), all_.end(), is_in) &&
         std::none_of(none_.begin(), none_.end(), is_in) &&
         (any_.empty() || std::any_of(any_.begin(), any_.end(), is_in));
}

}  // namespace stator::logs::patterns
