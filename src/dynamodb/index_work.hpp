#pragma once

#include "dynamodb/tables.hpp"

/// What happens to indexes in the background: those that are being created are filled with the
/// items that were there before them, those that are being deleted lose their entries and then
/// their place in the table.
namespace stator::dynamodb {

/// What one step of filling takes at most before it lets go of table and latches.
inline constexpr std::size_t kFillItemsMax = 64;
inline constexpr std::size_t kFillBytesMax = 1u << 20;

/// Posts the work for every index of the table that waits for some. Doing it twice does no harm.
void post_index_work(Tables& tables, const Table& table);

/// The same for every table: after a start, for what the last run left undone.
void keep_indexes(Tables& tables);

}  // namespace stator::dynamodb
