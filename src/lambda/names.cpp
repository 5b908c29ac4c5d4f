#include "lambda/names.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "aws/arn.hpp"
#include "base/strings.hpp"
#include "lambda/errors.hpp"

namespace stator::lambda {
namespace {

constexpr std::size_t kNameLengthMax = 64;
constexpr std::size_t kArnLengthMax = 140;
constexpr std::size_t kAliasLengthMax = 128;
constexpr std::string_view kNamePattern =
    R"((arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?)"
    R"(([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?)";

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

bool is_account(std::string_view text) {
  return text.size() == 12 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Error constraint(std::string_view value, std::string_view member, std::string_view rule) {
  return validation_failed("1 validation error detected: Value '" + std::string(value) + "' at '" +
                           std::string(member) + "' failed to satisfy constraint: Member must " +
                           std::string(rule));
}

Error pattern_error(std::string_view text) {
  return constraint(text, "functionName",
                    "satisfy regular expression pattern: " + std::string(kNamePattern));
}

/// The parts of a FunctionName, none of them judged against the caller's account and region.
struct Parts {
  std::string_view region;
  std::string_view account;
  std::string_view name;
  std::string_view qualifier;
};

Result<Parts> take_apart(std::string_view text) {
  auto pieces = split(text, ':');
  Parts parts;
  std::size_t at = 0;
  if (pieces[0] == "arn") {
    if (pieces.size() < 7 || pieces[1] != "aws" || pieces[2] != "lambda" ||
        pieces[5] != "function") {
      return pattern_error(text);
    }
    parts.region = pieces[3];
    parts.account = pieces[4];
    at = 6;
  } else if (pieces.size() >= 3 && pieces[1] == "function") {
    parts.account = pieces[0];
    at = 2;
  } else if (pieces.size() >= 2 && pieces[0] == "function") {
    at = 1;
  }
  const std::size_t left = pieces.size() - at;
  if (left < 1 || left > 2) return pattern_error(text);
  parts.name = pieces[at];
  if (left == 2) {
    parts.qualifier = pieces[at + 1];
    if (parts.qualifier != "$LATEST" && !is_name(parts.qualifier)) return pattern_error(text);
  }
  if (!is_name(parts.name)) return pattern_error(text);
  if (!parts.account.empty() && !is_account(parts.account)) return pattern_error(text);
  return parts;
}

Result<void> check_length(std::string_view text, std::string_view name) {
  if (text.size() > kArnLengthMax) {
    return constraint(text, "functionName", "have length less than or equal to 140");
  }
  if (name.size() > kNameLengthMax) {
    Error error = constraint(text, "functionName", "have length less than or equal to 64");
    error.aws_type = "InvalidParameterValueException";
    return error;
  }
  return {};
}

}  // namespace

std::string function_arn(const FunctionKeyView& key) {
  return aws::make_arn("lambda", key.region, key.account, "function:" + std::string(key.name));
}

Result<FunctionReference> parse_function_name(std::string_view account, std::string_view region,
                                              std::string_view text, std::string_view qualifier) {
  if (text.empty())
    return constraint(text, "functionName", "have length greater than or equal to 1");
  STATOR_TRY(const auto parts, take_apart(text));
  STATOR_TRY_VOID(check_length(text, parts.name));
  if (!parts.region.empty() && parts.region != region) {
    return resource_missing("Functions from '" + std::string(parts.region) +
                            "' are not reachable in this region ('" + std::string(region) + "')");
  }
  if (!parts.account.empty() && parts.account != account) {
    return Error{ErrorCode::kAccessDenied,
                 "Functions of account " + std::string(parts.account) +
                     " cannot be reached by account " + std::string(account),
                 "AccessDeniedException"};
  }
  if (!qualifier.empty() && qualifier != "$LATEST" && !is_name(qualifier)) {
    return constraint(qualifier, "qualifier",
                      R"(satisfy regular expression pattern: (|[a-zA-Z0-9$_-]+))");
  }
  if (!parts.qualifier.empty() && !qualifier.empty() && parts.qualifier != qualifier) {
    return invalid_parameter(
        "The derived qualifier from the function name does not match the specified qualifier.");
  }
  return FunctionReference{{std::string(account), std::string(region), std::string(parts.name)},
                           std::string(parts.qualifier.empty() ? qualifier : parts.qualifier)};
}

std::optional<std::int64_t> version_number(std::string_view qualifier) {
  std::int64_t number = 0;
  const char* end = qualifier.data() + qualifier.size();
  const auto [at, failure] = std::from_chars(qualifier.data(), end, number);
  if (failure != std::errc() || at != end || number < 1 || qualifier.front() == '0') {
    return std::nullopt;
  }
  return number;
}

bool is_alias_name(std::string_view text) {
  const bool is_number =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return is_name(text) && text.size() <= kAliasLengthMax && !is_number;
}

std::string LayerReference::layer_arn() const {
  return aws::make_arn("lambda", region, account, "layer:" + name);
}

std::string LayerReference::arn() const {
  return layer_arn() + ":" + std::to_string(version);
}

Result<LayerReference> parse_layer_version_arn(std::string_view text) {
  const auto pieces = split(text, ':');
  std::int64_t version = 0;
  const bool has_shape = pieces.size() == 8 && pieces[0] == "arn" && pieces[1] == "aws" &&
                         pieces[2] == "lambda" && is_account(pieces[4]) && pieces[5] == "layer" &&
                         is_name(pieces[6]);
  if (has_shape) {
    const std::string_view digits = pieces[7];
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), version);
    if (failure == std::errc() && end == digits.data() + digits.size() && version > 0) {
      return LayerReference{std::string(pieces[4]), std::string(pieces[3]), std::string(pieces[6]),
                            version};
    }
  }
  return invalid_parameter("1 validation error detected: Value '[" + std::string(text) +
                           "]' at 'layers' failed to satisfy constraint: Member must be the ARN "
                           "of a layer version: arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION");
}

Result<std::string> parse_layer_name(std::string_view account, std::string_view region,
                                     std::string_view text) {
  std::string_view name = text;
  const std::string prefix = aws::make_arn("lambda", region, account, "layer:");
  if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  if (!is_name(name) || name.size() > kArnLengthMax) {
    return constraint(text, "layerName",
                      "satisfy regular expression pattern: "
                      R"((arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\d{12}:layer:[a-zA-Z0-9-_]+))"
                      R"(|[a-zA-Z0-9-_]+)");
  }
  return std::string(name);
}

}  // namespace stator::lambda
