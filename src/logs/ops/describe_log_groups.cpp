#include <algorithm>

#include "logs/errors.hpp"
#include "logs/members.hpp"
#include "logs/ops/ops.hpp"

namespace stator::logs {
namespace {

struct Query {
  std::string prefix;
  std::string pattern;
  std::vector<std::string> names;  ///< empty: all
  bool is_pattern = false;
  bool is_none = false;  ///< a class was asked for that no group has
  std::optional<std::string> after;
  std::size_t limit = 0;
};

Result<Query> read(const aws::Input& input) {
  Query query;
  STATOR_TRY(const auto prefix, input.text("logGroupNamePrefix"));
  STATOR_TRY(const auto pattern, input.text("logGroupNamePattern"));
  if (prefix && pattern) {
    return invalid_parameter(
        "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
  }
  query.prefix = prefix.value_or("");
  query.pattern = pattern.value_or("");
  query.is_pattern = pattern.has_value();
  STATOR_TRY(query.names, input.text_list("logGroupIdentifiers"));
  STATOR_TRY(const auto log_class, input.text("logGroupClass"));
  if (!query.names.empty() && (prefix || pattern || log_class)) {
    return invalid_parameter("logGroupIdentifiers cannot be used together with other filters.");
  }
  query.is_none = log_class.value_or("STANDARD") != "STANDARD";
  STATOR_TRY(const auto linked, input.boolean("includeLinkedAccounts"));
  if (linked.value_or(false)) return not_supported("includeLinkedAccounts");
  STATOR_TRY(query.after, token_of(input));
  STATOR_TRY(query.limit, limit_of(input, 50));
  return query;
}

bool is_wanted(const Query& query, const std::string& name) {
  if (query.is_none || (query.after && name <= *query.after)) return false;
  if (name.find(query.pattern) == std::string::npos) return false;
  return query.names.empty() ||
         std::find(query.names.begin(), query.names.end(), name) != query.names.end();
}

json::Object describe(const GroupName& name, const Group& group, bool is_brief) {
  const auto arn = group_arn(name);
  if (is_brief) {
    return {{"logGroupName", group.name}, {"creationTime", group.created_ms}, {"arn", arn + ":*"}};
  }
  json::Object out{{"logGroupName", group.name},       {"creationTime", group.created_ms},
                   {"metricFilterCount", 0},           {"arn", arn + ":*"},
                   {"logGroupClass", "STANDARD"},      {"logGroupArn", arn},
                   {"storedBytes", group.stored_bytes}};
  if (group.retention_days) out["retentionInDays"] = *group.retention_days;
  return out;
}

}  // namespace

aws::Operation describe_log_groups(LogStore& store) {
  const auto needs = [](const aws::Call& call, const aws::Input&) -> Result<aws::Needs> {
    return needs_group("logs:DescribeLogGroups", {call.account, call.region, ""});
  };
  const auto handle = [&store](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(
        input.allow_only({"logGroupNamePrefix", "logGroupNamePattern", "logGroupIdentifiers",
                          "logGroupClass", "includeLinkedAccounts", "nextToken", "limit"}));
    STATOR_TRY(const auto query, read(input));
    std::size_t taken = 0;
    bool has_more = false;
    const auto wanted = [&](const Group& group) {
      if (!is_wanted(query, group.name)) return LogStore::Take::kNo;
      has_more = taken == query.limit;
      if (has_more) return LogStore::Take::kStop;
      ++taken;
      return LogStore::Take::kYes;
    };
    STATOR_TRY(const auto groups, store.groups(call.account, call.region, query.prefix, wanted));
    json::Array list;
    for (const auto& group : groups) {
      list.push_back(describe({call.account, call.region, group.name}, group, query.is_pattern));
    }
    json::Object out{{"logGroups", std::move(list)}};
    if (has_more) out["nextToken"] = make_token(groups.back().name);
    return out;
  };
  return aws::Operation::json("DescribeLogGroups", aws::ByName{}, needs, handle);
}

}  // namespace stator::logs
