#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::aws {

/// The members of a control-plane request, whatever protocol they came by: path labels, query
/// parameters, headers and body are already merged into one JSON object under the API's member
/// names.
///
/// Readers return an absent optional for an absent or null member and kInvalid, naming the member,
/// for one of the wrong type. The query protocol sends every scalar as text, so with
/// `Scalars::kText` a number or boolean may be a string.
class Input {
 public:
  enum class Scalars { kTyped, kText };

  explicit Input(json::Object object, Scalars scalars = Scalars::kTyped)
      : object_(std::move(object)), scalars_(scalars) {}

  [[nodiscard]] Result<std::optional<std::string>> text(std::string_view name) const;
  [[nodiscard]] Result<std::optional<std::int64_t>> integer(std::string_view name) const;
  [[nodiscard]] Result<std::optional<bool>> boolean(std::string_view name) const;
  /// Null when absent. Pointers live as long as the input.
  [[nodiscard]] Result<const json::Object*> object(std::string_view name) const;
  [[nodiscard]] Result<const json::Array*> array(std::string_view name) const;
  [[nodiscard]] Result<std::vector<std::string>> text_list(std::string_view name) const;

  /// As text(), but absent or empty is kInvalid: "1 validation error detected: Value null at 'name'
  /// failed to satisfy constraint: Member must not be null" in AWS's words.
  [[nodiscard]] Result<std::string> required_text(std::string_view name) const;

  /// kUnsupported naming the first member that is not in `known`: nothing is accepted and ignored.
  [[nodiscard]] Result<void> allow_only(std::initializer_list<std::string_view> known) const;

  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] const json::Object& members() const { return object_; }
  /// A nested structure read by the same rules.
  [[nodiscard]] Input nested(const json::Object& object) const { return Input(object, scalars_); }

 private:
  json::Object object_;
  Scalars scalars_;
};

}  // namespace stator::aws
