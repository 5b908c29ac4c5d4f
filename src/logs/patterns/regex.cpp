#include "logs/patterns/regex.hpp"

#include <algorithm>
#include <bitset>
#include <optional>
#include <string>

#include "logs/errors.hpp"

namespace stator::logs::patterns {
namespace {

constexpr std::size_t kWordBits = 64;
using Symbols = std::bitset<129>;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_operator(char c) {
  return std::string_view("^$?[]{}|\\*+.").find(c) != std::string_view::npos;
}
/// What may stand for itself.
bool is_plain(char c) {
  return is_word(c) || std::string_view(":#=@/;,- ").find(c) != std::string_view::npos;
}

template <class Is>
Symbols all_that(Is is) {
  Symbols out;
  for (std::size_t c = 0; c < 128; ++c) out[c] = is(static_cast<char>(c));
  return out;
}

Error invalid(std::string_view text, const std::string& reason) {
  return invalid_parameter("Invalid regular expression '" + std::string(text) + "': " + reason);
}

Error not_plain(std::string_view text, char c) {
  if (static_cast<unsigned char>(c) >= 0x80) {
    return invalid(text, "only ASCII characters are supported");
  }
  return invalid(text, std::string("the character '") + c + "' is not supported");
}

}  // namespace

class RegexParser {
 public:
  explicit RegexParser(std::string_view text) : text_(text), rest_(text) {}

  Result<Regex> run() {
    if (text_.empty()) return invalid(text_, "it is empty");
    do {
      STATOR_TRY_VOID(parse_alternative());
    } while (take('|'));
    return std::move(regex_);
  }

 private:
  struct Repeat {
    std::size_t least = 1;
    std::optional<std::size_t> most = 1;  ///< unset: without end
  };

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  Result<void> parse_alternative() {
    STATOR_TRY(const std::size_t begin, add_place());
    set(take('^') ? regex_.first_anchored_ : regex_.first_, begin);
    place_ = begin;
    bool is_anchored = false;
    while (!rest_.empty() && rest_.front() != '|') {
      is_anchored = take('$');
      if (is_anchored) break;
      STATOR_TRY(const Symbols symbols, parse_symbols());
      STATOR_TRY(const Repeat repeat, parse_repeat());
      STATOR_TRY_VOID(add(symbols, repeat));
    }
    if (is_anchored && !rest_.empty() && rest_.front() != '|') {
      return invalid(text_, "$ must stand at the end");
    }
    set(is_anchored ? regex_.last_anchored_ : regex_.last_, place_);
    return {};
  }

  Result<Symbols> parse_symbols() {
    const char c = rest_.front();
    if (c == '[') return parse_class();
    if (c == '\\') return parse_escape();
    rest_.remove_prefix(1);
    if (c == '.') return ~Symbols().set('\n');
    if (c == '^') return invalid(text_, "^ must stand at the beginning");
    if (is_operator(c)) {
      return invalid(text_, std::string("there is nothing before ") + c + " that it could mean");
    }
    if (!is_plain(c)) return not_plain(text_, c);
    return Symbols().set(static_cast<std::size_t>(c));
  }

  /// Behind a backslash: a class, \xhh, or an operator that stands for itself.
  Result<Symbols> parse_escape() {
    rest_.remove_prefix(1);
    if (rest_.empty()) return invalid(text_, "a backslash ends it");
    const char c = rest_.front();
    rest_.remove_prefix(1);
    switch (c) {
      case 'd':
        return all_that(is_digit);
      case 'D':
        return ~all_that(is_digit);
      case 's':
        return all_that(is_space);
      case 'S':
        return ~all_that(is_space);
      case 'w':
        return all_that(is_word);
      case 'W':
        return ~all_that(is_word);
      case 't':
        return Symbols().set('\t');
      case 'n':
        return Symbols().set('\n');
      case 'x':
        return parse_hex();
      default:
        break;
    }
    if (!is_operator(c) && (is_word(c) || !is_plain(c))) {
      return not_plain(text_, c);
    }
    return Symbols().set(static_cast<std::size_t>(c));
  }

  Result<Symbols> parse_hex() {
    std::size_t value = 0;
    for (int i = 0; i < 2; ++i) {
      const auto digits = std::string_view("0123456789abcdef0123456789ABCDEF");
      const auto at = rest_.empty() ? std::string_view::npos : digits.find(rest_.front());
      if (at == std::string_view::npos) return invalid(text_, "\\x wants two hexadecimal digits");
      value = value * 16 + at % 16;
      rest_.remove_prefix(1);
    }
    if (value >= 128) return invalid(text_, "\\x goes to 7F");
    return Symbols().set(value);
  }

  Result<Symbols> parse_class() {
    rest_.remove_prefix(1);
    const bool is_negated = take('^');
    Symbols out;
    for (bool is_first = true;; is_first = false) {
      if (rest_.empty()) return invalid(text_, "a [ is not closed");
      if (rest_.front() == ']' && !is_first) break;
      STATOR_TRY(const Symbols low, parse_class_symbols());
      const bool is_range = rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']';
      if (!is_range) {
        out |= low;
        continue;
      }
      rest_.remove_prefix(1);
      STATOR_TRY(const Symbols high, parse_class_symbols());
      const auto from = only(low);
      const auto until = only(high);
      if (!from || !until || *from > *until) return invalid(text_, "a range is out of order");
      for (std::size_t c = *from; c <= *until; ++c) out.set(c);
    }
    rest_.remove_prefix(1);
    return is_negated ? ~out : out;
  }

  /// Operators stand for themselves here, but for the backslash and the closing bracket.
  Result<Symbols> parse_class_symbols() {
    const char c = rest_.front();
    if (c == '\\') return parse_escape();
    if (!is_plain(c) && !is_operator(c)) {
      return not_plain(text_, c);
    }
    rest_.remove_prefix(1);
    return Symbols().set(static_cast<std::size_t>(c));
  }

  static std::optional<std::size_t> only(const Symbols& symbols) {
    if (symbols.count() != 1) return std::nullopt;
    return symbols._Find_first();
  }

  Result<Repeat> parse_repeat() {
    Repeat repeat;
    bool is_repeat = true;
    if (take('?')) {
      repeat = {0, 1};
    } else if (take('*')) {
      repeat = {0, std::nullopt};
    } else if (take('+')) {
      repeat = {1, std::nullopt};
    } else if (take('{')) {
      STATOR_TRY(repeat, parse_counts());
    } else {
      is_repeat = false;
    }
    // How eagerly it repeats does not matter to whether it matches.
    if (is_repeat) take('?');
    return repeat;
  }

  Result<Repeat> parse_counts() {
    const auto end = rest_.find('}');
    if (end == std::string_view::npos) return invalid(text_, "a { is not closed");
    const auto counts = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    const auto comma = counts.find(',');
    auto low = counts.substr(0, comma);
    auto high = comma == std::string_view::npos ? low : counts.substr(comma + 1);
    while (high.starts_with(' ')) high.remove_prefix(1);
    if (low.empty() && high.empty()) return invalid(text_, "{} wants a number");
    STATOR_TRY(const std::size_t least, parse_count(low));
    if (high.empty()) return Repeat{least, std::nullopt};
    STATOR_TRY(const std::size_t most, parse_count(high));
    if (most < least) return invalid(text_, "the numbers of {} are out of order");
    return Repeat{least, most};
  }

  Result<std::size_t> parse_count(std::string_view digits) {
    if (digits.size() > 4 || !std::all_of(digits.begin(), digits.end(), is_digit)) {
      return invalid(text_, "{} wants numbers up to 9999");
    }
    std::size_t value = 0;
    for (const char digit : digits) value = value * 10 + static_cast<std::size_t>(digit - '0');
    return value;
  }

  Result<void> add(const Symbols& symbols, const Repeat& repeat) {
    const std::size_t copies = repeat.most.value_or(repeat.least);
    for (std::size_t i = 0; i < copies; ++i) {
      STATOR_TRY_VOID(add_character(symbols));
      if (i >= repeat.least) set(regex_.optional_, place_ - 1);
    }
    if (repeat.most) return {};
    STATOR_TRY_VOID(add_character(symbols));
    set(regex_.optional_, place_ - 1);
    set(regex_.repeated_, place_ - 1);
    return {};
  }

  /// At the current place; the next one becomes current.
  Result<void> add_character(const Symbols& symbols) {
    for (std::size_t symbol = 0; symbol < Regex::kSymbols; ++symbol) {
      if (symbols[symbol]) set(regex_.accepts_[symbol], place_);
    }
    STATOR_TRY(place_, add_place());
    return {};
  }

  Result<std::size_t> add_place() {
    if (places_ == Regex::kPlacesMax) return invalid(text_, "it is too large");
    if (places_ % kWordBits == 0) {
      for (auto& bits : regex_.accepts_) bits.push_back(0);
      for (auto* bits : {&regex_.optional_, &regex_.repeated_, &regex_.first_,
                         &regex_.first_anchored_, &regex_.last_, &regex_.last_anchored_}) {
        bits->push_back(0);
      }
    }
    return places_++;
  }

  static void set(Regex::Bits& bits, std::size_t place) {
    bits[place / kWordBits] |= Regex::Word{1} << place % kWordBits;
  }

  std::string_view text_;
  std::string_view rest_;
  Regex regex_;
  std::size_t places_ = 0;
  std::size_t place_ = 0;
};

Result<Regex> Regex::parse(std::string_view text) {
  return RegexParser(text).run();
}

namespace {

bool meet(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if ((a[i] & b[i]) != 0) return true;
  }
  return false;
}

void join_into(std::vector<std::uint64_t>& to, const std::vector<std::uint64_t>& from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] |= from[i];
}

}  // namespace

bool Regex::is_in(std::string_view text) const {
  Bits places = first_;
  join_into(places, first_anchored_);
  skip_optional(places);
  for (std::size_t at = 0;; ++at) {
    if (meet(places, last_)) return true;
    const auto rest = text.substr(at);
    if ((rest.empty() || rest == "\n") && meet(places, last_anchored_)) return true;
    if (rest.empty()) return false;
    const auto byte = static_cast<unsigned char>(rest.front());
    // The bytes behind the first of a character that is not ASCII.
    if (byte >= 0x80 && byte < 0xc0) continue;
    step(places, byte < 0x80 ? byte : kOtherSymbol);
    join_into(places, first_);
    skip_optional(places);
  }
}

void Regex::step(Bits& places, std::size_t symbol) const {
  const Bits& accepts = accepts_[symbol];
  Word carry = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Word accepted = places[i] & accepts[i];
    places[i] = accepted << 1 | carry | (accepted & repeated_[i]);
    carry = accepted >> (kWordBits - 1);
  }
}

/// From a place whose character may be left out the next is reached too. Adding the reached places
/// to a run of such places carries through the rest of the run and one place further, which is
/// where all of them lead.
void Regex::skip_optional(Bits& places) const {
  Word carry = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Word reached = places[i] & optional_[i];
    const Word partial = optional_[i] + reached;
    const Word sum = partial + carry;
    const Word out = static_cast<Word>(partial < reached) | static_cast<Word>(sum < carry);
    // What a carry turned over was reached; so was the place that the carry went to.
    places[i] |= (sum ^ optional_[i]);
    carry = out;
  }
}

}  // namespace stator::logs::patterns
