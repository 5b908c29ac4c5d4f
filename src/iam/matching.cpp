#include "iam/matching.hpp"

#include <cstring>

#include "base/strings.hpp"

namespace stator::iam {
namespace glob {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0u) == 0x80u;
}

/// How much of the text a part without stars takes from its beginning; kNone when it does not fit.
std::size_t match_front(std::string_view part, std::string_view text) {
  std::size_t at = 0;
  for (const char wanted : part) {
    if (at == text.size()) return kNone;
    if (wanted == kAnyOne) {
      for (++at; at < text.size() && is_continuation(text[at]); ++at) {
      }
    } else if (text[at++] != wanted) {
      return kNone;
    }
  }
  return at;
}

/// Where a part without stars begins when it ends the text; kNone when it does not fit.
std::size_t match_back(std::string_view part, std::string_view text) {
  std::size_t at = text.size();
  for (std::size_t i = part.size(); i-- > 0;) {
    if (at == 0) return kNone;
    --at;
    if (part[i] == kAnyOne) {
      while (at > 0 && is_continuation(text[at])) --at;
    } else if (text[at] != part[i]) {
      return kNone;
    }
  }
  return at;
}

/// Removes everything up to the end of the first place where the part fits. memmem is linear.
bool skip_to_end_of(std::string_view part, std::string_view& text) {
  if (part.find(kAnyOne) == kNone) {
    const void* hit = memmem(text.data(), text.size(), part.data(), part.size());
    if (hit == nullptr) return false;
    const auto at = static_cast<std::size_t>(static_cast<const char*>(hit) - text.data());
    text.remove_prefix(at + part.size());
    return true;
  }
  for (std::size_t start = 0; start < text.size(); ++start) {
    const auto taken = match_front(part, text.substr(start));
    if (taken == kNone) continue;
    text.remove_prefix(start + taken);
    return true;
  }
  return false;
}

}  // namespace

std::string compile(std::string_view text) {
  std::string compiled(text);
  for (char& c : compiled) {
    if (c == '*') c = kStar;
    if (c == '?') c = kAnyOne;
  }
  return compiled;
}

bool is_foreign(std::string_view text) {
  return text.find(kStar) != kNone || text.find(kAnyOne) != kNone;
}

bool matches(std::string_view pattern, std::string_view text) {
  const auto first = pattern.find(kStar);
  if (first == kNone) return match_front(pattern, text) == text.size();
  // What stands before the first star and behind the last one has one place each; what stands
  // between two stars is best taken at its first place, because it leaves the most to the rest.
  const auto taken = match_front(pattern.substr(0, first), text);
  if (taken == kNone) return false;
  text.remove_prefix(taken);
  const auto last = pattern.rfind(kStar);
  const auto end = match_back(pattern.substr(last + 1), text);
  if (end == kNone) return false;
  text = text.substr(0, end);
  if (first == last) return true;
  pattern = pattern.substr(first + 1, last - first - 1);
  for (;;) {
    const auto star = pattern.find(kStar);
    const auto part = pattern.substr(0, star);
    if (!part.empty() && !skip_to_end_of(part, text)) return false;
    if (star == kNone) return true;
    pattern.remove_prefix(star + 1);
  }
}

}  // namespace glob

Pattern::Pattern(std::string compiled) : text_(std::move(compiled)) {
  const auto wild = text_.find_first_of(std::string{glob::kStar, glob::kAnyOne});
  if (wild == std::string::npos) {
    kind_ = Kind::kExact;
  } else if (text_.size() == 1 && text_[0] == glob::kStar) {
    kind_ = Kind::kAny;
  } else if (wild + 1 == text_.size() && text_.back() == glob::kStar) {
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
      return glob::matches(text_, text);
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

ActionPattern::ActionPattern(std::string_view text)
    : text_(text), pattern_(glob::compile(to_lower(text))) {}

bool ActionPattern::is_of(std::string_view service) const {
  return text_ == "*" || equals_ignore_case(text_.substr(0, text_.find(':') + 1), service);
}

}  // namespace stator::iam
