#include "apigateway/cors.hpp"
#include "apigateway/errors.hpp"
#include "apigateway/rules/members.hpp"
#include "apigateway/rules/rules.hpp"

namespace stator::apigateway {
namespace {

constexpr std::string_view kRouteSelection = "$request.method $request.path";
constexpr std::string_view kApiKeySelection = "$request.header.x-api-key";
constexpr std::size_t kTagsMax = 50, kTagKeyBytesMax = 128, kTagValueBytesMax = 256;

/// HTTP APIs know one expression each, which clients write in both forms.
Result<void> expect_expression(const aws::Input& input, std::string_view member,
                               std::string_view value, std::string_view long_form) {
  STATOR_TRY(const auto given, input.text(member));
  if (given && *given != value && *given != long_form) {
    return bad_request("Invalid " + std::string(member) + " for an HTTP API: it must be " +
                       std::string(value));
  }
  return {};
}

Result<void> take_cors(const aws::Input& input, json::Object& record) {
  STATOR_TRY(const json::Object* cors, input.object("corsConfiguration"));
  if (cors == nullptr) return {};
  STATOR_TRY_VOID(check_cors(*cors));
  if (cors->empty()) {
    record.erase("corsConfiguration");
  } else {
    record["corsConfiguration"] = *cors;
  }
  return {};
}

}  // namespace

Result<void> apply_api(const aws::Input& input, json::Object& record) {
  STATOR_TRY_VOID(take_text(input, "name", {1, 128}, record));
  STATOR_TRY_VOID(take_text(input, "description", {0, 1024}, record));
  STATOR_TRY_VOID(take_text(input, "version", {0, 64}, record));
  STATOR_TRY_VOID(expect_expression(input, "routeSelectionExpression", kRouteSelection,
                                    "${request.method} ${request.path}"));
  STATOR_TRY_VOID(expect_expression(input, "apiKeySelectionExpression", kApiKeySelection,
                                    "${request.header.x-api-key}"));
  STATOR_TRY_VOID(refuse_websocket_members(input, {"disableSchemaValidation"}));
  STATOR_TRY_VOID(take_flag(input, "disableExecuteApiEndpoint", record));
  STATOR_TRY_VOID(take_choice(input, "ipAddressType", {"ipv4", "dualstack"}, record));
  STATOR_TRY_VOID(take_cors(input, record));
  set_default(record, "routeSelectionExpression", json::Value(kRouteSelection));
  set_default(record, "apiKeySelectionExpression", json::Value(kApiKeySelection));
  set_default(record, "disableExecuteApiEndpoint", false);
  set_default(record, "ipAddressType", "ipv4");
  return {};
}

Result<void> check_tags(const json::Object& tags) {
  if (tags.size() > kTagsMax) {
    return bad_request("A resource may have up to " + std::to_string(kTagsMax) + " tags");
  }
  for (const auto& tag : tags) {
    const std::string_view key(tag.key().data(), tag.key().size());
    if (key.empty() || key.size() > kTagKeyBytesMax || key.starts_with("aws:")) {
      return bad_request("Invalid tag key: '" + std::string(key) + "'");
    }
    const json::String* value = tag.value().if_string();
    if (value == nullptr || value->size() > kTagValueBytesMax) {
      return bad_request("Invalid tag value of '" + std::string(key) + "'");
    }
  }
  return {};
}

Result<void> apply_tags(const aws::Input& input, json::Object& record) {
  STATOR_TRY(const json::Object* tags, input.object("tags"));
  if (tags == nullptr) return {};
  STATOR_TRY_VOID(check_tags(*tags));
  record["tags"] = *tags;
  return {};
}

}  // namespace stator::apigateway
