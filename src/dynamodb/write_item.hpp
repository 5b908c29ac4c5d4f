#pragma once

#include <functional>
#include <optional>
#include <string>

#include "dynamodb/item_codec.hpp"
#include "dynamodb/prepared_request.hpp"
#include "dynamodb/tables.hpp"

namespace stator::dynamodb {

/// What becomes of an item that is written.
struct NewItem {
  enum class Kind { kPut, kErase, kKeep };
  Kind kind;
  std::string bytes = {};  ///< for kPut
};

struct ItemWrite {
  std::string key;  ///< in the store
  /// Read the item even when the request has no condition.
  bool needs_old = false;
  /// Decides, from the item as it is (empty when there is none), what it becomes. Called under the
  /// key's latch; its error leaves everything as it was.
  std::function<Result<NewItem>(const EncodedItem& old, bool exists)> decide;
};

struct WrittenItem {
  std::optional<std::string> old_bytes;  ///< when there was one and it was read
  NewItem now;

  [[nodiscard]] std::size_t old_size() const {
    return old_bytes ? EncodedItem(*old_bytes).size_bytes() : 0;
  }
  [[nodiscard]] std::size_t new_size() const {
    return now.kind == NewItem::Kind::kPut ? EncodedItem(now.bytes).size_bytes() : 0;
  }
};

/// Reads, checks the request's condition, decides and writes, all under the key's latch, and tells
/// the call what must be durable before its answer, whether that is a success or reveals by a
/// failure what is stored. ConditionalCheckFailedException when the condition does not hold.
[[nodiscard]] Result<WrittenItem> write_item(Tables& tables, aws::Call& call,
                                             const PreparedRequest& prepared,
                                             const ItemWrite& write);

/// The answer {"Attributes":...,"ConsumedCapacity":...} of a write; `attributes_json` is an
/// object's text, or "" for none.
[[nodiscard]] std::string write_answer(const PreparedRequest& prepared, const WrittenItem& written,
                                       std::string_view attributes_json);

/// AWS's bound on an item, names and values together.
inline constexpr std::size_t kItemBytesMax = 409'600;

}  // namespace stator::dynamodb
