#pragma once

#include <string>

#include "dynamodb/commit.hpp"
#include "dynamodb/expr/ast.hpp"
#include "dynamodb/table.hpp"

namespace stator::dynamodb {

/// What a write means, wherever it came from: PutItem, a batch, a transaction, PartiQL. Views what
/// it was made of.
struct WriteAction {
  enum class Kind { kPut, kUpdate, kDelete, kCheck };
  Kind kind = Kind::kPut;
  const Map* item = nullptr;              ///< for kPut
  const Map* key = nullptr;               ///< for all others
  const expr::Node* condition = nullptr;  ///< null: none
  const expr::Update* update = nullptr;   ///< for kUpdate; null: touch nothing, but create the item
};

/// AWS's bound on an item, names and values together.
inline constexpr std::size_t kItemBytesMax = 409'600;

/// Everything that can be judged with the table but without the item that lies there, and the
/// item's key in the store.
[[nodiscard]] Result<std::string> check_action(const Table& table, const WriteAction& action);

/// What the item becomes. `old` is the item as it is, empty when there is none. The condition is
/// not looked at.
[[nodiscard]] Result<NewItem> decide(const Table& table, const WriteAction& action,
                                     const EncodedItem& old, bool exists);

}  // namespace stator::dynamodb
