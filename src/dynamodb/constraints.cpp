#include "dynamodb/constraints.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/table.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::size_t kListedMax = 10;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

}  // namespace

void Constraints::require(bool holds, std::string_view value, std::string_view path,
                          std::string_view what) {
  if (holds) return;
  std::string text = "Value '";
  text.append(value).append("' at '").append(path);
  text.append("' failed to satisfy constraint: ").append(what);
  violations_.push_back(std::move(text));
}

void Constraints::require_present(bool is_present, std::string_view path) {
  if (is_present) return;
  violations_.push_back("Value null at '" + std::string(path) +
                        "' failed to satisfy constraint: Member must not be null");
}

void Constraints::one_of(const std::optional<std::string>& value, std::string_view path,
                         std::initializer_list<std::string_view> allowed) {
  if (!value || std::find(allowed.begin(), allowed.end(), *value) != allowed.end()) return;
  const std::vector<std::string> names(allowed.begin(), allowed.end());
  require(false, *value, path, "Member must satisfy enum value set: [" + join(names, ", ") + "]");
}

void Constraints::between(std::int64_t value, std::string_view path, std::int64_t low,
                          std::int64_t high) {
  const std::string text = std::to_string(value);
  require(value >= low, text, path,
          "Member must have value greater than or equal to " + std::to_string(low));
  require(value <= high, text, path,
          "Member must have value less than or equal to " + std::to_string(high));
}

void Constraints::table_name(const std::optional<std::string>& name, std::string_view path) {
  require_present(name.has_value(), path);
  if (!name) return;
  const std::string plain = table_name_of(*name);
  require(std::all_of(plain.begin(), plain.end(), is_name_character) && !plain.empty(), *name, path,
          "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
  require(plain.size() >= 3, *name, path, "Member must have length greater than or equal to 3");
  require(plain.size() <= 255, *name, path, "Member must have length less than or equal to 255");
}

bool Constraints::is_full() const {
  return violations_.size() >= kListedMax;
}

Result<void> Constraints::verdict() const {
  if (violations_.empty()) return {};
  const std::size_t count = std::min(violations_.size(), kListedMax);
  std::vector<std::string> listed(violations_.begin(),
                                  violations_.begin() + static_cast<std::ptrdiff_t>(count));
  return validation(
      std::to_string(count) +
      (count == 1 ? " validation error detected: " : " validation errors detected: ") +
      join(listed, "; "));
}

}  // namespace stator::dynamodb
