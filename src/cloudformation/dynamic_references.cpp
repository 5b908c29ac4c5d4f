#include "cloudformation/dynamic_references.hpp"

#include <algorithm>

#include "cloudformation/function_forms.hpp"

namespace stator::cloudformation {
namespace {

constexpr std::string_view kOpen = "{{resolve:";
constexpr std::string_view kClose = "}}";

bool is_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_.-/:").find(c) != std::string_view::npos;
  });
}

Result<std::string> look_up(std::string_view reference, const Outside& outside) {
  const std::string whole = std::string(kOpen) + std::string(reference) + std::string(kClose);
  const auto colon = reference.find(':');
  const std::string_view service = reference.substr(0, colon);
  if (service != "ssm") {
    return validation_error("stator does not support the dynamic reference " + whole + ": " +
                            (service == "ssm-secure" || service == "secretsmanager"
                                 ? "it keeps no secrets"
                                 : "there is no such service"));
  }
  const std::string_view name =
      colon == std::string_view::npos ? std::string_view() : reference.substr(colon + 1);
  if (!is_name(name)) {
    return validation_error("Incorrect format is used in the following SSM reference: [" + whole +
                            "]");
  }
  if (!outside.parameter) {
    return validation_error("The parameter store is out of reach for " + whole);
  }
  STATOR_TRY(const StoredParameter found, outside.parameter(name));
  if (found.type == "SecureString") {
    return validation_error("SSM Secure reference is not supported in: [" + whole + "]");
  }
  return found.value;
}

Result<std::string> resolved(std::string_view text, const Outside& outside) {
  std::string out;
  for (;;) {
    const auto open = text.find(kOpen);
    const auto close = open == std::string_view::npos ? open : text.find(kClose, open);
    if (close == std::string_view::npos) return out.append(text);
    STATOR_TRY(const std::string value,
               look_up(text.substr(open + kOpen.size(), close - open - kOpen.size()), outside));
    out.append(text.substr(0, open)).append(value);
    text.remove_prefix(close + kClose.size());
  }
}

}  // namespace

Result<void> resolve_dynamic_references(json::Value& value, const Outside& outside) {
  if (value.is_string()) {
    const std::string_view text = json::view(value.get_string());
    if (text.find(kOpen) == std::string_view::npos) return {};
    STATOR_TRY(const std::string found, resolved(text, outside));
    value = found;
    return {};
  }
  if (value.is_array()) {
    for (json::Value& item : value.get_array()) {
      STATOR_TRY_VOID(resolve_dynamic_references(item, outside));
    }
  } else if (value.is_object()) {
    for (auto& member : value.get_object()) {
      STATOR_TRY_VOID(resolve_dynamic_references(member.value(), outside));
    }
  }
  return {};
}

}  // namespace stator::cloudformation
