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

aws::Operation::JsonNeeds needs_of(const Apis& apis, std::string method, std::string path) {
  const bool is_of_stage = path.find("{stageName}") != std::string::npos;
  return [&apis, is_of_stage, base = needs_of(std::move(method), std::move(path))](
             const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(aws::Needs needs, base(call, input));
    needs.front().keys = [&apis, &call, &input, is_of_stage, given = needs.front().keys] {
      aws::ConditionKeys keys = given();
      const auto text = [&](const char* member) {
        return json::find_string(input.members(), member).value_or("");
      };
      const RecordId id{text("apiId"), is_of_stage ? text("stageName") : ""};
      if (id.api_id.empty()) return keys;
      if (const auto tags = apis.tags(call, id)) append_tag_keys(*tags, keys);
      return keys;
    };
    return needs;
  };
}

void append_tag_keys(const json::Object& tags, aws::ConditionKeys& keys) {
  std::vector<std::pair<std::string, std::string>> held;
  for (const auto& tag : tags) {
    held.emplace_back(tag.key(), json::find_string(tags, tag.key()).value_or(""));
  }
  aws::append_resource_tags(held, keys);
}

aws::Operation::JsonNeeds with_role(aws::Operation::JsonNeeds needs, std::string member) {
  return [needs = std::move(needs), member = std::move(member)](
             const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(aws::Needs wanted, needs(call, input));
    STATOR_TRY(const auto role, input.text(member));
    if (role && !role->empty()) {
      wanted.push_back(
          {"iam:PassRole", *role, [] {
             return aws::ConditionKeys{{"iam:PassedToService", {"apigateway.amazonaws.com"}}};
           }});
    }
    return wanted;
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
      shape.name, aws::ByPath{.method = "GET", .path = shape.path},
      needs_of(apis, "GET", shape.path),
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
      needs_of(apis, "GET", shape.path),
      [&apis, shape](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto api_id, input.text("apiId"));
        STATOR_TRY(auto records, apis.list(call, shape.kind, api_id.value_or("")));
        return page(std::move(records), names(shape.kind).id_member, input);
      });
}

aws::Operation remove_one(Apis& apis, ReadShape shape) {
  return aws::Operation::json(
      shape.name, aws::ByPath{.method = "DELETE", .path = shape.path, .status = 204},
      needs_of(apis, "DELETE", shape.path),
      [&apis, shape](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const RecordId id, record_id(input, shape.id_member));
        STATOR_TRY_VOID(apis.remove(call, shape.kind, id));
        return json::Object{};
      });
}

}  // namespace stator::apigateway
