#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ssm/records.hpp"

namespace stator::ssm {

/// What a caller names: a parameter, by its name or ARN, and perhaps one of its versions.
struct Reference {
  std::string name;
  std::string selector = {};  ///< ":3" or ":label" as it was given, or ""
  /// An ARN does not tell "x" from "/x": then `name` is "x" and this is true.
  bool may_have_slash = false;
};

/// ValidationException unless a new parameter may have this name, AccessDeniedException for names
/// of AWS's own, HierarchyLevelLimitExceededException above 15 levels.
/// https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
[[nodiscard]] Result<void> check_new_name(std::string_view name, const Place& place);

/// ValidationException for what cannot be a path: it begins with a slash.
[[nodiscard]] Result<void> check_path(std::string_view path);

/// kUnsupported for parameters of another account or region.
[[nodiscard]] Result<Reference> parse_reference(std::string_view text, const Place& place);

/// "arn:aws:ssm:REGION:ACCOUNT:parameter/NAME" with one slash, whether or not the name has it.
[[nodiscard]] std::string parameter_arn(const Place& place, std::string_view name);

}  // namespace stator::ssm
