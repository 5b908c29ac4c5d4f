#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "dynamodb/table_state.hpp"
#include "storage/store.hpp"

/// The numbers under which a table's stream and its recovery record what happened to its items.
namespace stator::dynamodb {

/// Whether changes of the table's items are recorded under numbers.
[[nodiscard]] bool has_numbered_records(const Table& table);

/// The lowest number that a record of that moment can have: its microseconds since 1970. Numbers
/// run ahead of the clock when it stands still or is set back, never behind it.
[[nodiscard]] std::uint64_t number_at(WallTime time);

/// A number above all that the table gave out before, also before a restart. The caller holds
/// TableState::order.
[[nodiscard]] Result<std::uint64_t> next_record_number(const storage::Store& store,
                                                       const Table& table, TableState& state,
                                                       WallTime now);

}  // namespace stator::dynamodb
