#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <string>

#include "dynamodb/capacity.hpp"
#include "dynamodb/expr/projection.hpp"
#include "dynamodb/prepared_request.hpp"
#include "dynamodb/tables.hpp"

namespace stator::dynamodb {

/// A page of a Query or Scan is full at this many bytes of items read, by AWS's count of sizes.
inline constexpr std::size_t kPageBytesMax = 1u << 20;

/// What a page is read from and what of it is wanted, wherever the wish came from: Query, Scan or
/// PartiQL. Views what it was made of.
struct ReadPlan {
  const Table* table = nullptr;
  const Index* index = nullptr;  ///< null: the table itself
  storage::Range keys;           ///< in Family::kItems, or in Family::kIndex for an index
  bool is_forward = true;
  bool is_consistent = false;  ///< costs twice as much and changes nothing else
  const expr::Node* filter = nullptr;
  const expr::Projection* projection = nullptr;                     ///< null: whole items
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();  ///< of items read
  bool writes_items = true;                                         ///< false for Select=COUNT
  /// Writes an item as an object in the projection's stead; may be empty.
  std::function<void(const EncodedItem&, std::string&)> write_item;
  /// The wish goes beyond what a local index projects: items are read from the table, each for a
  /// read of its own.
  bool fetches = false;
};

struct Page {
  std::string items_json;          ///< "{...},{...}", without brackets
  std::uint64_t count = 0;         ///< of items that the filter let through
  std::uint64_t scanned = 0;       ///< of items read
  std::size_t size_bytes = 0;      ///< of items or entries read, by AWS's count
  std::size_t fetched_blocks = 0;  ///< of 4 KiB, of the items that a local index fetched
  std::string last_key_json;       ///< "" when the range was read to its end
};

/// Reads one page. Tells the call what must be durable before the answer may leave.
/// ProvisionedThroughputExceededException where capacity is enforced and there is none left.
[[nodiscard]] Result<Page> read_page(Tables& tables, aws::Call& call, const ReadPlan& plan);

/// What reading the page consumed.
[[nodiscard]] ConsumedCapacity read_capacity(const ReadPlan& plan, const Page& page);

/// The index that a Query or Scan names, null when it names none. Refuses one that the table does
/// not have or that cannot be read yet, and a consistent read of a global one.
[[nodiscard]] Result<const Index*> index_to_read(const Table& table, const ItemRequest& request);

/// The filter, projection, limit, Select and direction of a Query or Scan. Refuses to give what the
/// index does not have.
[[nodiscard]] Result<ReadPlan> read_plan(const Table& table, const Index* index,
                                         const PreparedRequest& prepared);

/// The whole answer of a Query or Scan.
[[nodiscard]] std::string page_answer(const PreparedRequest& prepared, const ReadPlan& plan,
                                      const Page& page);

/// Rules that Query and Scan share and that need no table: Select against the expressions.
[[nodiscard]] Result<void> check_read(const ItemRequest& request);

}  // namespace stator::dynamodb
