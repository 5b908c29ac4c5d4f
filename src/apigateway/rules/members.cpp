#include "apigateway/rules/members.hpp"

#include <algorithm>

#include "apigateway/errors.hpp"

namespace stator::apigateway {
namespace {

bool is_nothing(const json::Value& value) {
  if (const bool* flag = value.if_bool()) return !*flag;
  if (const json::String* text = value.if_string()) return text->empty();
  if (const json::Array* list = value.if_array()) return list->empty();
  if (const json::Object* object = value.if_object()) return object->empty();
  return value.is_null();
}

}  // namespace

Result<void> check_length(std::string_view name, std::string_view text, Length length) {
  if (text.size() >= length.min && text.size() <= length.max) return {};
  return bad_request("Invalid value for " + std::string(name) + ": it must have between " +
                     std::to_string(length.min) + " and " + std::to_string(length.max) +
                     " characters");
}

Result<void> take_text(const aws::Input& input, std::string_view name, Length length,
                       json::Object& record) {
  STATOR_TRY(const auto text, input.text(name));
  if (!text) return {};
  STATOR_TRY_VOID(check_length(name, *text, length));
  if (text->empty()) {
    record.erase(std::string(name));
  } else {
    record[std::string(name)] = *text;
  }
  return {};
}

Result<void> take_flag(const aws::Input& input, std::string_view name, json::Object& record) {
  STATOR_TRY(const auto flag, input.boolean(name));
  if (flag) record[std::string(name)] = *flag;
  return {};
}

Result<void> take_choice(const aws::Input& input, std::string_view name,
                         std::initializer_list<std::string_view> known, json::Object& record) {
  STATOR_TRY(const auto text, input.text(name));
  if (!text) return {};
  if (std::find(known.begin(), known.end(), *text) == known.end()) {
    std::string choices;
    for (const std::string_view one : known) {
      choices += (choices.empty() ? "" : ", ") + std::string(one);
    }
    return bad_request("Invalid " + std::string(name) + " specified. Must be one of [" + choices +
                       "]");
  }
  record[std::string(name)] = *text;
  return {};
}

Result<void> merge_texts(const aws::Input& input, std::string_view name, json::Object& record) {
  STATOR_TRY(const json::Object* given, input.object(name));
  if (given == nullptr) return {};
  const json::Value* held = json::find(record, name);
  json::Object merged = held != nullptr ? held->as_object() : json::Object();
  for (const auto& entry : *given) {
    const json::String* text = entry.value().if_string();
    if (text == nullptr) {
      return bad_request("Invalid value for " + std::string(name) + ": '" +
                         std::string(entry.key()) + "' must be a text");
    }
    if (text->empty()) {
      merged.erase(entry.key());
    } else {
      merged[entry.key()] = *text;
    }
  }
  if (merged.empty()) {
    record.erase(std::string(name));
  } else {
    record[std::string(name)] = std::move(merged);
  }
  return {};
}

Result<void> refuse_websocket_members(const aws::Input& input,
                                      std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const json::Value* value = json::find(input.members(), name);
    if (value == nullptr || is_nothing(*value)) continue;
    return bad_request(std::string(name) + " is supported only for WebSocket APIs");
  }
  return {};
}

void set_default(json::Object& record, std::string_view name, json::Value value) {
  if (json::find(record, name) == nullptr) record[std::string(name)] = std::move(value);
}

}  // namespace stator::apigateway
