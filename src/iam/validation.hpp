#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/input.hpp"
#include "base/result.hpp"
#include "iam/policy.hpp"
#include "iam/records.hpp"
#include "json/json.hpp"

/// Members that many operations of IAM share, read and checked.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
namespace stator::iam {

inline constexpr std::size_t kPolicyNameMax = 128;
inline constexpr std::size_t kPoliciesMax = 1'500;
inline constexpr std::size_t kTagsMax = 50;
inline constexpr std::size_t kAttachedMax = 10;
inline constexpr std::size_t kAccessKeysMax = 2;
inline constexpr std::size_t kGroupsPerUserMax = 10;
inline constexpr std::size_t kPolicyVersionsMax = 5;
inline constexpr std::size_t kTrustBytesMax = 2'048;
inline constexpr std::size_t kManagedBytesMax = 6'144;

/// "1 validation error detected: Value 'V' at 'name' failed to satisfy constraint: RULE"
[[nodiscard]] Error constraint_error(std::string_view value, std::string_view member,
                                     std::string_view rule);
/// The same without the value, which is how IAM words it: "... Value at 'name' failed to ..."
[[nodiscard]] Error constraint_error(std::string_view member, std::string_view rule);

/// A required name of letters, digits and _+=,.@-.
[[nodiscard]] Result<std::string> read_name(const aws::Input& input, std::string_view member,
                                            std::size_t length_max);
/// "/" when absent; must begin and end with a slash.
[[nodiscard]] Result<std::string> read_path(const aws::Input& input, std::string_view member);
/// "" when absent, at most 1,000 characters.
[[nodiscard]] Result<std::string> read_description(const aws::Input& input);

/// Whether "a" and "A" are one tag key: they are for users and roles, and two for everything else.
enum class TagCase : std::uint8_t { kIgnored, kKept };
[[nodiscard]] TagCase tag_case(EntityKind kind);
[[nodiscard]] bool is_same_tag_key(std::string_view a, std::string_view b, TagCase tag_case);
[[nodiscard]] Result<std::vector<Tag>> read_tags(const aws::Input& input,
                                                 TagCase tag_case = TagCase::kIgnored);
[[nodiscard]] Result<std::vector<std::string>> read_tag_keys(const aws::Input& input);
/// Adds `more` to `tags`, replacing those of the same key; LimitExceeded past fifty.
[[nodiscard]] Result<void> merge_tags(std::vector<Tag>& tags, const std::vector<Tag>& more,
                                      TagCase tag_case);
void remove_tags(std::vector<Tag>& tags, const std::vector<std::string>& keys, TagCase tag_case);

/// A required document that parses as that kind; returned as it was given.
[[nodiscard]] Result<std::string> read_document(const aws::Input& input, std::string_view member,
                                                PolicyKind kind);
[[nodiscard]] Result<std::string> read_policy_arn(const aws::Input& input);
/// A required "v1".
[[nodiscard]] Result<std::string> read_version_id(const aws::Input& input);
/// "" when absent; InvalidInput for what is not a managed policy's ARN.
[[nodiscard]] Result<std::string> read_boundary(const aws::Input& input);
/// A member that must be one of `values`; the first of them when absent.
[[nodiscard]] Result<std::string> read_choice(const aws::Input& input, std::string_view member,
                                              std::initializer_list<std::string_view> values);
/// 3,600 when absent, to 43,200.
[[nodiscard]] Result<std::int64_t> read_max_session(const aws::Input& input,
                                                    std::int64_t otherwise);

/// The part of `items` (sort key, answer) that Marker and MaxItems ask for, under `member`, with
/// IsTruncated and Marker.
using PageItems = std::vector<std::pair<std::string, json::Value>>;
[[nodiscard]] Result<json::Object> page_of(const aws::Input& input, std::string_view member,
                                           PageItems items);

}  // namespace stator::iam
