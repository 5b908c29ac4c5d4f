#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cloudformation/resource_type.hpp"

/// What the handlers of several services share.
namespace stator::cloudformation::resources {

/// A member that is an object; an empty one when it is absent or something else.
[[nodiscard]] const json::Object& object_at(const json::Object& object, std::string_view name);
/// A member that is a list of texts; what is no text is left out.
[[nodiscard]] std::vector<std::string> texts_at(const json::Object& object, std::string_view name);
/// Whether the member is there in one and not in the other, or differs.
[[nodiscard]] bool differs(const json::Object& before, const json::Object& after,
                           std::string_view name);
/// Whether any of them does.
[[nodiscard]] bool differs(const json::Object& before, const json::Object& after,
                           std::initializer_list<std::string_view> names);
/// The members of `from` go over those of `into`.
void merge(json::Object& into, const json::Object& from);
/// The answer's member, which must be an object: kInternal "CreateRole gave no Role" if not.
[[nodiscard]] Result<json::Object> object_in(const json::Object& answer, std::string_view operation,
                                             std::string_view member);

/// The property Tags, a list of Key and Value or a map, with the stack's tags below it, by key.
[[nodiscard]] json::Object tags_of(const ResourceContext& context, const json::Object& properties);
/// {"a": "1"} as the list of Key and Value that most APIs take.
[[nodiscard]] json::Array tag_list(const json::Object& tags);
/// A list of members called Key and Value, or key and value, by key.
[[nodiscard]] json::Object tags_by_key(const json::Value* list);

struct TagChange {
  json::Object set;     ///< new ones and those with another value
  json::Array dropped;  ///< keys
};
/// What takes the tags from those of `existing` and the stack as it was to the wanted ones.
[[nodiscard]] TagChange tag_change(const ResourceContext& context, const Existing& existing,
                                   const json::Object& properties);
/// What `read` gives for Tags: those of `real`, by key, that the stack has not given, in the
/// template's shape and order.
[[nodiscard]] json::Value real_tags(const ResourceContext& context, const json::Object& properties,
                                    const json::Object& real);

/// What ResourceType::read answers: the members of `wanted` that are in `real`, written as in
/// `wanted` where that means the same; null for what is in `told` and not in `real`. Inside of
/// structures only what the template says is compared, as AWS does, since the rest are defaults.
[[nodiscard]] json::Object compared(const json::Object& wanted, const json::Object& real,
                                    std::span<const std::string_view> told);
[[nodiscard]] inline json::Object compared(const json::Object& wanted, const json::Object& real,
                                           std::initializer_list<std::string_view> told) {
  return compared(wanted, real, std::span(told.begin(), told.size()));
}

}  // namespace stator::cloudformation::resources
