#include "dynamodb/expr/update.hpp"

#include <algorithm>
#include <tuple>

#include "dynamodb/errors.hpp"

namespace stator::dynamodb::expr {

namespace {

constexpr std::size_t kNestingMax = 32;

Error invalid_path() {
  return validation("The document path provided in the update expression is invalid for update");
}
Error missing_operand() {
  return validation(
      "The provided expression refers to an attribute that does not exist in the item");
}
Error wrong_type() {
  return validation("An operand in the update expression has an incorrect data type");
}

/// The member or element that a step leads to; null when there is none.
template <class SomeValue>
SomeValue* follow(SomeValue& value, const Step& step) {
  if (!step.is_index) {
    auto* map = value.template get_if<Map>();
    return map ? map->find(step.name) : nullptr;
  }
  auto* list = value.template get_if<List>();
  return list && step.index < list->elements.size() ? &list->elements[step.index] : nullptr;
}

/// What the first `length` steps of a path lead to, and at least one.
template <class SomeItem>
auto* find(SomeItem& item, const Path& path, std::size_t length) {
  auto* value = item.find(path[0].name);
  for (std::size_t i = 1; value && i < length; ++i) value = follow(*value, path[i]);
  return value;
}

const Value* find(const Item& item, const Path& path) {
  return find(item, path, path.size());
}

std::size_t nesting(const Value& value) {
  std::size_t deepest = 0;
  if (const auto* list = value.get_if<List>()) {
    for (const Value& element : list->elements) deepest = std::max(deepest, nesting(element));
    return deepest + 1;
  }
  if (const auto* map = value.get_if<Map>()) {
    for (const auto& [name, member] : *map) deepest = std::max(deepest, nesting(member));
    return deepest + 1;
  }
  return 0;
}

Result<Value> compute(const Node& node, const Item& item);

Result<Value> compute_sum(const Node& node, const Item& item) {
  STATOR_TRY(const auto left, compute(node.args[0], item));
  STATOR_TRY(const auto right, compute(node.args[1], item));
  const auto* a = left.get_if<Number>();
  const auto* b = right.get_if<Number>();
  if (!a || !b) return wrong_type();
  STATOR_TRY(const auto sum,
             node.kind == Node::Kind::kPlus ? Number::add(*a, *b) : Number::subtract(*a, *b));
  return Value(sum);
}

Result<Value> compute_append(const Node& node, const Item& item) {
  STATOR_TRY(auto left, compute(node.args[0], item));
  STATOR_TRY(const auto right, compute(node.args[1], item));
  auto* head = left.get_if<List>();
  const auto* tail = right.get_if<List>();
  if (!head || !tail) return wrong_type();
  head->elements.insert(head->elements.end(), tail->elements.begin(), tail->elements.end());
  return left;
}

Result<Value> compute(const Node& node, const Item& item) {
  switch (node.kind) {
    case Node::Kind::kValue:
      return *node.value;
    case Node::Kind::kPath: {
      const Value* found = find(item, node.path);
      if (!found) return missing_operand();
      return *found;
    }
    case Node::Kind::kPlus:
    case Node::Kind::kMinus:
      return compute_sum(node, item);
    default:
      break;
  }
  if (node.text == "list_append") return compute_append(node, item);
  // if_not_exists
  if (const Value* found = find(item, node.args[0].path)) return *found;
  return compute(node.args[1], item);
}

/// What becomes of one path: a new value, or nothing.
struct Change {
  const Path* path;
  std::optional<Value> value;
};

template <class T>
bool unite(Value& value, const Value& more) {
  auto* set = value.get_if<SetOf<T>>();
  const auto* other = more.get_if<SetOf<T>>();
  if (!set || !other) return false;
  set->unite(*other);
  return true;
}

Result<std::optional<Value>> added(const Value* current, const Value& amount) {
  if (!current) return std::optional(amount);
  if (current->type() != amount.type()) return wrong_type();
  Value result = *current;
  if (auto* number = result.get_if<Number>()) {
    STATOR_TRY(const auto sum, Number::add(*number, *amount.get_if<Number>()));
    return std::optional(Value(sum));
  }
  if (!unite<std::string>(result, amount) && !unite<Number>(result, amount) &&
      !unite<Binary>(result, amount)) {
    return wrong_type();
  }
  return std::optional(std::move(result));
}

/// The set without the members of another; true in `is_empty` when none is left.
template <class T>
bool subtract(Value& value, const Value& less, bool& is_empty) {
  auto* set = value.get_if<SetOf<T>>();
  const auto* other = less.get_if<SetOf<T>>();
  if (!set || !other) return false;
  set->subtract(*other);
  is_empty = set->members.empty();
  return true;
}

/// An empty set does not exist, so the attribute goes with its last member.
Result<std::optional<Value>> deleted(const Value* current, const Value& members) {
  if (!current) return std::optional<Value>();
  Value result = *current;
  bool is_empty = false;
  if (!subtract<std::string>(result, members, is_empty) &&
      !subtract<Number>(result, members, is_empty) &&
      !subtract<Binary>(result, members, is_empty)) {
    return wrong_type();
  }
  return is_empty ? std::optional<Value>() : std::optional(std::move(result));
}

Result<Change> plan(const Action& action, const Item& before) {
  switch (action.kind) {
    case Action::Kind::kSet: {
      STATOR_TRY(auto value, compute(action.operand, before));
      return Change{&action.path, std::move(value)};
    }
    case Action::Kind::kAdd: {
      STATOR_TRY(auto value, added(find(before, action.path), *action.operand.value));
      return Change{&action.path, std::move(value)};
    }
    case Action::Kind::kDelete: {
      STATOR_TRY(auto value, deleted(find(before, action.path), *action.operand.value));
      return Change{&action.path, std::move(value)};
    }
    case Action::Kind::kRemove:
      break;
  }
  return Change{&action.path, std::nullopt};
}

bool path_less(const Path& a, const Path& b) {
  const auto step_less = [](const Step& x, const Step& y) {
    return std::tie(x.is_index, x.index, x.name) < std::tie(y.is_index, y.index, y.name);
  };
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), step_less);
}

/// Puts a value at a path. Elements beyond a list's end are left for `appends`.
Result<void> put(Item& item, Change& change, std::vector<Change*>& appends) {
  const Path& path = *change.path;
  if (path.size() - 1 + nesting(*change.value) > kNestingMax) {
    return validation("Nesting Levels have exceeded supported limits");
  }
  if (path.size() == 1) {
    item.set(path[0].name, std::move(*change.value));
    return {};
  }
  Value* parent = find(item, path, path.size() - 1);
  const Step& last = path.back();
  if (!parent) return invalid_path();
  if (last.is_index) {
    auto* list = parent->get_if<List>();
    if (!list) return invalid_path();
    if (last.index < list->elements.size()) {
      list->elements[last.index] = std::move(*change.value);
    } else {
      appends.push_back(&change);
    }
    return {};
  }
  auto* map = parent->get_if<Map>();
  if (!map) return invalid_path();
  map->set(last.name, std::move(*change.value));
  return {};
}

Result<void> remove(Item& item, const Path& path) {
  const Step& last = path.back();
  if (path.size() == 1) {
    item.erase(last.name);
    return {};
  }
  Value* parent = find(item, path, path.size() - 1);
  if (!parent) return invalid_path();
  if (last.is_index) {
    auto* list = parent->get_if<List>();
    if (!list) return invalid_path();
    if (last.index < list->elements.size())
      list->elements.erase(list->elements.begin() + last.index);
    return {};
  }
  auto* map = parent->get_if<Map>();
  if (!map) return invalid_path();
  map->erase(last.name);
  return {};
}

}  // namespace

namespace {

Result<Item> applied(const Update& update, const Item& before) {
  std::vector<Change> changes;
  changes.reserve(update.actions.size());
  for (const Action& action : update.actions) {
    STATOR_TRY(auto change, plan(action, before));
    changes.push_back(std::move(change));
  }
  Item item = before;
  std::vector<Change*> appends;
  std::vector<const Path*> removals;
  for (Change& change : changes) {
    if (change.value) {
      STATOR_TRY_VOID(put(item, change, appends));
    } else {
      removals.push_back(change.path);
    }
  }
  std::sort(appends.begin(), appends.end(),
            [](const Change* a, const Change* b) { return path_less(*a->path, *b->path); });
  for (Change* change : appends) {
    Value* parent = find(item, *change->path, change->path->size() - 1);
    parent->get_if<List>()->elements.push_back(std::move(*change->value));
  }
  // From the back, so that no removal moves an element that a later one means.
  std::sort(removals.begin(), removals.end(),
            [](const Path* a, const Path* b) { return path_less(*b, *a); });
  for (const Path* path : removals) STATOR_TRY_VOID(remove(item, *path));
  return item;
}

}  // namespace

Result<Item> apply(const Update& update, const Item& before) {
  auto item = applied(update, before);
  if (item || !update.is_legacy || item.error().message != wrong_type().message) return item;
  return validation("Type mismatch for attribute to update");
}

bool only_removes(const Update& update) {
  return std::all_of(update.actions.begin(), update.actions.end(), [](const Action& action) {
    return action.kind == Action::Kind::kRemove || action.kind == Action::Kind::kDelete;
  });
}

}  // namespace stator::dynamodb::expr
