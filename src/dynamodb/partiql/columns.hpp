#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "dynamodb/expr/ast.hpp"
#include "dynamodb/item_codec.hpp"
#include "dynamodb/partiql/ast.hpp"

namespace stator::dynamodb::partiql {

/// What SELECT takes of an item. Unlike a projection expression it is flat: m.b[1] comes back as
/// an attribute "b[1]".
class Columns {
 public:
  /// Everything.
  Columns() = default;
  /// AWS's error where an expression is no path or two of them come back under one name.
  [[nodiscard]] static Result<Columns> from(const std::vector<Expression>& expressions);

  [[nodiscard]] bool takes_all() const { return names_.empty(); }
  [[nodiscard]] const expr::Projection& paths() const { return paths_; }
  /// Appends {"name":{...},...}; attributes that the item has not are left out.
  void append_json(const EncodedItem& item, std::string& out) const;

 private:
  expr::Projection paths_;
  std::vector<std::string> names_;
};

}  // namespace stator::dynamodb::partiql
