#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cloudformation/sam/expand.hpp"
#include "json/json.hpp"

/// What the transform does with function calls that it cannot evaluate.
namespace stator::cloudformation::sam {

/// {"Ref": ...}, {"Condition": ...} or {"Fn::...": ...}, alone in its object.
[[nodiscard]] bool is_intrinsic(const json::Value& value);
[[nodiscard]] bool is_no_value(const json::Value& value);
/// The three items of {"Fn::If": [condition, then, otherwise]}; null for anything else.
[[nodiscard]] const json::Array* if_items(const json::Value& value);
/// `value` where the condition holds, and nothing elsewhere.
[[nodiscard]] json::Value make_conditional(const json::Value& condition, json::Value value);

/// Puts values in the place of references to parameters, in Ref and in Fn::Sub; other references
/// stay.
void resolve_parameters(json::Value& value, const Values& values);
[[nodiscard]] json::Value with_parameters(json::Value value, const Values& values);

/// Calls `visit` for a map, or for the maps that are branches of an Fn::If.
void visit_branches(json::Value& value, const std::function<void(json::Object&)>& visit);

/// The digits that end a generated logical id: of the SHA-1 of a text, or of the compact JSON with
/// sorted keys of anything else. "" for what is empty.
[[nodiscard]] std::string id_digits(const json::Value& source);

}  // namespace stator::cloudformation::sam
