#include "cloudformation/resources/apigatewayv2.hpp"

#include "cloudformation/resources/shared.hpp"

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

json::Object large_first(const json::Object& given) {
  json::Object out;
  for (const auto& member : given) {
    std::string name(member.key());
    if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') {
      name[0] = static_cast<char>(name[0] - 'a' + 'A');
    }
    out[name] = member.value();
  }
  return out;
}

json::Value unshaped(const json::Value& value, Shape shape) {
  if (shape == Shape::kList && value.is_array()) {
    json::Array out;
    for (const json::Value& item : value.get_array()) {
      out.push_back(unshaped(item, Shape::kStructure));
    }
    return out;
  }
  if (!value.is_object()) return value;
  if (shape == Shape::kStructure) return large_first(value.get_object());
  if (shape != Shape::kStructures) return value;
  json::Object out;
  for (const auto& member : value.get_object()) {
    out[member.key()] = unshaped(member.value(), Shape::kStructure);
  }
  return out;
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

json::Object output_of(const json::Object& answer, std::span<const Mapped> table) {
  json::Object properties;
  for (const Mapped& one : table) {
    const json::Value* value = json::find(answer, one.member);
    if (value != nullptr) properties[one.property] = unshaped(*value, one.shape);
  }
  return properties;
}

json::Object compared_with(const ResourceContext& context, const Existing& existing,
                           const json::Object& answer, std::span<const Mapped> table,
                           const json::Object& more) {
  // Labels of the path are not told again, and defaults need not be told at all.
  json::Object real = picked(existing.properties, {"ApiId", "DomainName"});
  for (const Mapped& one : table) {
    if (!one.when_absent.is_null()) real[one.property] = unshaped(one.when_absent, one.shape);
  }
  merge(real, output_of(answer, table));
  merge(real, more);
  real["Tags"] = real_tags(context, existing.properties, object_at(answer, "tags"));
  std::vector<std::string_view> told = {"Tags"};
  for (const Mapped& one : table) told.push_back(one.property);
  for (const auto& member : more) told.emplace_back(member.key().data(), member.key().size());
  return compared(existing.properties, real, told);
}

Result<void> update_tags(ResourceContext& context, const std::string& path,
                         const Existing& existing, const json::Object& properties) {
  TagChange change = tag_change(context, existing, properties);
  const std::string arn = "arn:aws:apigateway:" + context.region + "::" + path;
  if (!change.dropped.empty()) {
    STATOR_TRY_VOID(
        context.api.call(kService, "UntagResource",
                         {{"resource-arn", arn}, {"tagKeys", std::move(change.dropped)}}));
  }
  if (change.set.empty()) return {};
  STATOR_TRY_VOID(context.api.call(kService, "TagResource",
                                   {{"resource-arn", arn}, {"tags", std::move(change.set)}}));
  return {};
}

}  // namespace stator::cloudformation::resources::apigatewayv2
