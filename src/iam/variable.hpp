#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "iam/context.hpp"
#include "iam/matching.hpp"

namespace stator::iam {

/// How a text of a policy is read.
struct TextStyle {
  bool has_wildcards = false;  ///< `*` and `?` are wild
  bool has_variables = false;  ///< `${...}` is replaced, and escapes `*`, `?` and `$`
  bool ignores_case = false;   ///< not together with wildcards
};

/// A text of a policy, to be matched against a text of a request. `${key}` stands for the one value
/// that the request has for the key, `${key, 'default'}` for the default where it has none; both
/// are literal, whatever they hold. A key without a value and without a default, a key with several
/// values and a variable that is badly written cannot be resolved.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
class TextPattern {
 public:
  /// Matches everything.
  TextPattern() = default;
  TextPattern(std::string_view text, TextStyle style);

  /// kUnresolved when a variable cannot be resolved.
  [[nodiscard]] Match matches(std::string_view text, const Context& context) const;
  [[nodiscard]] bool has_variables() const { return !pieces_.empty(); }
  /// The whole pattern when it is plain text, else null.
  [[nodiscard]] const std::string* exact() const {
    return pieces_.empty() && !ignores_case_ && pattern_.is_exact() ? &pattern_.text() : nullptr;
  }
  /// The variables' keys in lower case are added.
  void collect_keys(std::vector<std::string>& keys) const;

 private:
  struct Piece {
    bool is_variable = false;
    std::string text;  ///< compiled text, or the key in lower case
    std::optional<std::string> fallback;
  };
  void read_pieces(std::string_view text, bool has_wildcards);
  [[nodiscard]] std::optional<std::string> resolve(const Context& context) const;

  Pattern pattern_;  ///< when there are no variables
  std::vector<Piece> pieces_;
  bool ignores_case_ = false;
};

/// The end of a `${...}` that begins at `from`, behind its brace; npos when it has none. A brace
/// inside a quoted default does not end it.
[[nodiscard]] std::size_t variable_end(std::string_view text, std::size_t from);

}  // namespace stator::iam
