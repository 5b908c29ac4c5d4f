#pragma once

#include <string_view>
#include <vector>

#include "aws/input.hpp"
#include "json/json.hpp"

namespace stator::apigateway {

/// The part of `records` that maxResults and nextToken (both texts on the wire) ask for, as
/// "items", in the order of their ids, with the next page's token where there is one. The token
/// names the page's last record, so what comes and goes between two pages leaves no gap.
[[nodiscard]] Result<json::Object> page(std::vector<json::Object> records,
                                        std::string_view id_member, const aws::Input& input);

}  // namespace stator::apigateway
