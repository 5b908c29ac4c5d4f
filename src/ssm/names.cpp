#include "ssm/names.hpp"

#include <algorithm>

#include "aws/arn.hpp"
#include "base/strings.hpp"
#include "ssm/errors.hpp"

namespace stator::ssm {
namespace {

/// With the beginning of its ARN.
constexpr std::size_t kArnBytesMax = 1'011;
constexpr std::ptrdiff_t kLevelsMax = 15;
constexpr std::string_view kArnResource = "parameter/";

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_.-/").find(c) != std::string_view::npos;
}

Error invalid_path() {
  return invalid(
      "The parameter doesn't meet the parameter name requirements. The parameter name must begin "
      "with a forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\" "
      "(case-insensitive). It must use only letters, numbers, or the following symbols: . "
      "(period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, "
      "if specified, must use the forward slash symbol \"/\". Valid example: "
      "/get/parameters2-/by1./path0_.");
}

Result<void> check_prefix(std::string_view name) {
  const bool is_path = name.starts_with('/');
  const auto start = to_lower(name.substr(is_path ? 1 : 0, 3));
  if (start != "aws" && start != "ssm") return {};
  if (is_path && start == "aws") {
    return Error{ErrorCode::kAccessDenied,
                 "No access to reserved parameter name: " + std::string(name) + "."};
  }
  return invalid(
      "Parameter name: can't be prefixed with \"" + start +
      "\" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash "
      "symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 "
      "symbols .-_");
}

}  // namespace

Result<void> check_new_name(std::string_view name, const Place& place) {
  STATOR_TRY_VOID(check_prefix(name));
  const bool is_path = name.find('/') != std::string_view::npos;
  if (is_path && !name.starts_with('/')) {
    return invalid("Parameter name must be a fully qualified name.");
  }
  const bool has_gap = name.find("//") != std::string_view::npos || name.ends_with('/');
  if (has_gap || !std::all_of(name.begin(), name.end(), is_name_character)) {
    return is_path ? invalid_path()
                   : invalid(
                         "Invalid characters in parameter name. Only a-z, A-Z, 0-9 and the "
                         "following symbols are allowed: . - _ /");
  }
  if (parameter_arn(place, name).size() > kArnBytesMax) {
    return invalid("Parameter name must not be longer than 1011 characters, its ARN included.");
  }
  if (std::count(name.begin(), name.end(), '/') > kLevelsMax) {
    return ssm_error(ErrorCode::kInvalid, "HierarchyLevelLimitExceededException",
                     "A hierarchy can have a maximum of 15 levels.");
  }
  return {};
}

Result<void> check_path(std::string_view path) {
  if (!path.starts_with('/') || path.find("//") != std::string_view::npos ||
      !std::all_of(path.begin(), path.end(), is_name_character)) {
    return invalid_path();
  }
  return {};
}

Result<Reference> parse_reference(std::string_view text, const Place& place) {
  Reference reference;
  if (text.starts_with("arn:")) {
    STATOR_TRY(const auto arn, aws::Arn::parse(text));
    std::string_view resource = arn.resource;
    if (arn.service != "ssm" || !resource.starts_with(kArnResource)) {
      return invalid("'" + std::string(text) + "' is not the ARN of a parameter.");
    }
    if (arn.account != place.account || arn.region != place.region) {
      return not_supported("parameters of another account or region");
    }
    resource.remove_prefix(kArnResource.size());
    reference.may_have_slash = resource.find('/') == std::string_view::npos;
    reference.name = (reference.may_have_slash ? "" : "/") + std::string(resource);
  } else {
    reference.name = text;
  }
  const auto colon = reference.name.find(':');
  if (colon != std::string::npos) {
    reference.selector = reference.name.substr(colon);
    reference.name.resize(colon);
  }
  return reference;
}

std::string parameter_arn(const Place& place, std::string_view name) {
  if (name.starts_with('/')) name.remove_prefix(1);
  return aws::make_arn("ssm", place.region, place.account,
                       std::string(kArnResource) + std::string(name));
}

}  // namespace stator::ssm
