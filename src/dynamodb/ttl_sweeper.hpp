#pragma once

#include "dynamodb/tables.hpp"

/// What happens by itself in tables with a time to live.
namespace stator::dynamodb {

/// Deletes expired items every second in the background, and goes on with the filling that the last
/// run of the server did not finish.
void keep_expiring(Tables& tables);

/// Gives the items that are older than the table's time to live `ttl` their entries, in the
/// background, and notes when that is done.
void fill_expiries_later(Tables& tables, const TableRef& ref, TableId ttl);

}  // namespace stator::dynamodb
