#pragma once

#include <optional>
#include <string>

#include "dynamodb/expr/projection.hpp"
#include "dynamodb/prepared_request.hpp"
#include "dynamodb/tables.hpp"

namespace stator::dynamodb {

/// A page of a Query or Scan is full at this many bytes of items read, by AWS's count of sizes.
inline constexpr std::size_t kPageBytesMax = 1u << 20;

/// Where a page begins and ends, and in which direction it goes.
struct PageBounds {
  storage::Range keys;
  bool is_forward = true;
};

/// Reads one page within `bounds` and writes the whole answer of a Query or Scan. Tells the call
/// what must be durable before the answer may leave.
[[nodiscard]] Result<std::string> read_page(Tables& tables, aws::Call& call, const Table& table,
                                            const PreparedRequest& prepared,
                                            const PageBounds& bounds);

/// Rules that Query and Scan share: Select against the expressions, and no index that is not there.
[[nodiscard]] Result<void> check_read(const ItemRequest& request);

}  // namespace stator::dynamodb
