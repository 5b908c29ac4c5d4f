#include "iam/validation.hpp"

#include <algorithm>
#include <set>

#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "iam/errors.hpp"

namespace stator::iam {
namespace {

bool is_name_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_+=,.@-").find(c) != std::string_view::npos;
  });
}

std::string lower_camel(std::string_view member) {
  std::string name(member);
  if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z') name[0] = char(name[0] - 'A' + 'a');
  return name;
}

Error too_long(std::string_view value, std::string_view member, std::size_t length_max) {
  return constraint_error(
      value, member, "Member must have length less than or equal to " + std::to_string(length_max));
}

Result<std::string> required(const aws::Input& input, std::string_view member) {
  auto text = input.required_text(member);
  if (!text && text.error().aws_type.empty()) text.error().aws_type = "ValidationError";
  return text;
}

}  // namespace

Error constraint_error(std::string_view value, std::string_view member, std::string_view rule) {
  constexpr std::size_t kShownMax = 1'024;
  return validation_error("1 validation error detected: Value '" +
                          std::string(value.substr(0, kShownMax)) + "' at '" + lower_camel(member) +
                          "' failed to satisfy constraint: " + std::string(rule));
}

Result<std::string> read_name(const aws::Input& input, std::string_view member,
                              std::size_t length_max) {
  STATOR_TRY(auto name, required(input, member));
  if (name.size() > length_max) return too_long(name, member, length_max);
  if (!is_name_text(name)) {
    return validation_error("The specified value for " + lower_camel(member) +
                            " is invalid. It must contain only alphanumeric characters and/or the "
                            "following: +=,.@_-");
  }
  return name;
}

Result<std::string> read_path(const aws::Input& input, std::string_view member) {
  constexpr std::size_t kPathMax = 512;
  STATOR_TRY(const auto given, input.text(member));
  if (!given) return std::string("/");
  if (given->size() > kPathMax) return too_long(*given, member, kPathMax);
  const bool fits =
      given->starts_with('/') && given->ends_with('/') &&
      std::all_of(given->begin(), given->end(), [](char c) { return c > ' ' && c <= '~'; });
  if (fits) return *given;
  return validation_error(
      "The specified value for path is invalid. It must begin and end with / and contain only "
      "alphanumeric characters and/or / characters.");
}

Result<std::string> read_description(const aws::Input& input) {
  constexpr std::size_t kDescriptionMax = 1'000;
  STATOR_TRY(auto text, input.text("Description"));
  if (!text) return std::string();
  if (text->size() > kDescriptionMax) return too_long(*text, "Description", kDescriptionMax);
  return *std::move(text);
}

Result<std::vector<Tag>> read_tags(const aws::Input& input) {
  constexpr std::size_t kKeyMax = 128, kValueMax = 256;
  std::vector<Tag> tags;
  STATOR_TRY(const auto* array, input.array("Tags"));
  if (array == nullptr) return tags;
  std::set<std::string> seen;
  for (const auto& item : *array) {
    if (!item.is_object()) return validation_error("Tags must hold structures");
    const auto member = input.nested(item.get_object());
    STATOR_TRY_VOID(member.allow_only({"Key", "Value"}));
    STATOR_TRY(auto key, required(member, "Key"));
    STATOR_TRY(auto value, member.text("Value"));
    if (!value) return constraint_error("null", "tags.value", "Member must not be null");
    if (key.size() > kKeyMax) return too_long(key, "tags.key", kKeyMax);
    if (value->size() > kValueMax) return too_long(*value, "tags.value", kValueMax);
    if (!seen.insert(to_lower(key)).second) {
      return invalid_input(
          "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
    tags.push_back({std::move(key), *std::move(value)});
  }
  if (tags.size() > kTagsMax) {
    return limit_exceeded("The number of tags has reached the maximum limit.");
  }
  return tags;
}

Result<std::string> read_document(const aws::Input& input, std::string_view member,
                                  PolicyKind kind) {
  STATOR_TRY(auto document, required(input, member));
  STATOR_TRY([[maybe_unused]] const auto policy, Policy::parse(document, kind));
  return document;
}

Result<std::string> read_policy_arn(const aws::Input& input) {
  constexpr std::size_t kArnMin = 20, kArnMax = 2'048;
  STATOR_TRY(auto arn, required(input, "PolicyArn"));
  if (arn.size() < kArnMin) {
    return constraint_error(arn, "PolicyArn",
                            "Member must have length greater than or equal to 20");
  }
  if (arn.size() > kArnMax) return too_long(arn, "PolicyArn", kArnMax);
  Access::Segments segments;
  if (!split_arn(arn, segments)) {
    return validation_error("Invalid ARN:  Could not be parsed!");
  }
  return arn;
}

Result<std::int64_t> read_max_session(const aws::Input& input, std::int64_t otherwise) {
  constexpr std::int64_t kMin = 3'600, kMax = 43'200;
  STATOR_TRY(const auto seconds, input.integer("MaxSessionDuration"));
  if (!seconds) return otherwise;
  if (*seconds < kMin) {
    return constraint_error(std::to_string(*seconds), "MaxSessionDuration",
                            "Member must have value greater than or equal to 3600");
  }
  if (*seconds > kMax) {
    return constraint_error(std::to_string(*seconds), "MaxSessionDuration",
                            "Member must have value less than or equal to 43200");
  }
  return *seconds;
}

Result<json::Object> page_of(const aws::Input& input, std::string_view member, PageItems items) {
  constexpr std::int64_t kDefault = 100, kMax = 1'000;
  STATOR_TRY(const auto wanted, input.integer("MaxItems"));
  const std::int64_t count = wanted.value_or(kDefault);
  if (count < 1 || count > kMax) {
    return constraint_error(std::to_string(count), "MaxItems",
                            count < 1 ? "Member must have value greater than or equal to 1"
                                      : "Member must have value less than or equal to 1000");
  }
  STATOR_TRY(const auto marker, input.text("Marker"));
  std::optional<std::string> after;
  if (marker) {
    after = base64url_decode(*marker);
    if (!after) return validation_error("Invalid Marker.");
  }
  std::sort(items.begin(), items.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  json::Array answer;
  bool is_truncated = false;
  std::string last;
  for (auto& [key, value] : items) {
    if (after && key <= *after) continue;
    if (answer.size() == static_cast<std::size_t>(count)) {
      is_truncated = true;
      break;
    }
    answer.push_back(std::move(value));
    last = key;
  }
  json::Object page;
  page[member] = std::move(answer);
  page["IsTruncated"] = is_truncated;
  if (is_truncated) page["Marker"] = base64url_encode(last);
  return page;
}

}  // namespace stator::iam
