#pragma once

#include "aws/input.hpp"
#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::cloudformation::ops {

/// One page of `all` under `member`, from where NextToken says, with a NextToken of its own when
/// more follow. ValidationError for a token that is none.
[[nodiscard]] Result<json::Object> one_page(const aws::Input& input, const char* member,
                                            json::Array all, std::size_t page_size);

}  // namespace stator::cloudformation::ops
