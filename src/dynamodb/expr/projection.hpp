#pragma once

#include <map>
#include <string>
#include <vector>

#include "dynamodb/expr/ast.hpp"
#include "dynamodb/item_codec.hpp"

namespace stator::dynamodb::expr {

/// Writes the parts of items that lie on given paths, each in its place in the hierarchy: what
/// ProjectionExpression selects and what UPDATED_OLD and UPDATED_NEW return. Elements of lists keep
/// their order and close ranks; a parent of which nothing is selected is left out.
class ProjectionTree {
 public:
  ProjectionTree() = default;
  explicit ProjectionTree(const std::vector<Path>& paths);

  /// Appends {"name":{...},...}; false when that is empty.
  bool append_json(const EncodedItem& item, std::string& out) const;

 private:
  struct Branch {
    bool is_whole = false;
    std::map<std::string, Branch, std::less<>> members;
    std::map<std::uint32_t, Branch> elements;
  };

  static bool write(const Branch& branch, const EncodedValue& value, std::string& out);
  static bool write_members(const Branch& branch, const EncodedValue& map, std::string& out);
  static bool write_elements(const Branch& branch, const EncodedValue& list, std::string& out);

  Branch root_;
};

}  // namespace stator::dynamodb::expr
