#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace stator::aws {

/// A path's labels by name, decoded.
using Labels = std::vector<std::pair<std::string, std::string>>;

/// "/2015-03-31/functions/{FunctionName}/code" or "/{Bucket}/{Key+}".
class PathTemplate {
 public:
  /// A malformed template is a bug and throws.
  explicit PathTemplate(std::string_view text);

  /// Whether the still encoded `path` has this form. A label takes one segment that is not empty, a
  /// greedy label the rest; one slash at the end is as good as none.
  [[nodiscard]] bool matches(std::string_view path) const;
  /// The labels of a path that matches, decoded once; kInvalid for a malformed escape.
  [[nodiscard]] Result<Labels> labels(std::string_view path) const;

  /// More literal text is more specific; a greedy label is the least specific thing there is.
  [[nodiscard]] int specificity() const { return specificity_; }

 private:
  enum class Kind { kLiteral, kLabel, kGreedy };
  struct Segment {
    Kind kind;
    std::string text;
  };
  template <class Take>
  bool walk(std::string_view path, Take take) const;

  std::vector<Segment> segments_;
  int specificity_ = 0;
};

}  // namespace stator::aws
