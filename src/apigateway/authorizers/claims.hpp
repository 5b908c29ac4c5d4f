#pragma once

#include <string>
#include <vector>

#include "json/json.hpp"

/// Claims as API Gateway passes them on.
namespace stator::apigateway {

/// A claim as text: itself, "true", "[a b]" for lists, "map[a:1 b:2]" for objects.
[[nodiscard]] std::string claim_text(const json::Value& claim);

/// The same claims, all of them texts.
[[nodiscard]] json::Object claims_as_texts(const json::Object& claims);

/// Of "scope", or else of "scp": words of a text, or a list of texts.
[[nodiscard]] std::vector<std::string> scopes_of(const json::Object& claims);

}  // namespace stator::apigateway
