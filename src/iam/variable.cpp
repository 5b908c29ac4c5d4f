#include "iam/variable.hpp"

#include "base/strings.hpp"

namespace stator::iam {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

/// The inside of `${...}` taken apart; nothing when it is badly written.
struct Reference {
  std::string_view key;
  std::optional<std::string_view> fallback;
};

std::optional<Reference> read_reference(std::string_view inside) {
  const auto comma = inside.find(',');
  Reference reference{inside.substr(0, comma), std::nullopt};
  if (comma != kNone) {
    const auto quoted = trim(inside.substr(comma + 1));
    if (quoted.size() < 2 || quoted.front() != '\'' || quoted.back() != '\'') return std::nullopt;
    reference.fallback = quoted.substr(1, quoted.size() - 2);
  }
  if (reference.key.empty() || reference.key.find_first_of(" \t") != kNone) return std::nullopt;
  return reference;
}

}  // namespace

std::size_t variable_end(std::string_view text, std::size_t from) {
  const auto brace = text.find('}', from);
  const auto quote = text.find('\'', from);
  if (brace == kNone || quote == kNone || quote > brace) return brace == kNone ? kNone : brace + 1;
  const auto closing = text.find('\'', quote + 1);
  if (closing == kNone) return kNone;
  const auto end = text.find('}', closing);
  return end == kNone ? kNone : end + 1;
}

TextPattern::TextPattern(std::string_view text, TextStyle style)
    : ignores_case_(style.ignores_case) {
  if (style.has_variables && text.find("${") != kNone) {
    read_pieces(text, style.has_wildcards);
    bool is_plain = true;
    for (const auto& piece : pieces_) is_plain = is_plain && !piece.is_variable;
    if (!is_plain) return;
    // Nothing but escapes.
    std::string compiled;
    for (const auto& piece : pieces_) compiled += piece.text;
    pieces_.clear();
    pattern_ = Pattern(std::move(compiled));
    return;
  }
  pattern_ = Pattern(style.has_wildcards ? glob::compile(text) : std::string(text));
}

void TextPattern::read_pieces(std::string_view text, bool has_wildcards) {
  for (;;) {
    const auto open = text.find("${");
    const auto before = text.substr(0, open);
    if (!before.empty()) {
      pieces_.push_back({false, has_wildcards ? glob::compile(before) : std::string(before), {}});
    }
    if (open == kNone) return;
    const auto end = variable_end(text, open);
    const auto inside = end == kNone ? std::string_view() : text.substr(open + 2, end - open - 3);
    if (inside == "*" || inside == "?" || inside == "$") {
      pieces_.push_back({false, std::string(inside), {}});
    } else if (const auto reference = read_reference(inside)) {
      pieces_.push_back({true, to_lower(reference->key), {}});
      if (reference->fallback) pieces_.back().fallback = std::string(*reference->fallback);
    } else {
      // No request has a key without a name.
      pieces_.push_back({true, {}, {}});
    }
    if (end == kNone) return;
    text.remove_prefix(end);
  }
}

std::optional<std::string> TextPattern::resolve(const Context& context) const {
  std::string text;
  for (const auto& piece : pieces_) {
    if (!piece.is_variable) {
      text += piece.text;
      continue;
    }
    const auto* found = piece.text.empty() ? nullptr : context.find(piece.text);
    const bool is_absent = found == nullptr || found->empty();
    if (is_absent && !piece.fallback) return std::nullopt;
    if (!is_absent && (found->size() > 1 || glob::is_foreign(found->front()))) return std::nullopt;
    text += is_absent ? *piece.fallback : found->front();
  }
  return text;
}

Match TextPattern::matches(std::string_view text, const Context& context) const {
  if (pieces_.empty()) {
    const bool fits =
        ignores_case_ ? equals_ignore_case(pattern_.text(), text) : pattern_.matches(text);
    return fits ? Match::kYes : Match::kNo;
  }
  const auto resolved = resolve(context);
  if (!resolved) return Match::kUnresolved;
  const bool fits =
      ignores_case_ ? equals_ignore_case(*resolved, text) : glob::matches(*resolved, text);
  return fits ? Match::kYes : Match::kNo;
}

void TextPattern::collect_keys(std::vector<std::string>& keys) const {
  for (const auto& piece : pieces_) {
    if (piece.is_variable && !piece.text.empty()) keys.push_back(piece.text);
  }
}

}  // namespace stator::iam
