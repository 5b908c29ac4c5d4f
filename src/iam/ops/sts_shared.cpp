#include "iam/ops/sts_shared.hpp"

#include <algorithm>
#include <set>

#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "base/time_format.hpp"
#include "iam/errors.hpp"
#include "iam/policy_elements.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

constexpr std::size_t kArnMin = 20, kArnMax = 2'048;
constexpr std::size_t kSessionPolicyMax = 2'048, kPolicyArnsMax = 10;
constexpr std::size_t kTagKeyMax = 128, kTagValueMax = 256;

Error too_short(std::string_view value, std::string_view member, std::size_t length) {
  return constraint_error(
      value, member, "Member must have length greater than or equal to " + std::to_string(length));
}
Error too_long(std::string_view value, std::string_view member, std::size_t length) {
  return constraint_error(
      value, member, "Member must have length less than or equal to " + std::to_string(length));
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

Result<std::string> check_text(std::string text, std::string_view member,
                               const TextBounds& bounds) {
  if (text.size() < bounds.length_min) return too_short(text, member, bounds.length_min);
  if (text.size() > bounds.length_max) return too_long(text, member, bounds.length_max);
  const bool fits = std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter(c) || std::string_view("_+=,.@-").find(c) != std::string_view::npos ||
           bounds.more.find(c) != std::string_view::npos;
  });
  if (fits) return text;
  return constraint_error(
      text, member,
      "Member must satisfy regular expression pattern: " + std::string(bounds.pattern));
}

Result<std::optional<std::string>> read_session_policy(const aws::Input& input) {
  STATOR_TRY(auto policy, input.text("Policy"));
  if (!policy) return policy;
  if (policy->empty()) return too_short(*policy, "Policy", 1);
  if (policy->size() > kSessionPolicyMax) return too_long(*policy, "Policy", kSessionPolicyMax);
  STATOR_TRY([[maybe_unused]] const auto parsed, Policy::parse(*policy, PolicyKind::kInline));
  return policy;
}

Result<std::vector<std::string>> read_policy_arns(const aws::Input& input) {
  std::vector<std::string> arns;
  STATOR_TRY(const auto* array, input.array("PolicyArns"));
  if (array == nullptr) return arns;
  if (array->size() > kPolicyArnsMax) {
    return constraint_error(json::dump(*array), "PolicyArns",
                            "Member must have length less than or equal to 10");
  }
  for (const auto& item : *array) {
    if (!item.is_object()) return validation_error("PolicyArns must hold structures");
    const auto member = input.nested(item.get_object());
    STATOR_TRY_VOID(member.allow_only({"arn"}));
    STATOR_TRY(auto arn, member.text("arn"));
    if (!arn || arn->size() < kArnMin || arn->size() > kArnMax) {
      return validation_error("Invalid ARN: " + arn.value_or("").substr(0, kArnMax));
    }
    arns.push_back(*std::move(arn));
  }
  return arns;
}

}  // namespace

Result<std::string> read_role_arn(const aws::Input& input) {
  STATOR_TRY(auto arn, input.required_text("RoleArn"));
  if (arn.size() < kArnMin) return too_short(arn, "RoleArn", kArnMin);
  Access::Segments segments;
  const bool fits = arn.size() <= kArnMax && split_arn(arn, segments) && segments[1] == "iam" &&
                    is_account_id(segments[3]) && segments[4].starts_with("role/");
  if (!fits) return validation_error(arn.substr(0, kArnMax) + " is invalid");
  return arn;
}

Result<std::string> read_sts_text(const aws::Input& input, std::string_view member,
                                  const TextBounds& bounds) {
  STATOR_TRY(auto text, input.text(member));
  if (!text) return std::string();
  return check_text(*std::move(text), member, bounds);
}

Result<std::string> required_sts_text(const aws::Input& input, std::string_view member,
                                      const TextBounds& bounds) {
  STATOR_TRY(auto text, input.required_text(member));
  return check_text(std::move(text), member, bounds);
}

Result<std::chrono::seconds> read_sts_duration(const aws::Input& input, std::int64_t seconds_max,
                                               std::int64_t otherwise) {
  constexpr std::int64_t kMin = 900;
  STATOR_TRY(const auto given, input.integer("DurationSeconds"));
  if (!given) return std::chrono::seconds(otherwise);
  if (*given < kMin) {
    return constraint_error(std::to_string(*given), "DurationSeconds",
                            "Member must have value greater than or equal to 900");
  }
  if (*given > seconds_max) {
    return constraint_error(
        std::to_string(*given), "DurationSeconds",
        "Member must have value less than or equal to " + std::to_string(seconds_max));
  }
  return std::chrono::seconds(*given);
}

Result<void> check_session_tags(const std::vector<Tag>& tags,
                                const std::vector<std::string>& transitive_keys) {
  if (tags.size() > kTagsMax || transitive_keys.size() > kTagsMax) {
    return validation_error("A session has at most 50 tags.");
  }
  std::set<std::string> keys;
  for (const auto& tag : tags) {
    if (tag.key.empty()) return too_short(tag.key, "tags.key", 1);
    if (tag.key.size() > kTagKeyMax) return too_long(tag.key, "tags.key", kTagKeyMax);
    if (tag.value.size() > kTagValueMax) return too_long(tag.value, "tags.value", kTagValueMax);
    std::string lower = to_lower(tag.key);
    if (lower.starts_with("aws:")) {
      return validation_error("Tag keys that begin with aws: are reserved: " + tag.key);
    }
    if (!keys.insert(std::move(lower)).second) {
      return invalid_input(
          "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
  }
  for (const auto& key : transitive_keys) {
    if (!keys.contains(to_lower(key))) {
      return validation_error(
          "The specified transitive tag key must be included in the requested tags.");
    }
  }
  return {};
}

Result<SessionExtras> read_extras(const aws::Input& input) {
  SessionExtras extras;
  STATOR_TRY(extras.policy, read_session_policy(input));
  STATOR_TRY(extras.policy_arns, read_policy_arns(input));
  STATOR_TRY(extras.tags, read_tags(input));
  STATOR_TRY(extras.transitive_tag_keys, input.text_list("TransitiveTagKeys"));
  STATOR_TRY_VOID(check_session_tags(extras.tags, extras.transitive_tag_keys));
  STATOR_TRY(extras.source_identity, read_sts_text(input, "SourceIdentity", {}));
  if (to_lower(extras.source_identity).starts_with("aws:")) {
    return validation_error("A source identity cannot begin with aws:");
  }
  return extras;
}

json::Object credentials_answer(const SessionCredentials& session) {
  const auto& credentials = session.credentials;
  return {{"AccessKeyId", credentials.access_key_id.value},
          {"SecretAccessKey", credentials.secret.value},
          {"SessionToken", credentials.session_token},
          {"Expiration", iso8601(session.expires)}};
}

void add_extras(json::Object& answer, const SessionCredentials& session,
                std::string_view source_identity) {
  if (session.packed_percent) answer["PackedPolicySize"] = *session.packed_percent;
  if (!source_identity.empty()) answer["SourceIdentity"] = source_identity;
}

std::string name_of_user(const aws::Principal& user) {
  return user.arn.substr(user.arn.rfind('/') + 1);
}

Result<void> refuse_sessions(const aws::Call& call, std::string_view operation) {
  if (!call.principal.session) return {};
  return access_denied("Cannot call " + std::string(operation) + " with session credentials");
}

}  // namespace stator::iam::ops
