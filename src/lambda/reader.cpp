#include "lambda/reader.hpp"

namespace stator::lambda {

const json::Object& Reader::object(std::string_view name) {
  const auto* value = json::find(object_, name);
  if (value != nullptr && value->is_object()) return value->get_object();
  is_whole_ = false;
  return object_;
}

const json::Array& Reader::array(std::string_view name) {
  static const json::Array kNone;
  const auto* value = json::find(object_, name);
  if (value != nullptr && value->is_array()) return value->get_array();
  is_whole_ = false;
  return kNone;
}

std::vector<std::string> Reader::texts(std::string_view name) {
  std::vector<std::string> out;
  for (const auto& value : array(name)) {
    if (value.is_string()) {
      out.emplace_back(json::view(value.get_string()));
    } else {
      fail();
    }
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> Reader::pairs(std::string_view name) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& member : object(name)) {
    if (!member.value().is_string()) {
      fail();
      continue;
    }
    out.emplace_back(std::string(member.key()),
                     std::string(json::view(member.value().get_string())));
  }
  return out;
}

json::Array encode_texts(const std::vector<std::string>& texts) {
  json::Array out;
  for (const auto& text : texts) out.emplace_back(text);
  return out;
}

}  // namespace stator::lambda
