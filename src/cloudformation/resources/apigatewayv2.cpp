#include "cloudformation/resources/apigatewayv2.hpp"

namespace stator::cloudformation::resources::apigatewayv2 {
namespace {

std::string small_first(std::string_view name) {
  std::string out(name);
  if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z')
    out[0] = static_cast<char>(out[0] - 'A' + 'a');
  return out;
}

json::Value shaped(const json::Value& value, Shape shape) {
  if (shape == Shape::kList && value.is_array()) {
    json::Array out;
    for (const json::Value& item : value.get_array()) {
      out.push_back(shaped(item, Shape::kStructure));
    }
    return out;
  }
  if (!value.is_object()) return value;
  if (shape == Shape::kStructure) return structure(value.get_object());
  if (shape != Shape::kStructures) return value;
  json::Object out;
  for (const auto& member : value.get_object()) {
    out[member.key()] = shaped(member.value(), Shape::kStructure);
  }
  return out;
}

const json::Object& object_at(const json::Object& properties, std::string_view name) {
  static const json::Object kNone;
  const json::Value* value = json::find(properties, name);
  return value == nullptr || !value->is_object() ? kNone : value->get_object();
}

}  // namespace

json::Object structure(const json::Object& given) {
  json::Object out;
  for (const auto& member : given) {
    out[small_first({member.key().data(), member.key().size()})] = member.value();
  }
  return out;
}

json::Object input_of(const json::Object& properties, std::span<const Mapped> table) {
  json::Object input;
  for (const Mapped& one : table) {
    const json::Value* value = json::find(properties, one.property);
    if (value != nullptr) input[one.member] = shaped(*value, one.shape);
  }
  return input;
}

json::Object update_of(const json::Object& before, const json::Object& after,
                       std::span<const Mapped> table) {
  json::Object input = input_of(after, table);
  for (const Mapped& one : table) {
    const bool was_there = json::find(before, one.property) != nullptr;
    if (one.shape == Shape::kTexts && was_there) {
      json::Value& texts = input[one.member];
      if (!texts.is_object()) texts = json::Object();
      for (const auto& old : object_at(before, one.property)) {
        if (!texts.get_object().contains(old.key())) texts.get_object()[old.key()] = "";
      }
    } else if (was_there && !input.contains(one.member) && !one.when_absent.is_null()) {
      input[one.member] = one.when_absent;
    }
  }
  return input;
}

Result<void> update_tags(ResourceContext& context, const std::string& path,
                         const json::Object& before, const json::Object& after) {
  const json::Object &old = object_at(before, "Tags"), &wanted = object_at(after, "Tags");
  if (old == wanted) return {};
  const std::string arn = "arn:aws:apigateway:" + context.region + "::" + path;
  json::Array gone;
  for (const auto& tag : old) {
    if (!wanted.contains(tag.key())) gone.push_back(json::Value(tag.key()));
  }
  if (!gone.empty()) {
    STATOR_TRY_VOID(context.api.call(kService, "UntagResource",
                                     {{"resource-arn", arn}, {"tagKeys", std::move(gone)}}));
  }
  if (wanted.empty()) return {};
  STATOR_TRY_VOID(
      context.api.call(kService, "TagResource", {{"resource-arn", arn}, {"tags", wanted}}));
  return {};
}

}  // namespace stator::cloudformation::resources::apigatewayv2
