#pragma once

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

inline constexpr std::size_t kRoleNameMax = 64;
inline constexpr std::size_t kUserNameMax = 64;
inline constexpr std::size_t kPolicyNameMax = 128;
inline constexpr std::size_t kRolesMax = 1'000;
inline constexpr std::size_t kUsersMax = 5'000;
inline constexpr std::size_t kPoliciesMax = 1'500;
inline constexpr std::size_t kTagsMax = 50;
inline constexpr std::size_t kAttachedMax = 10;
inline constexpr std::size_t kAccessKeysMax = 2;
inline constexpr std::size_t kPolicyVersionsMax = 5;
inline constexpr std::size_t kTrustBytesMax = 2'048;
inline constexpr std::size_t kManagedBytesMax = 6'144;
inline constexpr std::size_t kRoleInlineBytesMax = 10'240;
inline constexpr std::size_t kUserInlineBytesMax = 2'048;

/// "1 validation error detected: Value 'V' at 'name' failed to satisfy constraint: RULE"
[[nodiscard]] Error constraint_error(std::string_view value, std::string_view member,
                                     std::string_view rule);

/// A required name of letters, digits and _+=,.@-.
[[nodiscard]] Result<std::string> read_name(const aws::Input& input, std::string_view member,
                                            std::size_t length_max);
/// "/" when absent; must begin and end with a slash.
[[nodiscard]] Result<std::string> read_path(const aws::Input& input, std::string_view member);
/// "" when absent, at most 1,000 characters.
[[nodiscard]] Result<std::string> read_description(const aws::Input& input);
[[nodiscard]] Result<std::vector<Tag>> read_tags(const aws::Input& input);
/// A required document that parses as that kind; returned as it was given.
[[nodiscard]] Result<std::string> read_document(const aws::Input& input, std::string_view member,
                                                PolicyKind kind);
[[nodiscard]] Result<std::string> read_policy_arn(const aws::Input& input);
/// 3,600 when absent, to 43,200.
[[nodiscard]] Result<std::int64_t> read_max_session(const aws::Input& input,
                                                    std::int64_t otherwise);

/// The part of `items` (sort key, answer) that Marker and MaxItems ask for, under `member`, with
/// IsTruncated and Marker.
using PageItems = std::vector<std::pair<std::string, json::Value>>;
[[nodiscard]] Result<json::Object> page_of(const aws::Input& input, std::string_view member,
                                           PageItems items);

}  // namespace stator::iam
