#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "aws/input.hpp"
#include "aws/operation.hpp"
#include "iam/identity.hpp"

/// What the operations of STS have in common.
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
namespace stator::iam::ops {

/// A required ARN of a role.
[[nodiscard]] Result<std::string> read_role_arn(const aws::Input& input);

struct TextBounds {
  std::size_t length_min = 2;
  std::size_t length_max = 64;
  std::string_view more = {};  ///< letters beside \w and +=,.@-
  std::string_view pattern = "[\\w+=,.@-]*";
};
/// A text of those letters; "" when it is absent.
[[nodiscard]] Result<std::string> read_sts_text(const aws::Input& input, std::string_view member,
                                                const TextBounds& bounds);
/// The same, but it must be there.
[[nodiscard]] Result<std::string> required_sts_text(const aws::Input& input,
                                                    std::string_view member,
                                                    const TextBounds& bounds);

/// DurationSeconds from 900 on.
[[nodiscard]] Result<std::chrono::seconds> read_sts_duration(const aws::Input& input,
                                                             std::int64_t seconds_max,
                                                             std::int64_t otherwise);

/// Policy, PolicyArns, Tags, TransitiveTagKeys and SourceIdentity, as far as they are there.
/// Whether the managed policies exist is for check_session_policies(), once the caller is
/// authorized.
[[nodiscard]] Result<SessionExtras> read_extras(const aws::Input& input);
/// Session tags are counted and spelled as AWS wants them: shared with the tags in a token.
[[nodiscard]] Result<void> check_session_tags(const std::vector<Tag>& tags,
                                              const std::vector<std::string>& transitive_keys);

/// "Credentials" as every answer shows them.
[[nodiscard]] json::Object credentials_answer(const SessionCredentials& session);
/// Adds PackedPolicySize and SourceIdentity where there are any.
void add_extras(json::Object& answer, const SessionCredentials& session,
                std::string_view source_identity);

/// The name of the user who calls.
[[nodiscard]] std::string name_of_user(const aws::Principal& user);

/// Neither a session nor a federated user gets another token: AWS's words for `operation`.
[[nodiscard]] Result<void> refuse_sessions(const aws::Call& call, std::string_view operation);

}  // namespace stator::iam::ops
