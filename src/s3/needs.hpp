#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "aws/call.hpp"
#include "s3/objects.hpp"

namespace stator::s3 {

/// `action` on a bucket, or on an object in it if `key` is not "", with the bucket's policy.
/// `keys` are those that conditions may ask for.
[[nodiscard]] Result<aws::Needs> needs_of(const Objects& objects, std::string action,
                                          const ObjectName& name,
                                          std::function<aws::ConditionKeys()> keys = {});

}  // namespace stator::s3
