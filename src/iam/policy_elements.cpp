#include "iam/policy_elements.hpp"

#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "iam/errors.hpp"

namespace stator::iam {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_vendor(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
  });
}

/// Without `ForAnyValue:`/`ForAllValues:` before it and `IfExists` behind it.
std::string_view bare_operator(std::string_view name) {
  for (const std::string_view prefix : {"foranyvalue:", "forallvalues:"}) {
    if (name.size() > prefix.size() && equals_ignore_case(name.substr(0, prefix.size()), prefix)) {
      name.remove_prefix(prefix.size());
    }
  }
  constexpr std::string_view kSuffix = "ifexists";
  if (name.size() > kSuffix.size() &&
      equals_ignore_case(name.substr(name.size() - kSuffix.size()), kSuffix)) {
    const auto bare = name.substr(0, name.size() - kSuffix.size());
    if (!equals_ignore_case(bare, "null")) name = bare;
  }
  return name;
}

bool is_operator(std::string_view name) {
  static constexpr std::array<std::string_view, 27> kOperators{"StringEquals",
                                                               "StringNotEquals",
                                                               "StringEqualsIgnoreCase",
                                                               "StringNotEqualsIgnoreCase",
                                                               "StringLike",
                                                               "StringNotLike",
                                                               "NumericEquals",
                                                               "NumericNotEquals",
                                                               "NumericLessThan",
                                                               "NumericLessThanEquals",
                                                               "NumericGreaterThan",
                                                               "NumericGreaterThanEquals",
                                                               "DateEquals",
                                                               "DateNotEquals",
                                                               "DateLessThan",
                                                               "DateLessThanEquals",
                                                               "DateGreaterThan",
                                                               "DateGreaterThanEquals",
                                                               "Bool",
                                                               "BinaryEquals",
                                                               "IpAddress",
                                                               "NotIpAddress",
                                                               "ArnEquals",
                                                               "ArnLike",
                                                               "ArnNotEquals",
                                                               "ArnNotLike",
                                                               "Null"};
  const auto bare = bare_operator(name);
  return std::any_of(kOperators.begin(), kOperators.end(),
                     [&](std::string_view known) { return equals_ignore_case(bare, known); });
}

bool is_condition_value(const json::Value& value) {
  const auto is_scalar = [](const json::Value& item) {
    return item.is_string() || item.is_bool() || item.is_number();
  };
  if (!value.is_array()) return is_scalar(value);
  const auto& items = value.get_array();
  return std::all_of(items.begin(), items.end(), is_scalar);
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kShownMax = 256;
  return "\"" + std::string(text.substr(0, kShownMax)) + "\"";
}

Error invalid_principal(std::string_view type, std::string_view value) {
  return malformed_policy("Invalid principal in policy: " + quoted(type) + ":" + quoted(value));
}

Result<PrincipalPattern> parse_aws_principal(std::string_view value) {
  using Type = PrincipalPattern::Type;
  if (value == "*") return PrincipalPattern{Type::kAnyone, {}};
  if (is_account_id(value)) return PrincipalPattern{Type::kAccount, std::string(value)};
  Access::Segments arn;
  const bool fits = split_arn(value, arn) && !arn[0].empty() &&
                    (arn[1] == "iam" || arn[1] == "sts") && arn[2].empty() &&
                    is_account_id(arn[3]) && value.find_first_of("*?") == std::string_view::npos;
  if (!fits) return invalid_principal("AWS", value);
  if (arn[4] == "root") return PrincipalPattern{Type::kAccount, std::string(arn[3])};
  const auto slash = arn[4].find('/');
  const auto type = arn[4].substr(0, slash);
  if (slash == std::string_view::npos || slash + 1 == arn[4].size() ||
      (type != "user" && type != "role" && type != "assumed-role" && type != "federated-user")) {
    return invalid_principal("AWS", value);
  }
  return PrincipalPattern{Type::kArn, std::string(value)};
}

Result<PrincipalPattern> parse_principal(std::string_view type, std::string_view value) {
  using Type = PrincipalPattern::Type;
  if (type == "AWS") return parse_aws_principal(value);
  if (value.empty()) return invalid_principal(type, value);
  if (type == "Service") {
    if (value.find('.') == std::string_view::npos) return invalid_principal(type, value);
    return PrincipalPattern{Type::kService, std::string(value)};
  }
  if (type == "Federated") return PrincipalPattern{Type::kFederated, std::string(value)};
  if (type == "CanonicalUser") return PrincipalPattern{Type::kCanonicalUser, std::string(value)};
  return malformed_policy("Unsupported principal type in policy: " + quoted(type));
}

}  // namespace

bool is_account_id(std::string_view text) {
  return text.size() == 12 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::string> check_action(std::string_view action, bool is_trust) {
  if (action == "*" && !is_trust) return std::nullopt;
  const auto colon = action.find(':');
  if (colon == std::string_view::npos) {
    return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
  }
  const auto vendor = action.substr(0, colon);
  const auto name = action.substr(colon + 1);
  if (name.find(':') != std::string_view::npos) {
    return "Actions/Condition can contain only one colon.";
  }
  if (!is_vendor(vendor)) return "Vendor " + std::string(vendor.substr(0, 64)) + " is not valid";
  const bool is_name = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter_or_digit(c) || c == '*' || c == '?' || c == '-' || c == '_';
  });
  if (!is_name) return "The policy failed legacy parsing";
  if (is_trust && !equals_ignore_case(vendor, "sts")) {
    return "AssumeRole policy may only specify STS AssumeRole actions.";
  }
  return std::nullopt;
}

std::optional<std::string> check_resource(std::string_view resource, PolicyDialect dialect) {
  if (resource == "*") return std::nullopt;
  // A variable may stand for a whole resource; what it stands for is checked when it is known.
  if (dialect == PolicyDialect::k2012 && resource.starts_with("${")) return std::nullopt;
  const auto parts = split(resource, ':');
  if (parts[0] != "arn" || parts.size() < 3) {
    return "Resource " + std::string(resource.substr(0, 256)) + " must be in ARN format or \"*\".";
  }
  const auto partition = parts[1];
  if (partition != "*" && partition != "aws" && partition != "aws-cn" &&
      partition != "aws-us-gov" && partition.find("${") == std::string_view::npos) {
    return "Partition " + quoted(partition) + " is not valid for resource " + quoted(resource) +
           ".";
  }
  const auto vendor = parts[2];
  const bool is_lone_star = vendor == "*" && parts.size() == 3;
  if (!is_lone_star && vendor.find("${") == std::string_view::npos && !is_vendor(vendor)) {
    return "Resource vendor must be fully qualified and cannot contain regexes.";
  }
  return std::nullopt;
}

std::optional<std::string> check_condition(const json::Value& condition) {
  if (!condition.is_object()) return "Condition must be an object";
  for (const auto& [name, keys] : condition.get_object()) {
    const std::string_view operation(name.data(), name.size());
    if (!is_operator(operation)) {
      return "unknown condition operator '" + std::string(operation.substr(0, 64)) + "'";
    }
    if (!keys.is_object()) return "a condition operator must hold an object";
    for (const auto& [key, value] : keys.get_object()) {
      const std::string_view key_name(key.data(), key.size());
      if (key_name.find(':') == std::string_view::npos) {
        return "condition key '" + std::string(key_name.substr(0, 64)) + "' has no vendor";
      }
      if (!is_condition_value(value)) return "a condition value must be a scalar or a list";
    }
  }
  return std::nullopt;
}

Result<std::vector<PrincipalPattern>> parse_principals(const json::Value& value) {
  std::vector<PrincipalPattern> principals;
  if (value.is_string()) {
    if (json::view(value.get_string()) == "*") {
      principals.push_back({PrincipalPattern::Type::kAnyone, {}});
      return principals;
    }
    return malformed_policy("Invalid principal in policy.");
  }
  if (!value.is_object()) return malformed_policy("Invalid principal in policy.");
  for (const auto& [name, values] : value.get_object()) {
    const std::string_view type(name.data(), name.size());
    const auto add = [&](const json::Value& item) -> Result<void> {
      if (!item.is_string()) return malformed_policy("Invalid principal in policy.");
      STATOR_TRY(auto principal, parse_principal(type, json::view(item.get_string())));
      principals.push_back(std::move(principal));
      return {};
    };
    if (!values.is_array()) {
      STATOR_TRY_VOID(add(values));
      continue;
    }
    for (const auto& item : values.get_array()) STATOR_TRY_VOID(add(item));
  }
  if (principals.empty()) return malformed_policy("Missing required field Principal");
  return principals;
}

}  // namespace stator::iam
