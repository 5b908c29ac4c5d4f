#include "cloudformation/resources/shared.hpp"

#include <algorithm>

namespace stator::cloudformation::resources {
namespace {

json::Object by_key(const json::Value* tags) {
  if (tags == nullptr) return {};
  return tags->is_object() ? tags->get_object() : tags_by_key(tags);
}

json::Object with_stack(const json::Array& stack_tags, const json::Object& properties) {
  const json::Value of_stack(stack_tags);
  json::Object all = tags_by_key(&of_stack);
  merge(all, by_key(json::find(properties, "Tags")));
  return all;
}

std::string scalar_text(const json::Value& value) {
  return value.is_string() ? std::string(json::view(value.get_string())) : json::dump(value);
}

/// Members that hold names of the user's own, so that every one counts.
bool is_map(std::string_view name) {
  constexpr std::string_view kMaps[] = {"Variables", "StageVariables", "RequestParameters",
                                        "AdditionalVersionWeights"};
  return std::find(std::begin(kMaps), std::end(kMaps), name) != std::end(kMaps);
}

json::Value aligned(const json::Value& wanted, const json::Value& real, std::string_view name);

json::Value aligned_object(const json::Object& wanted, const json::Object& real,
                           std::string_view name) {
  json::Object out;
  for (const auto& member : wanted) {
    const std::string_view key(member.key().data(), member.key().size());
    if (const json::Value* now = json::find(real, key)) {
      out[member.key()] = aligned(member.value(), *now, key);
    }
  }
  if (is_map(name)) {
    for (const auto& member : real) {
      if (!out.contains(member.key())) out[member.key()] = member.value();
    }
  }
  return out;
}

/// Order means nothing: each wanted item takes the place of a real one that is the same.
json::Value aligned_list(const json::Array& wanted, const json::Array& real) {
  json::Array out;
  std::vector<const json::Value*> rest;
  for (const json::Value& item : real) rest.push_back(&item);
  std::vector<const json::Value*> unmatched;
  for (const json::Value& item : wanted) {
    const auto same = std::find_if(rest.begin(), rest.end(), [&](const json::Value* now) {
      return aligned(item, *now, "") == item;
    });
    if (same == rest.end()) {
      unmatched.push_back(&item);
    } else {
      out.push_back(item);
      rest.erase(same);
    }
  }
  for (std::size_t i = 0; i < rest.size(); ++i) {
    out.push_back(i < unmatched.size() ? aligned(*unmatched[i], *rest[i], "") : *rest[i]);
  }
  return out;
}

json::Value aligned(const json::Value& wanted, const json::Value& real, std::string_view name) {
  if (wanted.is_object() && real.is_object()) {
    return aligned_object(wanted.get_object(), real.get_object(), name);
  }
  if (wanted.is_array() && real.is_array()) {
    return aligned_list(wanted.get_array(), real.get_array());
  }
  if (wanted.is_string() && (real.is_object() || real.is_array())) {
    const auto parsed = json::parse(json::view(wanted.get_string()));
    return parsed && *parsed == real ? wanted : real;
  }
  const bool are_scalars = !wanted.is_structured() && !real.is_structured();
  return are_scalars && scalar_text(wanted) == scalar_text(real) ? wanted : real;
}

}  // namespace

const json::Object& object_at(const json::Object& object, std::string_view name) {
  static const json::Object kNone;
  const json::Value* value = json::find(object, name);
  return value == nullptr || !value->is_object() ? kNone : value->get_object();
}

std::vector<std::string> texts_at(const json::Object& object, std::string_view name) {
  std::vector<std::string> texts;
  const json::Value* list = json::find(object, name);
  if (list == nullptr || !list->is_array()) return texts;
  for (const json::Value& item : list->get_array()) {
    if (item.is_string()) texts.emplace_back(json::view(item.get_string()));
  }
  return texts;
}

bool differs(const json::Object& before, const json::Object& after, std::string_view name) {
  const json::Value* old = json::find(before, name);
  const json::Value* now = json::find(after, name);
  return (old == nullptr) != (now == nullptr) || (old != nullptr && *old != *now);
}

bool differs(const json::Object& before, const json::Object& after,
             std::initializer_list<std::string_view> names) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view name) { return differs(before, after, name); });
}

void merge(json::Object& into, const json::Object& from) {
  for (const auto& member : from) into[member.key()] = member.value();
}

Result<json::Object> object_in(const json::Object& answer, std::string_view operation,
                               std::string_view member) {
  const json::Value* value = json::find(answer, member);
  if (value != nullptr && value->is_object()) return value->get_object();
  return internal(std::string(operation) + " gave no " + std::string(member));
}

json::Object tags_of(const ResourceContext& context, const json::Object& properties) {
  return with_stack(context.stack_tags, properties);
}

json::Array tag_list(const json::Object& tags) {
  json::Array list;
  for (const auto& tag : tags) {
    list.push_back(json::Object{{"Key", tag.key()}, {"Value", tag.value()}});
  }
  return list;
}

json::Object tags_by_key(const json::Value* list) {
  json::Object tags;
  if (list == nullptr || !list->is_array()) return tags;
  for (const json::Value& tag : list->get_array()) {
    if (!tag.is_object()) continue;
    const json::Object& pair = tag.get_object();
    const bool is_small = pair.contains("key");
    const json::Value* value = json::find(pair, is_small ? "value" : "Value");
    tags[text_of(pair, is_small ? "key" : "Key")] =
        value == nullptr ? json::Value("") : json::Value(scalar_text(*value));
  }
  return tags;
}

TagChange tag_change(const ResourceContext& context, const Existing& existing,
                     const json::Object& properties) {
  const json::Object before = with_stack(context.stack_tags_before, existing.properties);
  const json::Object after = with_stack(context.stack_tags, properties);
  TagChange change;
  for (const auto& tag : after) {
    const json::Value* old = before.if_contains(tag.key());
    if (old == nullptr || *old != tag.value()) change.set[tag.key()] = tag.value();
  }
  for (const auto& tag : before) {
    if (!after.contains(tag.key())) change.dropped.push_back(json::Value(tag.key()));
  }
  return change;
}

json::Value real_tags(const ResourceContext& context, const json::Object& properties,
                      const json::Object& real) {
  const json::Value* wanted = json::find(properties, "Tags");
  const json::Object own = by_key(wanted);
  const json::Value of_stack(context.stack_tags);
  const json::Object inherited = tags_by_key(&of_stack);
  json::Object shown;
  for (const auto& tag : own) {
    if (const json::Value* now = real.if_contains(tag.key())) shown[tag.key()] = *now;
  }
  for (const auto& tag : real) {
    if (!own.contains(tag.key()) && !inherited.contains(tag.key())) shown[tag.key()] = tag.value();
  }
  if (wanted != nullptr && wanted->is_object()) return shown;
  return tag_list(shown);
}

json::Object compared(const json::Object& wanted, const json::Object& real,
                      std::span<const std::string_view> told) {
  json::Object out;
  for (const std::string_view name : told) {
    const json::Value* given = json::find(wanted, name);
    if (given == nullptr) continue;
    const json::Value* now = json::find(real, name);
    const bool is_gone = now == nullptr || now->is_null();
    out[name] = is_gone ? json::Value() : aligned(*given, *now, name);
  }
  return out;
}

}  // namespace stator::cloudformation::resources
