#pragma once

#include <optional>
#include <string>

#include "dynamodb/prepared_request.hpp"
#include "dynamodb/tables.hpp"
#include "dynamodb/write_action.hpp"

namespace stator::dynamodb {

/// A single write that was carried out.
struct WrittenItem {
  std::shared_ptr<const Table> table;
  ItemChange change;                 ///< `state` is not to be used any more
  std::string collection_json = {};  ///< ItemCollectionMetrics, when they were asked for

  [[nodiscard]] const std::optional<std::string>& old_bytes() const { return change.old_bytes; }
  [[nodiscard]] const NewItem& now() const { return change.now; }
  [[nodiscard]] std::size_t old_size() const {
    return old_bytes() ? EncodedItem(*old_bytes()).size_bytes() : 0;
  }
  [[nodiscard]] std::size_t new_size() const {
    return now().kind == NewItem::Kind::kPut ? EncodedItem(now().bytes).size_bytes() : 0;
  }
};

struct WriteOptions {
  bool needs_old = false;  ///< read the old item even when nothing else wants it
  bool returns_old_on_failure = false;
  Cause cause = Cause::kRequest;
};

/// Checks the action against its table, reads the item, checks the condition, decides and commits,
/// all under the key's latch, and tells the call what must be durable before its answer, whether
/// that is a success or reveals by a failure what is stored. ResourceNotFoundException without the
/// table, ConditionalCheckFailedException when the condition does not hold.
[[nodiscard]] Result<WrittenItem> write_item(Tables& tables, aws::Call& call, const TableRef& ref,
                                             const WriteAction& action,
                                             const WriteOptions& options);

/// The same for a request of PutItem, UpdateItem or DeleteItem, with its table, condition and
/// wishes.
[[nodiscard]] Result<WrittenItem> write_item(Tables& tables, aws::Call& call,
                                             const PreparedRequest& prepared, WriteAction action,
                                             bool needs_old);

/// The answer {"Attributes":...,"ConsumedCapacity":...,"ItemCollectionMetrics":...} of a write;
/// `attributes_json` is an object's text, or "" for none.
[[nodiscard]] std::string write_answer(const PreparedRequest& prepared, const WrittenItem& written,
                                       std::string_view attributes_json);

}  // namespace stator::dynamodb
