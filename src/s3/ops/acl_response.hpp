#pragma once

#include <string_view>

#include "http/message.hpp"

namespace stator::s3 {

/// The only ACL that buckets and objects have: their account may do everything.
[[nodiscard]] http::Response acl_response(std::string_view account);

}  // namespace stator::s3
