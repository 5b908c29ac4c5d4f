#pragma once

#include <span>
#include <string>

#include "dynamodb/item_request.hpp"
#include "dynamodb/json_reader.hpp"
#include "dynamodb/rules.hpp"

namespace stator::dynamodb {

/// read_item_request() for a request inside another one: an action of a transaction, the keys of
/// one table in a batch.
[[nodiscard]] Result<ItemRequest> read_item_request(const JsonObject& object,
                                                    const MemberSet& members);

/// SerializationException when two members have one name.
[[nodiscard]] Result<void> refuse_repeats(const JsonObject& object);

/// As gather() of rules.hpp. `parent` goes before every path: "requestItems.tab.member.".
void gather(const JsonObject& object, std::span<const Rule> rules, Constraints& constraints,
            const std::string& parent = {});

}  // namespace stator::dynamodb
