#include "dynamodb/partiql/columns.hpp"

#include <algorithm>

#include "dynamodb/errors.hpp"
#include "dynamodb/expr/evaluate.hpp"
#include "dynamodb/json_writer.hpp"
#include "dynamodb/partiql/condition.hpp"

namespace stator::dynamodb::partiql {

namespace {

/// The last member's name and the indexes behind it.
std::string name_of(const expr::Path& path) {
  std::size_t at = path.size() - 1;
  while (at > 0 && path[at].is_index) --at;
  std::string name = path[at].name;
  for (++at; at < path.size(); ++at) name += "[" + std::to_string(path[at].index) + "]";
  return name;
}

}  // namespace

Result<Columns> Columns::from(const std::vector<Expression>& expressions) {
  Columns columns;
  for (const Expression& expression : expressions) {
    if (expression.kind == Expression::Kind::kWildcard) {
      return validation("Changing item's hierarchy while reading isn't supported");
    }
    if (expression.kind != Expression::Kind::kPath) {
      return validation("Unexpected path component" + at(expression.position));
    }
    std::string name = name_of(expression.path);
    if (std::find(columns.names_.begin(), columns.names_.end(), name) != columns.names_.end()) {
      return validation("Duplicate identifiers in select clause: " + name);
    }
    columns.names_.push_back(std::move(name));
    columns.paths_.push_back(expression.path);
  }
  std::vector<const expr::Path*> paths;
  for (const expr::Path& path : columns.paths_) paths.push_back(&path);
  STATOR_TRY_VOID(check_overlap(paths));
  return columns;
}

void Columns::append_json(const EncodedItem& item, std::string& out) const {
  if (takes_all()) {
    item.append_json(out);
    return;
  }
  JsonList list(out, '{', '}');
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    const auto value = expr::find(item, paths_[i]);
    if (!value) continue;
    list.next_member(names_[i]);
    value->append_json(out);
  }
}

}  // namespace stator::dynamodb::partiql
