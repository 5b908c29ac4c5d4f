#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "iam/matching.hpp"
#include "iam/variable.hpp"

namespace stator::iam {

/// An ARN with wildcards. Segments are matched apart from each other, so a star in one never
/// reaches into the next; in the last one it spans slashes and colons.
class ArnPattern {
 public:
  /// What a pattern with fewer than six parts means.
  enum class Short : std::uint8_t {
    kMatchesNothing,  ///< in conditions
    kIsPadded,        ///< in Resource: missing segments are "*"
  };
  ArnPattern(std::string_view text, bool has_variables, Short shortness);

  /// `segments` is null for a text that is no ARN: nothing matches it.
  [[nodiscard]] Match matches(const Access::Segments* segments, const Context& context) const;
  void collect_keys(std::vector<std::string>& keys) const;

 private:
  std::array<TextPattern, Access::kSegments> segments_;
  bool is_arn_ = false;
};

/// One value of a Resource element: "*", an ARN, or a text with variables that stands for a whole
/// resource.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
class ResourcePattern {
 public:
  ResourcePattern(std::string_view text, bool has_variables);
  [[nodiscard]] Match matches(const Access& access, const Context& context) const;
  [[nodiscard]] const std::string& text() const { return text_; }
  void collect_keys(std::vector<std::string>& keys) const;

 private:
  enum class Kind : std::uint8_t { kAny, kExact, kArn, kWhole, kNothing };
  std::string text_;  ///< as it was written
  Kind kind_ = Kind::kNothing;
  ArnPattern arn_;
  TextPattern whole_;
};

}  // namespace stator::iam
