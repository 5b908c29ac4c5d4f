#include "aws/input.hpp"

#include <algorithm>
#include <charconv>

namespace stator::aws {
namespace {

Error wrong_type(std::string_view name, std::string_view wanted) {
  Error error = invalid("Member '" + std::string(name) + "' must be " + std::string(wanted));
  error.aws_type = "SerializationException";
  return error;
}

/// AWS's constraint messages write members in lower camel case whatever the wire's spelling.
std::string constraint_name(std::string_view name) {
  std::string text(name);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = char(text[0] - 'A' + 'a');
  return text;
}

Error constraint(std::string_view value, std::string_view name, std::string_view rule) {
  return invalid("1 validation error detected: Value " + std::string(value) + " at '" +
                 constraint_name(name) + "' failed to satisfy constraint: " + std::string(rule));
}

const json::Value* present(const json::Object& object, std::string_view name) {
  const json::Value* value = json::find(object, name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::optional<std::int64_t> read_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Result<std::optional<std::string>> Input::text(std::string_view name) const {
  const json::Value* value = present(object_, name);
  if (value == nullptr) return std::optional<std::string>();
  if (!value->is_string()) return wrong_type(name, "a string");
  return std::optional<std::string>(json::view(value->get_string()));
}

Result<std::optional<std::int64_t>> Input::integer(std::string_view name) const {
  const json::Value* value = present(object_, name);
  if (value == nullptr) return std::optional<std::int64_t>();
  std::optional<std::int64_t> number = json::find_int(object_, name);
  if (scalars_ == Scalars::kText && value->is_string()) {
    number = read_integer(json::view(value->get_string()));
  }
  if (!number) return wrong_type(name, "an integer");
  return number;
}

Result<std::optional<bool>> Input::boolean(std::string_view name) const {
  const json::Value* value = present(object_, name);
  if (value == nullptr) return std::optional<bool>();
  if (value->is_bool()) return std::optional<bool>(value->get_bool());
  if (scalars_ == Scalars::kText && value->is_string()) {
    const std::string_view text = json::view(value->get_string());
    if (text == "true" || text == "false") return std::optional<bool>(text == "true");
  }
  return wrong_type(name, "a boolean");
}

Result<const json::Object*> Input::object(std::string_view name) const {
  const json::Value* value = present(object_, name);
  if (value == nullptr) return nullptr;
  if (!value->is_object()) return wrong_type(name, "a structure");
  return &value->get_object();
}

Result<const json::Array*> Input::array(std::string_view name) const {
  static const json::Array kEmpty;
  const json::Value* value = present(object_, name);
  if (value == nullptr) return nullptr;
  if (value->is_array()) return &value->get_array();
  // An empty list arrives by the query protocol as "Parameters=".
  if (scalars_ == Scalars::kText && value->is_string() && value->get_string().empty()) {
    return &kEmpty;
  }
  return wrong_type(name, "a list");
}

Result<std::vector<std::string>> Input::text_list(std::string_view name) const {
  STATOR_TRY(const json::Array* list, array(name));
  std::vector<std::string> texts;
  if (list == nullptr) return texts;
  texts.reserve(list->size());
  for (const json::Value& item : *list) {
    if (!item.is_string()) return wrong_type(name, "a list of strings");
    texts.emplace_back(json::view(item.get_string()));
  }
  return texts;
}

Result<std::string> Input::required_text(std::string_view name) const {
  STATOR_TRY(std::optional<std::string> value, text(name));
  if (!value) return constraint("null", name, "Member must not be null");
  if (value->empty()) {
    return constraint("''", name, "Member must have length greater than or equal to 1");
  }
  return std::move(*value);
}

Result<void> Input::allow_only(std::initializer_list<std::string_view> known) const {
  for (const auto& member : object_) {
    const std::string_view name(member.key().data(), member.key().size());
    if (member.value().is_null()) continue;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return unsupported("stator does not support the member '" + std::string(name) +
                         "' of this request");
    }
  }
  return {};
}

bool Input::has(std::string_view name) const {
  return present(object_, name) != nullptr;
}

}  // namespace stator::aws
