#pragma once

#include <vector>

#include "aws/input.hpp"
#include "json/json.hpp"

namespace stator::apigateway {

/// The part of `records` that maxResults and nextToken (both texts on the wire) ask for, as
/// "items", with the next page's token where there is one: the number of its first record.
[[nodiscard]] Result<json::Object> page(std::vector<json::Object> records, const aws::Input& input);

}  // namespace stator::apigateway
