#include "iam/matching.hpp"

#include "base/strings.hpp"

namespace stator::iam {

Pattern::Pattern(std::string text) : text_(std::move(text)) {
  const auto wild = text_.find_first_of("*?");
  if (wild == std::string::npos) {
    kind_ = Kind::kExact;
  } else if (text_ == "*") {
    kind_ = Kind::kAny;
  } else if (wild + 1 == text_.size() && text_.back() == '*') {
    text_.pop_back();
    kind_ = Kind::kPrefix;
  } else {
    kind_ = Kind::kWild;
  }
}

bool Pattern::matches(std::string_view text) const {
  switch (kind_) {
    case Kind::kAny:
      return true;
    case Kind::kExact:
      return text == text_;
    case Kind::kPrefix:
      return text.starts_with(text_);
    case Kind::kWild:
      return wildcard_match(text_, text);
  }
  return false;
}

bool split_arn(std::string_view arn, Access::Segments& segments) {
  if (!arn.starts_with("arn:")) return false;
  arn.remove_prefix(4);
  for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
    const auto colon = arn.find(':');
    if (colon == std::string_view::npos) return false;
    segments[i] = arn.substr(0, colon);
    arn.remove_prefix(colon + 1);
  }
  segments.back() = arn;
  return true;
}

Access::Access(std::string_view action, std::string_view resource)
    : action_(action), resource_(resource), action_lower_(to_lower(action)) {
  is_arn_ = split_arn(resource, segments_);
}

ActionPattern::ActionPattern(std::string_view text) : pattern_(to_lower(text)) {}

namespace {

/// The text with every `${...}` made a star. An opening without an end reaches to the end of the
/// text: whatever it was meant to be, it is not literal text.
std::string widen_variables(std::string_view text, bool& found) {
  std::string wide;
  for (;;) {
    const auto open = text.find("${");
    wide += text.substr(0, open);
    if (open == std::string_view::npos) return wide;
    found = true;
    wide += '*';
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) return wide;
    text.remove_prefix(close + 1);
  }
}

}  // namespace

ResourcePattern::ResourcePattern(std::string_view text, bool variables) {
  // Variables go first: their names hold colons, which are not the ARN's.
  const std::string wide = variables ? widen_variables(text, has_variable_) : std::string(text);
  if (wide == "*") {
    is_any_ = true;
    return;
  }
  std::string_view rest = wide;
  if (!rest.starts_with("arn:")) {
    is_arn_ = false;
    return;
  }
  rest.remove_prefix(4);
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    const auto colon = i + 1 < segments_.size() ? rest.find(':') : std::string_view::npos;
    segments_[i] = Pattern(std::string(rest.substr(0, colon)));
    if (colon == std::string_view::npos) return;
    rest.remove_prefix(colon + 1);
  }
}

Match ResourcePattern::matches(const Access& access) const {
  const Match hit = has_variable_ ? Match::kMaybe : Match::kYes;
  if (is_any_) return hit;
  const Access::Segments* segments = access.segments();
  // A text that no rule can be held against stays open as long as a variable could make it fit.
  if (!is_arn_ || segments == nullptr) {
    return has_variable_ && !is_arn_ ? Match::kMaybe : Match::kNo;
  }
  for (std::size_t i = segments_.size(); i-- > 0;) {
    if (!segments_[i].matches((*segments)[i])) return Match::kNo;
  }
  return hit;
}

}  // namespace stator::iam
