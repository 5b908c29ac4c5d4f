#include "base/regex.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <memory>
#include <optional>
#include <string>

namespace stator {
namespace {

constexpr char32_t kLastCharacter = 0x10ffff;
using Ranges = std::vector<std::pair<char32_t, char32_t>>;

/// The first character of a text that is not empty, which it is shortened by. A byte that is not
/// well-formed UTF-8 is a character of its own, beyond all others.
char32_t take_character(std::string_view& text) {
  const auto byte = [&text](std::size_t at) -> std::uint32_t {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
  };
  const auto follows = [&byte](std::size_t at) { return (byte(at) & 0xc0) == 0x80; };
  const std::uint32_t first = byte(0);
  char32_t character = kLastCharacter + 1 + first;
  std::size_t length = 1;
  if (first < 0x80) {
    character = first;
  } else if (first >= 0xc2 && first < 0xe0 && follows(1)) {
    character = (first & 0x1f) << 6 | (byte(1) & 0x3f);
    length = 2;
  } else if (first >= 0xe0 && first < 0xf0 && follows(1) && follows(2)) {
    character = (first & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
    length = 3;
  } else if (first >= 0xf0 && first < 0xf5 && follows(1) && follows(2) && follows(3)) {
    character =
        (first & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f);
    length = 4;
  }
  text.remove_prefix(length);
  return character;
}

bool contains(const Ranges& ranges, char32_t character) {
  return std::any_of(ranges.begin(), ranges.end(), [character](const auto& range) {
    return range.first <= character && character <= range.second;
  });
}

Ranges all_but(Ranges ranges) {
  std::sort(ranges.begin(), ranges.end());
  Ranges rest;
  char32_t from = 0;
  for (const auto& [first, last] : ranges) {
    if (first > from) rest.emplace_back(from, first - 1);
    from = std::max<char32_t>(from, last + 1);
  }
  rest.emplace_back(from, kLastCharacter + 0x100);
  return rest;
}

const Ranges kDigits{{'0', '9'}};
const Ranges kSpaces{{'\t', '\r'}, {' ', ' '}};
const Ranges kWords{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
const Ranges kLineEnds{{'\n', '\n'}, {'\r', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}};

std::optional<Ranges> named_class(char32_t letter) {
  switch (letter) {
    case 'd':
      return kDigits;
    case 'D':
      return all_but(kDigits);
    case 's':
      return kSpaces;
    case 'S':
      return all_but(kSpaces);
    case 'w':
      return kWords;
    case 'W':
      return all_but(kWords);
    default:
      return std::nullopt;
  }
}

std::optional<char32_t> control_character(char32_t letter) {
  switch (letter) {
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'f':
      return '\f';
    case 'a':
      return 0x07;
    case 'e':
      return 0x1b;
    default:
      return std::nullopt;
  }
}

bool is_letter_or_digit(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

/// Reads an expression into a tree, then writes the tree's steps from its end to its beginning, so
/// that every step knows the one behind it.
class RegexParser {
 public:
  explicit RegexParser(std::string_view text) : rest_(text) {}

  Result<Regex> run() {
    STATOR_TRY(const auto tree, parse_alternatives(0));
    if (!rest_.empty()) return invalid("Unmatched closing ')'");
    regex_.steps_.push_back({});
    STATOR_TRY(regex_.start_, write(*tree, 0));
    return std::move(regex_);
  }

 private:
  using Step = Regex::Step;
  struct Node {
    enum class Kind { kStep, kSequence, kChoice, kRepeat } kind = Kind::kSequence;
    Step step = {};
    std::vector<std::unique_ptr<Node>> parts = {};
    std::size_t least = 0;
    std::optional<std::size_t> most = {};  ///< of a repeat; unset: without end
  };
  using Tree = std::unique_ptr<Node>;

  static Tree make(Step::Kind kind, Ranges ranges = {}) {
    auto node = std::make_unique<Node>();
    node->kind = Node::Kind::kStep;
    node->step.kind = kind;
    node->step.ranges = std::move(ranges);
    return node;
  }

  bool take(std::string_view what) {
    if (!rest_.starts_with(what)) return false;
    rest_.remove_prefix(what.size());
    return true;
  }

  Result<Tree> parse_alternatives(std::size_t depth) {
    if (depth > Regex::kDepthMax) return invalid("groups nest too deep");
    auto choice = std::make_unique<Node>();
    choice->kind = Node::Kind::kChoice;
    do {
      auto sequence = std::make_unique<Node>();
      while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
        STATOR_TRY(auto part, parse_part(depth));
        STATOR_TRY(part, parse_repeats(std::move(part)));
        sequence->parts.push_back(std::move(part));
      }
      choice->parts.push_back(std::move(sequence));
    } while (take("|"));
    return Tree(std::move(choice));
  }

  Result<Tree> parse_part(std::size_t depth) {
    if (take("(")) return parse_group(depth);
    if (take("[")) {
      STATOR_TRY(auto ranges, parse_class(depth));
      return make(Step::Kind::kSet, std::move(ranges));
    }
    if (take(".")) return make(Step::Kind::kSet, all_but(kLineEnds));
    if (take("^")) return make(Step::Kind::kBegin);
    if (take("$")) return make(Step::Kind::kEnd);
    if (take("\\")) return parse_escape();
    if (std::string_view("*+?{").find(rest_.front()) != std::string_view::npos) {
      return invalid(std::string("Dangling meta character '") + rest_.front() + "'");
    }
    const char32_t character = take_character(rest_);
    return make(Step::Kind::kSet, {{character, character}});
  }

  Result<Tree> parse_group(std::size_t depth) {
    const bool is_named =
        rest_.starts_with("?<") && !rest_.starts_with("?<=") && !rest_.starts_with("?<!");
    if (is_named) {
      const auto end = rest_.find('>');
      if (end == std::string_view::npos) return invalid("a group's name is not closed");
      rest_.remove_prefix(end + 1);
    } else if (!take("?:") && rest_.starts_with('?')) {
      return unsupported("looking around and flags within a regular expression");
    }
    STATOR_TRY(auto tree, parse_alternatives(depth + 1));
    if (!take(")")) return invalid("Unclosed group");
    return tree;
  }

  Result<Tree> parse_escape() {
    if (take("b")) return make(Step::Kind::kEdge);
    if (take("B")) return make(Step::Kind::kNoEdge);
    if (take("A")) return make(Step::Kind::kBegin);
    if (take("z")) return make(Step::Kind::kEnd);
    if (take("Z")) return make(Step::Kind::kEnd);
    STATOR_TRY(auto ranges, parse_escaped());
    return make(Step::Kind::kSet, std::move(ranges));
  }

  /// Behind a backslash, within a class or without.
  Result<Ranges> parse_escaped() {
    if (rest_.empty()) return invalid("a backslash ends it");
    const char32_t letter = take_character(rest_);
    if (auto named = named_class(letter)) return std::move(*named);
    if (const auto control = control_character(letter)) return Ranges{{*control, *control}};
    if (letter == 'x' || letter == 'u') return parse_hex(letter == 'x' ? 2 : 4);
    if (is_letter_or_digit(letter)) {
      return unsupported(std::string("\\") + static_cast<char>(letter) +
                         " in a regular expression");
    }
    return Ranges{{letter, letter}};
  }

  Result<Ranges> parse_hex(std::size_t digits) {
    std::uint32_t value = 0;
    const auto text = rest_.substr(0, digits);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (text.size() != digits || error != std::errc() || end != text.data() + digits) {
      return invalid("Illegal hexadecimal escape sequence");
    }
    rest_.remove_prefix(digits);
    return Ranges{{value, value}};
  }

  Result<Ranges> parse_class(std::size_t depth) {
    if (depth > Regex::kDepthMax) return invalid("classes nest too deep");
    const bool is_negated = take("^");
    Ranges ranges;
    // The first character stands for itself even if it is a bracket that closes.
    for (bool is_first = true; is_first || !take("]"); is_first = false) {
      if (rest_.empty()) return invalid("Unclosed character class");
      if (rest_.starts_with("&&")) return unsupported("&& in a class of a regular expression");
      STATOR_TRY(auto part, parse_class_part(depth));
      ranges.insert(ranges.end(), part.begin(), part.end());
    }
    return is_negated ? all_but(std::move(ranges)) : std::move(ranges);
  }

  Result<Ranges> parse_class_part(std::size_t depth) {
    if (take("[")) return parse_class(depth + 1);
    STATOR_TRY(auto first, parse_class_character());
    const bool is_single = first.size() == 1 && first[0].first == first[0].second;
    if (!is_single || !rest_.starts_with('-') || rest_.starts_with("-]")) return first;
    take("-");
    if (rest_.starts_with('[')) return unsupported("a class that ends a range");
    if (rest_.empty()) return invalid("Unclosed character class");
    STATOR_TRY(const auto last, parse_class_character());
    if (last.size() != 1 || last[0].first != last[0].second || last[0].first < first[0].first) {
      return invalid("Illegal character range");
    }
    first[0].second = last[0].first;
    return first;
  }

  Result<Ranges> parse_class_character() {
    if (take("\\")) return parse_escaped();
    const char32_t character = take_character(rest_);
    return Ranges{{character, character}};
  }

  Result<Tree> parse_repeats(Tree part) {
    auto repeat = std::make_unique<Node>();
    repeat->kind = Node::Kind::kRepeat;
    if (take("*")) {
      repeat->least = 0;
    } else if (take("+")) {
      repeat->least = 1;
    } else if (take("?")) {
      repeat->most = 1;
    } else if (take("{")) {
      STATOR_TRY_VOID(parse_counts(*repeat));
    } else {
      return part;
    }
    if (take("+")) return unsupported("possessive repeats in a regular expression");
    take("?");  // A lazy repeat matches the same texts.
    if (!rest_.empty() && std::string_view("*+?{").find(rest_.front()) != std::string_view::npos) {
      return invalid(std::string("Dangling meta character '") + rest_.front() + "'");
    }
    repeat->parts.push_back(std::move(part));
    return Tree(std::move(repeat));
  }

  Result<void> parse_counts(Node& repeat) {
    STATOR_TRY(repeat.least, parse_count());
    repeat.most = repeat.least;
    if (take(",")) {
      repeat.most.reset();
      if (!rest_.starts_with('}')) {
        STATOR_TRY(repeat.most, parse_count());
      }
    }
    if (!take("}")) return invalid("Unclosed counted closure");
    if (repeat.most && *repeat.most < repeat.least) return invalid("Illegal repetition range");
    return {};
  }

  Result<std::size_t> parse_count() {
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), count);
    if (error != std::errc()) return invalid("Illegal repetition");
    if (count > Regex::kStepsMax) return too_large();
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return count;
  }

  static Error too_large() {
    return invalid("a regular expression has at most " + std::to_string(Regex::kStepsMax) +
                   " steps once its repeats are written out");
  }

  Result<std::uint32_t> add(Step step) {
    if (regex_.steps_.size() >= Regex::kStepsMax) return too_large();
    regex_.steps_.push_back(std::move(step));
    return static_cast<std::uint32_t>(regex_.steps_.size() - 1);
  }

  /// The first of the steps that match `node` and go on at `next`.
  Result<std::uint32_t> write(const Node& node, std::uint32_t next) {
    // Repeats of nothing make no steps but take their time.
    if (++written_ > 10 * Regex::kStepsMax) return too_large();
    switch (node.kind) {
      case Node::Kind::kStep: {
        Step step = node.step;
        step.next = next;
        return add(std::move(step));
      }
      case Node::Kind::kSequence: {
        for (auto part = node.parts.rbegin(); part != node.parts.rend(); ++part) {
          STATOR_TRY(next, write(**part, next));
        }
        return next;
      }
      case Node::Kind::kChoice: {
        STATOR_TRY(auto first, write(*node.parts.back(), next));
        for (auto part = node.parts.rbegin() + 1; part != node.parts.rend(); ++part) {
          STATOR_TRY(const auto other, write(**part, next));
          STATOR_TRY(first, add({Step::Kind::kFork, other, first}));
        }
        return first;
      }
      case Node::Kind::kRepeat:
        break;
    }
    return write_repeat(node, next);
  }

  Result<std::uint32_t> write_repeat(const Node& node, std::uint32_t next) {
    const Node& part = *node.parts[0];
    if (node.most) {
      const auto end = next;
      for (std::size_t i = node.least; i < *node.most; ++i) {
        STATOR_TRY(const auto once, write(part, next));
        STATOR_TRY(next, add({Step::Kind::kFork, once, end}));
      }
    } else {
      STATOR_TRY(const auto loop, add({Step::Kind::kFork, 0, next}));
      STATOR_TRY(const auto once, write(part, loop));
      regex_.steps_[loop].next = once;
      next = loop;
    }
    for (std::size_t i = 0; i < node.least; ++i) {
      STATOR_TRY(next, write(part, next));
    }
    return next;
  }

  std::string_view rest_;
  Regex regex_;
  std::size_t written_ = 0;
};

/// The places that the text so far may have reached.
struct Regex::Walk {
  const std::vector<Step>& steps;
  std::vector<std::uint32_t> places = {};
  std::vector<bool> is_reached = std::vector<bool>(steps.size());
  std::vector<std::uint32_t> open = {};

  struct Around {
    bool is_begin;
    bool is_end;
    bool is_edge;  ///< a word begins or ends here
  };

  /// Adds a place and all that can be reached from it without taking a character.
  void reach(std::uint32_t place, const Around& around) {
    open.push_back(place);
    while (!open.empty()) {
      const std::uint32_t at = open.back();
      open.pop_back();
      if (is_reached[at]) continue;
      is_reached[at] = true;
      const Step& step = steps[at];
      switch (step.kind) {
        case Step::Kind::kSet:
        case Step::Kind::kMatched:
          places.push_back(at);
          break;
        case Step::Kind::kFork:
          open.push_back(step.other);
          open.push_back(step.next);
          break;
        case Step::Kind::kBegin:
          if (around.is_begin) open.push_back(step.next);
          break;
        case Step::Kind::kEnd:
          if (around.is_end) open.push_back(step.next);
          break;
        case Step::Kind::kEdge:
          if (around.is_edge) open.push_back(step.next);
          break;
        case Step::Kind::kNoEdge:
          if (!around.is_edge) open.push_back(step.next);
          break;
      }
    }
  }
};

Result<Regex> Regex::parse(std::string_view text) {
  return RegexParser(text).run();
}

bool Regex::matches(std::string_view text) const {
  const auto is_word_first = [](std::string_view rest) {
    return !rest.empty() && contains(kWords, static_cast<unsigned char>(rest.front()));
  };
  Walk now{steps_};
  now.reach(start_, {true, text.empty(), is_word_first(text)});
  while (!text.empty() && !now.places.empty()) {
    const char32_t character = take_character(text);
    const bool was_word = contains(kWords, character);
    const Walk::Around around{false, text.empty(), was_word != is_word_first(text)};
    Walk then{steps_};
    for (const auto place : now.places) {
      const Step& step = steps_[place];
      if (step.kind == Step::Kind::kSet && contains(step.ranges, character)) {
        then.reach(step.next, around);
      }
    }
    now.places.swap(then.places);
  }
  return std::any_of(now.places.begin(), now.places.end(), [this](std::uint32_t place) {
    return steps_[place].kind == Step::Kind::kMatched;
  });
}

}  // namespace stator
