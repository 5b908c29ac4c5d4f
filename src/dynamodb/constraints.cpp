#include "dynamodb/constraints.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "dynamodb/errors.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::size_t kListedMax = 10;

}  // namespace

void Constraints::add(std::string_view value, std::string_view path, std::string_view what) {
  std::string text = "Value '";
  text.append(value).append("' at '").append(path);
  text.append("' failed to satisfy constraint: ").append(what);
  violations_.push_back(std::move(text));
}

void Constraints::add_missing(std::string_view path) {
  violations_.push_back("Value null at '" + std::string(path) +
                        "' failed to satisfy constraint: Member must not be null");
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
