#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace stator::iam {

/// Whether something applies, when part of the answer may be out of reach (a condition or a policy
/// variable that is not evaluated). The order makes std::min the "and" and std::max the "or".
enum class Match : std::uint8_t { kNo, kMaybe, kYes };

[[nodiscard]] constexpr Match negate(Match match) {
  return match == Match::kMaybe ? match : match == Match::kYes ? Match::kNo : Match::kYes;
}

/// Text with `*` and `?`, classified once so that the common forms cost one comparison.
class Pattern {
 public:
  Pattern() : Pattern("*") {}
  explicit Pattern(std::string text);
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  enum class Kind : std::uint8_t { kAny, kExact, kPrefix, kWild };
  std::string text_;  ///< for kPrefix without its star
  Kind kind_;
};

/// What one call wants, taken apart once and then matched against many statements. Keeps views of
/// the texts that it was made from.
class Access {
 public:
  Access(std::string_view action, std::string_view resource);

  [[nodiscard]] std::string_view action_lower() const { return action_lower_; }
  [[nodiscard]] std::string_view action() const { return action_; }
  [[nodiscard]] std::string_view resource() const { return resource_; }

  static constexpr std::size_t kSegments = 5;  ///< partition service region account resource
  using Segments = std::array<std::string_view, kSegments>;
  /// Null when the resource is not an ARN ("*", say): then only the pattern "*" matches it.
  [[nodiscard]] const Segments* segments() const { return is_arn_ ? &segments_ : nullptr; }

 private:
  std::string_view action_;
  std::string_view resource_;
  std::string action_lower_;
  Segments segments_;
  bool is_arn_ = false;
};

/// Splits "arn:a:b:c:d:rest" behind "arn:"; false when there are fewer than six parts.
[[nodiscard]] bool split_arn(std::string_view arn, Access::Segments& segments);

/// "dynamodb:Get*", without regard to case.
class ActionPattern {
 public:
  explicit ActionPattern(std::string_view text);
  [[nodiscard]] bool matches(const Access& access) const {
    return pattern_.matches(access.action_lower());
  }

 private:
  Pattern pattern_;
};

/// "*" or an ARN. Segments are matched apart from each other, so a star in one never reaches into
/// the next; in the last one it spans slashes and colons. Missing segments count as "*".
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
class ResourcePattern {
 public:
  /// With `variables`, each `${...}` may stand for any text, which makes a match a maybe.
  ResourcePattern(std::string_view text, bool variables);
  [[nodiscard]] Match matches(const Access& access) const;

 private:
  std::array<Pattern, Access::kSegments> segments_;
  bool is_any_ = false;
  bool is_arn_ = true;
  bool has_variable_ = false;
};

}  // namespace stator::iam
