#include "dynamodb/key_paths.hpp"

#include <algorithm>

#include "dynamodb/errors.hpp"

namespace stator::dynamodb {

namespace {

Result<void> check_path(const Table& table, const expr::Path& path) {
  if (path.size() < 2) return {};
  const std::string& name = path.front().name;
  const auto is_it = [&](const KeyAttribute& attribute) { return attribute.name == name; };
  const auto refuse = [&](const char* kind) {
    return validation(
        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
        "allowed: " +
        std::string(kind) + ": " + name);
  };
  if (is_it(table.partition) || (table.sort && is_it(*table.sort))) return refuse("Key");
  for (const Index& index : table.indexes) {
    if (std::any_of(index.partition.begin(), index.partition.end(), is_it) ||
        std::any_of(index.sort.begin(), index.sort.end(), is_it)) {
      return refuse("IndexKey");
    }
  }
  return {};
}

}  // namespace

Result<void> check_key_paths(const Table& table, const expr::Projection& projection) {
  for (const expr::Path& path : projection) STATOR_TRY_VOID(check_path(table, path));
  return {};
}

Result<void> check_key_paths(const Table& table, const expr::Node& node) {
  STATOR_TRY_VOID(check_path(table, node.path));
  for (const expr::Node& argument : node.args) STATOR_TRY_VOID(check_key_paths(table, argument));
  return {};
}

Result<void> check_key_paths(const Table& table, const expr::Update& update) {
  for (const expr::Action& action : update.actions) {
    STATOR_TRY_VOID(check_path(table, action.path));
  }
  return {};
}

}  // namespace stator::dynamodb
