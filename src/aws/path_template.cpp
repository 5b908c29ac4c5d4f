#include "aws/path_template.hpp"

#include "base/bytes.hpp"
#include "base/check.hpp"
#include "base/strings.hpp"

namespace stator::aws {

PathTemplate::PathTemplate(std::string_view text) {
  STATOR_CHECK(text.starts_with('/'));
  text.remove_prefix(1);
  if (text.empty()) return;
  for (const std::string_view part : split(text, '/')) {
    STATOR_CHECK(!part.empty() && (segments_.empty() || segments_.back().kind != Kind::kGreedy));
    if (part.front() != '{') {
      segments_.push_back({Kind::kLiteral, std::string(part)});
      specificity_ += 100;
      continue;
    }
    STATOR_CHECK(part.ends_with('}') && part.size() > 2);
    const bool greedy = part[part.size() - 2] == '+';
    segments_.push_back({greedy ? Kind::kGreedy : Kind::kLabel,
                         std::string(part.substr(1, part.size() - (greedy ? 3 : 2)))});
    specificity_ += greedy ? -1 : 1;
  }
}

template <class Take>
bool PathTemplate::walk(std::string_view path, Take take) const {
  if (!path.starts_with('/')) return false;
  path.remove_prefix(1);
  for (const Segment& segment : segments_) {
    if (path.empty()) return false;
    if (segment.kind == Kind::kGreedy) {
      take(segment.text, path);
      return true;
    }
    const auto slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    if (segment.kind == Kind::kLiteral) {
      if (part != segment.text) return false;
    } else if (part.empty()) {
      return false;
    } else {
      take(segment.text, part);
    }
  }
  return path.empty();
}

bool PathTemplate::matches(std::string_view path) const {
  return walk(path, [](const std::string&, std::string_view) {});
}

Result<Labels> PathTemplate::labels(std::string_view path) const {
  Labels labels;
  bool well_formed = true;
  (void)walk(path, [&](const std::string& name, std::string_view value) {
    auto decoded = percent_decode(value);
    well_formed = well_formed && decoded.has_value();
    labels.emplace_back(name, std::move(decoded).value_or(""));
  });
  if (!well_formed) return invalid("The path of the request holds a malformed escape");
  return labels;
}

}  // namespace stator::aws
