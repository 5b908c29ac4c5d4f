#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/call.hpp"
#include "aws/input.hpp"
#include "json/json.hpp"
#include "logs/log_store.hpp"

/// Members that many operations share: read by AWS's rules, and written back.
namespace stator::logs {

/// The group of `logGroupName` or, for operations that have it, `logGroupIdentifier` (a name or an
/// ARN of this account and region).
[[nodiscard]] Result<GroupName> group_of(const aws::Call& call, const aws::Input& input);
/// The same with `logStreamName`.
[[nodiscard]] Result<StreamName> stream_of(const aws::Call& call, const aws::Input& input);
/// The group of `resourceArn`, which must be a log group's.
[[nodiscard]] Result<GroupName> resource_of(const aws::Call& call, const aws::Input& input);

/// An integer within [least, most], or nothing.
struct Bounds {
  std::int64_t least;
  std::int64_t most;
};
[[nodiscard]] Result<std::optional<std::int64_t>> bounded(const aws::Input& input,
                                                          std::string_view member, Bounds bounds);
/// `limit`, or `most` when it is absent.
[[nodiscard]] Result<std::size_t> limit_of(const aws::Input& input, std::int64_t most);

using Tags = std::map<std::string, std::string>;
/// At most 50 pairs of text; empty when the member is absent.
[[nodiscard]] Result<Tags> tags_of(const aws::Input& input, std::string_view member);

/// At most 50 in all.
[[nodiscard]] Result<void> add_tags(LogStore& store, const GroupName& name, const Tags& tags);
[[nodiscard]] Result<void> remove_tags(LogStore& store, const GroupName& name,
                                       const std::vector<std::string>& keys);
/// {"tags": {...}}
[[nodiscard]] Result<json::Object> describe_tags(LogStore& store, const GroupName& name);

/// "arn:aws:logs:REGION:ACCOUNT:log-group:NAME".
[[nodiscard]] std::string group_arn(const GroupName& name);
/// What a policy must name: the group's ARN followed by `:log-stream:STREAM`, the stream left out
/// where the operation has none, so that `...:log-group:NAME:*` matches all of it.
[[nodiscard]] aws::Needs needs_group(std::string_view action, const GroupName& name);
[[nodiscard]] aws::Needs needs_stream(std::string_view action, const StreamName& name);
/// Lets conditions ask for the tags of the group and of the request. Store and input outlive them.
[[nodiscard]] aws::Needs with_tags(aws::Needs needs, const LogStore& store, const GroupName& name,
                                   const aws::Input& input);

/// `nextToken` is ours alone: what is inside is for the operation that gave it.
[[nodiscard]] std::string make_token(std::string_view content);
/// InvalidParameterException for text that make_token() did not give; nothing when it is absent.
[[nodiscard]] Result<std::optional<std::string>> token_of(const aws::Input& input);
[[nodiscard]] Error invalid_token();

}  // namespace stator::logs
