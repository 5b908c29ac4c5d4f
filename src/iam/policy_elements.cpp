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

/// A text, number or boolean as text; nothing for anything else.
std::optional<std::string> scalar_text(const json::Value& value) {
  if (value.is_string()) return std::string(json::view(value.get_string()));
  if (value.is_bool() || value.is_number()) return json::dump(value);
  return std::nullopt;
}

/// A scalar or a list of scalars.
std::optional<std::vector<std::string>> condition_values(const json::Value& value) {
  std::vector<std::string> values;
  if (!value.is_array()) {
    auto text = scalar_text(value);
    if (!text) return std::nullopt;
    values.push_back(*std::move(text));
    return values;
  }
  for (const auto& item : value.get_array()) {
    auto text = scalar_text(item);
    if (!text) return std::nullopt;
    values.push_back(*std::move(text));
  }
  return values;
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

Error syntax_error(std::string_view where, std::string_view what) {
  return malformed_policy("Syntax errors in policy. (" + std::string(where) + std::string(what) +
                          ")");
}

Result<std::vector<Condition>> parse_conditions(const json::Value& value, PolicyDialect dialect,
                                                std::string_view where) {
  if (!value.is_object()) return syntax_error(where, "Condition must be an object");
  std::vector<Condition> conditions;
  for (const auto& [name, keys] : value.get_object()) {
    const std::string_view operation(name.data(), name.size());
    // An operator without keys is looked at all the same.
    if (!Condition::is_operator(operation)) {
      return syntax_error(
          where, "unknown condition operator '" + std::string(operation.substr(0, 64)) + "'");
    }
    if (!keys.is_object()) return syntax_error(where, "a condition operator must hold an object");
    for (const auto& [key, wanted] : keys.get_object()) {
      const std::string_view key_name(key.data(), key.size());
      if (key_name.find(':') == std::string_view::npos) {
        return syntax_error(
            where, "condition key '" + std::string(key_name.substr(0, 64)) + "' has no vendor");
      }
      auto values = condition_values(wanted);
      if (!values) return syntax_error(where, "a condition value must be a scalar or a list");
      ConditionText text{std::string(operation), std::string(key_name), *std::move(values)};
      STATOR_TRY(auto condition,
                 Condition::parse(std::move(text), dialect == PolicyDialect::k2012));
      conditions.push_back(std::move(condition));
    }
  }
  return conditions;
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
