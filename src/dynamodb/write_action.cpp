#include "dynamodb/write_action.hpp"

#include "base/check.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/expr/update.hpp"
#include "dynamodb/index_entry.hpp"
#include "dynamodb/item_key.hpp"
#include "dynamodb/key_paths.hpp"

namespace stator::dynamodb {

namespace {

/// Keys never change; AWS says so before it looks at the item.
Result<void> check_keys_stay(const Table& table, const expr::Update& update) {
  for (const expr::Action& action : update.actions) {
    const std::string& name = action.path.front().name;
    if (name != table.partition.name && (!table.sort || name != table.sort->name)) continue;
    return invalid_parameter("Cannot update attribute " + name +
                             ". This attribute is part of the key");
  }
  return {};
}

Result<NewItem> updated(const Table& table, const WriteAction& action, const EncodedItem& old,
                        bool exists) {
  const expr::Update nothing;
  const expr::Update& update = action.update ? *action.update : nothing;
  if (!exists && !update.actions.empty() && expr::only_removes(update)) return NewItem{};
  STATOR_TRY(const auto item, expr::apply(update, exists ? old.decode() : *action.key));
  if (size_bytes(item) > kItemBytesMax) {
    return validation("Item size to update has exceeded the maximum allowed size");
  }
  STATOR_TRY_VOID(check_index_keys(table, item, KeySource::kUpdate));
  return NewItem{NewItem::Kind::kPut, encode_item(item)};
}

}  // namespace

Result<std::string> check_action(const Table& table, const WriteAction& action) {
  if (action.kind == WriteAction::Kind::kPut) {
    STATOR_TRY(auto key, key_of_item(table, *action.item));
    STATOR_TRY_VOID(check_index_keys(table, *action.item));
    return key;
  }
  STATOR_TRY(auto key, key_of_request(table, *action.key));
  if (action.update) {
    STATOR_TRY_VOID(check_keys_stay(table, *action.update));
    STATOR_TRY_VOID(check_key_paths(table, *action.update));
  }
  return key;
}

Result<NewItem> decide(const Table& table, const WriteAction& action, const EncodedItem& old,
                       bool exists) {
  switch (action.kind) {
    case WriteAction::Kind::kPut:
      return NewItem{NewItem::Kind::kPut, encode_item(*action.item)};
    case WriteAction::Kind::kUpdate:
      return updated(table, action, old, exists);
    case WriteAction::Kind::kDelete:
      return NewItem{exists ? NewItem::Kind::kErase : NewItem::Kind::kKeep};
    case WriteAction::Kind::kCheck:
      return NewItem{};
  }
  STATOR_CHECK(!"unreachable");
  return NewItem{};
}

}  // namespace stator::dynamodb
