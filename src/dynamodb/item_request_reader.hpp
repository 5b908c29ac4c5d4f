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

/// The members that rules name; those of other kinds of requests are left out.
[[nodiscard]] MemberSet members_of(std::span<const Rule> rules);

/// SerializationException when two members have one name.
[[nodiscard]] Result<void> refuse_repeats(const JsonObject& object);

/// As check_constraints() of rules.hpp.
[[nodiscard]] Result<void> check_constraints(const JsonObject& object, std::span<const Rule> rules);

}  // namespace stator::dynamodb
