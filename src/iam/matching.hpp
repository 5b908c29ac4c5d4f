#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace stator::iam {

/// Whether something fits, when part of it may be a policy variable that has no value. The order
/// makes std::min the "and" and std::max the "or".
enum class Match : std::uint8_t { kNo, kUnresolved, kYes };

/// Inside compiled patterns the wildcards are bytes that no UTF-8 text holds, so that a star which
/// came from an escape or from a variable's value stays a star.
namespace glob {
inline constexpr char kStar = '\xff';
inline constexpr char kAnyOne = '\xfe';

/// `*` and `?` made wildcards.
[[nodiscard]] std::string compile(std::string_view text);
/// Text that must not become part of a pattern, because it holds one of those bytes.
[[nodiscard]] bool is_foreign(std::string_view text);
/// A star is any run of text, also none; kAnyOne is one character of UTF-8. Without kAnyOne behind
/// a star the time is linear; with it, at most pattern times text.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view text);
}  // namespace glob

/// A compiled pattern, classified once so that the common forms cost one comparison.
class Pattern {
 public:
  /// Matches everything.
  Pattern() : Pattern(std::string(1, glob::kStar)) {}
  /// Of glob::compile() or of literal text.
  explicit Pattern(std::string compiled);
  [[nodiscard]] bool matches(std::string_view text) const;
  [[nodiscard]] bool is_exact() const { return kind_ == Kind::kExact; }
  [[nodiscard]] const std::string& text() const { return text_; }

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
  /// As the policy has it.
  [[nodiscard]] const std::string& text() const { return text_; }
  /// Whether it speaks of a service ("dynamodb:") or of all.
  [[nodiscard]] bool is_of(std::string_view service) const;

 private:
  std::string text_;
  Pattern pattern_;
};

}  // namespace stator::iam
