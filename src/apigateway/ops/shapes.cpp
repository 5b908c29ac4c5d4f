#include "apigateway/ops/ops.hpp"
#include "apigateway/ops/paging.hpp"
#include "aws/tag_keys.hpp"

namespace stator::apigateway {
namespace {

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
