#include "apigateway/errors.hpp"
#include "apigateway/ops/ops.hpp"
#include "aws/tag_keys.hpp"

namespace stator::apigateway {
namespace {

constexpr std::size_t kPageMax = 500;

/// "/v2/apis/{apiId}/routes" with labels from the input, without "/v2".
Result<std::string> fill(std::string_view path, const aws::Input& input) {
  path.remove_prefix(std::string_view("/v2").size());
  std::string filled;
  for (;;) {
    const auto open = path.find('{');
    filled.append(path.substr(0, open));
    if (open == std::string_view::npos) return filled;
    const auto close = path.find('}', open);
    STATOR_TRY(const auto value, input.required_text(path.substr(open + 1, close - open - 1)));
    filled.append(value);
    path.remove_prefix(close + 1);
  }
}

Result<RecordId> record_id(const aws::Input& input, const std::string& id_member) {
  STATOR_TRY(std::string api_id, input.required_text("apiId"));
  RecordId id{std::move(api_id)};
  if (!id_member.empty()) {
    STATOR_TRY(id.id, input.required_text(id_member));
  }
  return id;
}

/// maxResults and nextToken, both texts on the wire; the token is the number of the next record.
Result<json::Object> page(std::vector<json::Object> records, const aws::Input& input) {
  std::size_t begin = 0, count = kPageMax;
  STATOR_TRY(const auto max_results, input.text("maxResults"));
  STATOR_TRY(const auto next_token, input.text("nextToken"));
  const auto number = [](const std::string& text) -> std::optional<std::size_t> {
    if (text.empty() || text.size() > 6 || text.find_first_not_of("0123456789") != text.npos) {
      return std::nullopt;
    }
    return std::stoul(text);
  };
  if (max_results) {
    const auto wanted = number(*max_results);
    if (!wanted || *wanted == 0) return bad_request("Invalid value for maxResults");
    count = std::min(count, *wanted);
  }
  if (next_token) {
    const auto wanted = number(*next_token);
    if (!wanted || *wanted > records.size()) return bad_request("Invalid nextToken");
    begin = *wanted;
  }
  const std::size_t end = std::min(records.size(), begin + count);
  json::Array items;
  for (std::size_t i = begin; i < end; ++i) items.push_back(std::move(records[i]));
  json::Object answer{{"items", std::move(items)}};
  if (end < records.size()) answer["nextToken"] = std::to_string(end);
  return answer;
}

}  // namespace

aws::Operation::JsonNeeds needs_of(std::string method, std::string path) {
  return [method = std::move(method), path = std::move(path)](
             const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const std::string resource, fill(path, input));
    return aws::Needs{
        {"apigateway:" + method, "arn:aws:apigateway:" + call.region + "::" + resource, [&input] {
           aws::ConditionKeys keys;
           aws::append_request_tags(input, "tags", "tagKeys", keys);
           return keys;
         }}};
  };
}

json::Object pick(const aws::Input& input, std::initializer_list<std::string_view> names) {
  json::Object picked;
  for (const std::string_view name : names) {
    const json::Value* value = json::find(input.members(), name);
    if (value != nullptr && !value->is_null()) picked[std::string(name)] = *value;
  }
  return picked;
}

aws::Operation read_one(Apis& apis, ReadShape shape) {
  return aws::Operation::json(
      shape.name, aws::ByPath{.method = "GET", .path = shape.path}, needs_of("GET", shape.path),
      [&apis, shape](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const RecordId id, record_id(input, shape.id_member));
        return apis.get(call, shape.kind, id);
      });
}

aws::Operation read_all(Apis& apis, ReadShape shape) {
  return aws::Operation::json(
      shape.name,
      aws::ByPath{.method = "GET",
                  .path = shape.path,
                  .query = {{"maxResults", "maxResults"}, {"nextToken", "nextToken"}}},
      needs_of("GET", shape.path),
      [&apis, shape](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto api_id, input.text("apiId"));
        STATOR_TRY(auto records, apis.list(call, shape.kind, api_id.value_or("")));
        return page(std::move(records), input);
      });
}

aws::Operation remove_one(Apis& apis, ReadShape shape) {
  return aws::Operation::json(
      shape.name, aws::ByPath{.method = "DELETE", .path = shape.path, .status = 204},
      needs_of("DELETE", shape.path),
      [&apis, shape](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const RecordId id, record_id(input, shape.id_member));
        STATOR_TRY_VOID(apis.remove(call, shape.kind, id));
        return json::Object{};
      });
}

}  // namespace stator::apigateway
