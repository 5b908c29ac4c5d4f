#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace stator::cloudformation {

/// Fn::Cidr: the first `count` (1 to 256) blocks of 2^`bits` addresses that lie in `block`
/// ("10.0.0.0/16", or of IPv6). ValidationError when they do not fit.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-cidr.html
[[nodiscard]] Result<std::vector<std::string>> cidr_blocks(std::string_view block,
                                                           std::uint32_t count, unsigned bits);

}  // namespace stator::cloudformation
