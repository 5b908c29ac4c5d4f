#include <charconv>

#include "cloudformation/errors.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

constexpr std::size_t kPage = 100;

Result<std::uint64_t> read_token(const std::string& token) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), number);
  if (error == std::errc() && end == token.data() + token.size()) return number;
  return validation_error("NextToken is not valid");
}

Result<json::Object> handle(const Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackName", "NextToken"}));
  STATOR_TRY(const std::string name, input.required_text("StackName"));
  const auto record = stacks.records().load(call.account, call.region, name);
  if (!record) return validation_error("Stack [" + name + "] does not exist");
  EventQuery query{.count_max = kPage};
  STATOR_TRY(const auto token, input.text("NextToken"));
  if (token) {
    STATOR_TRY(query.before, read_token(*token));
  }
  STATOR_TRY(json::Array events, stacks.records().events(*record, query));
  json::Object answer;
  std::int64_t oldest = 0;
  for (json::Value& event : events) {
    oldest = json::find_int(event.get_object(), "Number").value_or(0);
    event.get_object().erase("Number");
  }
  if (events.size() == kPage && oldest > 1) answer["NextToken"] = std::to_string(oldest);
  answer["StackEvents"] = std::move(events);
  return answer;
}

}  // namespace

aws::Operation describe_stack_events(Stacks& stacks) {
  return aws::Operation::json(
      "DescribeStackEvents", aws::ByName{}, needs_stack("DescribeStackEvents"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
