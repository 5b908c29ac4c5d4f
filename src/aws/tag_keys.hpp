#pragma once

#include <string_view>

#include "aws/call.hpp"
#include "aws/input.hpp"

namespace stator::aws {

/// Appends aws:RequestTag/KEY and aws:TagKeys for what a request does to tags. `tags` names a
/// member that is an object of texts or a list of structures with Key and Value, `names` one that
/// is a list of keys; either may be absent, and what is of another shape is passed over, since the
/// operation refuses it.
void append_request_tags(const Input& input, std::string_view tags, std::string_view names,
                         ConditionKeys& keys);

/// Appends aws:ResourceTag/KEY for each tag that a resource has.
template <class Tags>
void append_resource_tags(const Tags& tags, ConditionKeys& keys) {
  for (const auto& [key, value] : tags) keys.push_back({"aws:ResourceTag/" + key, {value}});
}

}  // namespace stator::aws
