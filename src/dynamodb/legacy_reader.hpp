#pragma once

#include "dynamodb/item_request.hpp"
#include "dynamodb/json_reader.hpp"

namespace stator::dynamodb {

/// Reads one of the legacy members into `request.legacy`.
[[nodiscard]] Result<void> read_legacy_member(Member member, const JsonElement& element,
                                              ItemRequest& request);

}  // namespace stator::dynamodb
