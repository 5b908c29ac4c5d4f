#include "iam/matching_arn.hpp"

#include <algorithm>

namespace stator::iam {
namespace {

/// The first colon that is not part of a variable.
std::size_t find_colon(std::string_view text, bool has_variables) {
  for (std::size_t at = 0; at < text.size();) {
    if (has_variables && text.substr(at).starts_with("${")) {
      const auto end = variable_end(text, at);
      if (end == std::string_view::npos) return end;
      at = end;
      continue;
    }
    if (text[at] == ':') return at;
    ++at;
  }
  return std::string_view::npos;
}

}  // namespace

ArnPattern::ArnPattern(std::string_view text, bool has_variables, Short shortness) {
  if (text == "*") {
    is_arn_ = true;
    return;
  }
  if (!text.starts_with("arn:")) return;
  text.remove_prefix(4);
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    const bool is_last = i + 1 == segments_.size();
    const auto colon = is_last ? std::string_view::npos : find_colon(text, has_variables);
    segments_[i] =
        TextPattern(text.substr(0, colon), {.has_wildcards = true, .has_variables = has_variables});
    if (colon == std::string_view::npos) {
      is_arn_ = is_last || shortness == Short::kIsPadded;
      return;
    }
    text.remove_prefix(colon + 1);
  }
}

Match ArnPattern::matches(const Access::Segments* segments, const Context& context) const {
  if (!is_arn_ || segments == nullptr) return Match::kNo;
  Match match = Match::kYes;
  // The last segment tells resources apart best.
  for (std::size_t i = segments_.size(); i-- > 0 && match != Match::kNo;) {
    match = std::min(match, segments_[i].matches((*segments)[i], context));
  }
  return match;
}

void ArnPattern::collect_keys(std::vector<std::string>& keys) const {
  for (const auto& segment : segments_) segment.collect_keys(keys);
}

ResourcePattern::ResourcePattern(std::string_view text, bool has_variables)
    : text_(text), arn_(text, has_variables, ArnPattern::Short::kIsPadded) {
  const bool is_wild = text.find_first_of("*?") != std::string_view::npos;
  const bool is_variable = has_variables && text.find("${") != std::string_view::npos;
  Access::Segments segments;
  if (text == "*") {
    kind_ = Kind::kAny;
  } else if (!is_wild && !is_variable && split_arn(text, segments)) {
    kind_ = Kind::kExact;
  } else if (text.starts_with("arn:")) {
    kind_ = Kind::kArn;
  } else if (is_variable) {
    kind_ = Kind::kWhole;
    whole_ = TextPattern(text, {.has_wildcards = true, .has_variables = true});
  }
}

Match ResourcePattern::matches(const Access& access, const Context& context) const {
  switch (kind_) {
    case Kind::kAny:
      return Match::kYes;
    case Kind::kExact:
      return access.resource() == text_ ? Match::kYes : Match::kNo;
    case Kind::kArn:
      return arn_.matches(access.segments(), context);
    case Kind::kWhole:
      return whole_.matches(access.resource(), context);
    case Kind::kNothing:
      return Match::kNo;
  }
  return Match::kNo;
}

void ResourcePattern::collect_keys(std::vector<std::string>& keys) const {
  arn_.collect_keys(keys);
  whole_.collect_keys(keys);
}

}  // namespace stator::iam
