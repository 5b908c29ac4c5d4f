#pragma once

#include <map>
#include <string>

#include "json/json.hpp"

namespace stator::cloudformation::sam {

using Names = std::map<std::string, std::string, std::less<>>;

/// Points every Ref, Fn::GetAtt, Fn::Sub and DependsOn to a resource of another name at that name:
/// `new_ids` by its logical id, `generated` by what the template calls it ("Function.Alias").
void point_at(json::Value& value, const Names& new_ids, const Names& generated);

}  // namespace stator::cloudformation::sam
