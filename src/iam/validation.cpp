#include "iam/validation.hpp"

#include <algorithm>
#include <initializer_list>

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

Error too_long(std::string_view member, std::size_t length_max) {
  return constraint_error(
      member, "Member must have length less than or equal to " + std::to_string(length_max));
}

Result<std::string> required(const aws::Input& input, std::string_view member) {
  STATOR_TRY(auto text, input.text(member));
  if (!text) return constraint_error(member, "Member must not be null");
  if (text->empty()) {
    return constraint_error(member, "Member must have length greater than or equal to 1");
  }
  return *std::move(text);
}

/// What tags may hold; of characters beyond ASCII every one.
constexpr std::string_view kTagPattern = R"([\p{L}\p{Z}\p{N}_.:/=+\-@])";

bool is_tag_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80 ||
           std::string_view(" _.:/=+-@").find(c) != std::string_view::npos;
  });
}

constexpr std::size_t kTagKeyMax = 128, kTagValueMax = 256;

Result<Tag> read_tag(const aws::Input& member, const std::string& at) {
  STATOR_TRY_VOID(member.allow_only({"Key", "Value"}));
  STATOR_TRY(auto key, member.text("Key"));
  STATOR_TRY(auto value, member.text("Value"));
  if (!key) return constraint_error(at + ".key", "Member must not be null");
  if (!value) return constraint_error(at + ".value", "Member must not be null");
  if (key->empty()) {
    return constraint_error(at + ".key", "Member must have length greater than or equal to 1");
  }
  if (key->size() > kTagKeyMax) return too_long(at + ".key", kTagKeyMax);
  if (value->size() > kTagValueMax) return too_long(at + ".value", kTagValueMax);
  const std::string rule = "Member must satisfy regular expression pattern: ";
  if (!is_tag_text(*key)) {
    return constraint_error(at + ".key", rule + std::string(kTagPattern) + "+");
  }
  if (!is_tag_text(*value)) {
    return constraint_error(at + ".value", rule + std::string(kTagPattern) + "*");
  }
  return Tag{*std::move(key), *std::move(value)};
}

}  // namespace

Error constraint_error(std::string_view value, std::string_view member, std::string_view rule) {
  constexpr std::size_t kShownMax = 1'024;
  return validation_error("1 validation error detected: Value '" +
                          std::string(value.substr(0, kShownMax)) + "' at '" + lower_camel(member) +
                          "' failed to satisfy constraint: " + std::string(rule));
}

Error constraint_error(std::string_view member, std::string_view rule) {
  return validation_error("1 validation error detected: Value at '" + lower_camel(member) +
                          "' failed to satisfy constraint: " + std::string(rule));
}

Result<std::string> read_name(const aws::Input& input, std::string_view member,
                              std::size_t length_max) {
  STATOR_TRY(auto name, required(input, member));
  if (name.size() > length_max) return too_long(member, length_max);
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
  if (given->size() > kPathMax) return too_long(member, kPathMax);
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
  if (text->size() > kDescriptionMax) return too_long("Description", kDescriptionMax);
  return *std::move(text);
}

TagCase tag_case(EntityKind kind) {
  return kind == EntityKind::kUser || kind == EntityKind::kRole ? TagCase::kIgnored
                                                                : TagCase::kKept;
}

bool is_same_tag_key(std::string_view a, std::string_view b, TagCase tag_case) {
  return tag_case == TagCase::kIgnored ? equals_ignore_case(a, b) : a == b;
}

Result<std::vector<Tag>> read_tags(const aws::Input& input, TagCase tag_case) {
  std::vector<Tag> tags;
  STATOR_TRY(const auto* array, input.array("Tags"));
  if (array == nullptr) return tags;
  if (array->size() > kTagsMax) return too_long("Tags", kTagsMax);
  for (const auto& item : *array) {
    const std::string at = "tags." + std::to_string(tags.size() + 1) + ".member";
    if (!item.is_object()) return constraint_error(at, "Member must not be null");
    STATOR_TRY(auto tag, read_tag(input.nested(item.get_object()), at));
    for (const auto& other : tags) {
      if (!is_same_tag_key(other.key, tag.key, tag_case)) continue;
      std::string message = "Duplicate tag keys found.";
      if (tag_case == TagCase::kIgnored) {
        message += " Please note that Tag keys are case insensitive.";
      }
      return invalid_input(std::move(message));
    }
    tags.push_back(std::move(tag));
  }
  return tags;
}

Result<std::vector<std::string>> read_tag_keys(const aws::Input& input) {
  STATOR_TRY(auto keys, input.text_list("TagKeys"));
  if (keys.size() > kTagsMax) return too_long("TagKeys", kTagsMax);
  for (const auto& key : keys) {
    if (!key.empty() && key.size() <= kTagKeyMax && is_tag_text(key)) continue;
    return constraint_error(
        "TagKeys",
        "Member must satisfy constraint: [Member must have length less than or equal to 128, "
        "Member must have length greater than or equal to 1, Member must satisfy regular "
        "expression pattern: " +
            std::string(kTagPattern) + "+, Member must not be null]");
  }
  return keys;
}

Result<void> merge_tags(std::vector<Tag>& tags, const std::vector<Tag>& more, TagCase tag_case) {
  for (const auto& tag : more) {
    const auto same = std::find_if(tags.begin(), tags.end(), [&](const Tag& old) {
      return is_same_tag_key(old.key, tag.key, tag_case);
    });
    if (same != tags.end()) {
      *same = tag;
    } else {
      tags.push_back(tag);
    }
  }
  if (tags.size() <= kTagsMax) return {};
  return limit_exceeded("The number of tags has reached the maximum limit.");
}

void remove_tags(std::vector<Tag>& tags, const std::vector<std::string>& keys, TagCase tag_case) {
  std::erase_if(tags, [&](const Tag& tag) {
    return std::any_of(keys.begin(), keys.end(), [&](const std::string& key) {
      return is_same_tag_key(tag.key, key, tag_case);
    });
  });
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
    return constraint_error("PolicyArn", "Member must have length greater than or equal to 20");
  }
  if (arn.size() > kArnMax) return too_long("PolicyArn", kArnMax);
  Access::Segments segments;
  if (!split_arn(arn, segments)) return validation_error("ARN " + arn + " is not valid.");
  return arn;
}

Result<std::string> read_version_id(const aws::Input& input) {
  STATOR_TRY(auto id, required(input, "VersionId"));
  const auto digits = std::string_view(id).substr(1);
  const bool fits =
      id[0] == 'v' && !digits.empty() && digits[0] != '0' &&
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (fits) return id;
  return constraint_error("VersionId",
                          "Member must satisfy regular expression pattern: "
                          "v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?");
}

Result<std::string> read_boundary(const aws::Input& input) {
  STATOR_TRY(auto arn, input.text("PermissionsBoundary"));
  if (!arn) return std::string();
  Access::Segments segments;
  if (split_arn(*arn, segments) && segments[1] == "iam" && segments[4].starts_with("policy/")) {
    return *std::move(arn);
  }
  return invalid_input("ARN " + *arn + " is not valid.");
}

Result<std::string> read_choice(const aws::Input& input, std::string_view member,
                                std::initializer_list<std::string_view> values) {
  STATOR_TRY(auto value, input.text(member));
  if (!value) return std::string(*values.begin());
  if (std::find(values.begin(), values.end(), *value) != values.end()) return *std::move(value);
  std::string all;
  for (const auto one : values) all.append(all.empty() ? "" : ", ").append(one);
  return constraint_error(member, "Member must satisfy enum value set: [" + all + "]");
}

Result<std::int64_t> read_max_session(const aws::Input& input, std::int64_t otherwise) {
  constexpr std::int64_t kMin = 3'600, kMax = 43'200;
  STATOR_TRY(const auto seconds, input.integer("MaxSessionDuration"));
  if (!seconds) return otherwise;
  if (*seconds < kMin) {
    return constraint_error("MaxSessionDuration",
                            "Member must have value greater than or equal to 3600");
  }
  if (*seconds > kMax) {
    return constraint_error("MaxSessionDuration",
                            "Member must have value less than or equal to 43200");
  }
  return *seconds;
}

Result<json::Object> page_of(const aws::Input& input, std::string_view member, PageItems items) {
  constexpr std::int64_t kDefault = 100, kMax = 1'000;
  STATOR_TRY(const auto wanted, input.integer("MaxItems"));
  const std::int64_t count = wanted.value_or(kDefault);
  if (count < 1 || count > kMax) {
    return constraint_error("MaxItems", count < 1
                                            ? "Member must have value greater than or equal to 1"
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
