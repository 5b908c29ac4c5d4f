#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "dynamodb/expr/ast.hpp"
#include "dynamodb/partiql/token.hpp"

/// Statements as trees: what the grammar says, before any table is known. translate.hpp turns them
/// into what the engine carries out.
namespace stator::dynamodb::partiql {

struct Expression {
  enum class Kind : std::uint8_t {
    kString,
    kNumber,   ///< `text` as written, with its sign
    kBoolean,  ///< `text` is "true" or "false"
    kNull,
    kMissing,
    kParameter,  ///< `parameter`
    kPath,       ///< `path`
    kWildcard,   ///< a path that ends in .*
    kCall,       ///< function `text` of `args`
    kOperator,   ///< `text` of `args`: = <> < <= > >= + - * / % || and or not like between in
    kIs,         ///< `args[0]` is of type `text`
    kList,
    kBag,
    kTuple,  ///< `args` are names and values in turn
  };
  Kind kind = Kind::kNull;
  std::string text = {};
  Position position = {};
  std::size_t parameter = 0;
  expr::Path path = {};
  std::vector<Expression> args = {};

  [[nodiscard]] bool is_operator(std::string_view name) const {
    return kind == Kind::kOperator && text == name;
  }
};

struct OrderKey {
  Expression key;
  bool is_ascending = true;
};

struct Assignment {
  expr::Path target;
  std::optional<Expression> value = {};  ///< nothing: REMOVE
};

/// RETURNING (ALL | MODIFIED) (OLD | NEW) *
struct Returning {
  bool is_modified = false;
  bool is_new = false;
};

/// "ALL OLD *"
[[nodiscard]] std::string to_string(const Returning& returning);

struct Statement {
  enum class Kind : std::uint8_t { kSelect, kInsert, kUpdate, kDelete, kExists };
  Kind kind = Kind::kSelect;
  std::string table = {};
  std::optional<std::string> index = {};
  std::optional<Expression> where = {};
  std::vector<Expression> columns = {};  ///< of SELECT; none for *
  std::vector<OrderKey> order_by = {};
  std::optional<Expression> item = {};  ///< of INSERT
  std::vector<Assignment> assignments = {};
  std::optional<Returning> returning = {};
  std::size_t parameters = 0;  ///< how many ? there are
  /// What is grammatical and yet refused; AWS says so only once it knows that the table is there.
  std::optional<Error> refusal = {};

  [[nodiscard]] bool is_read() const { return kind == Kind::kSelect; }
};

}  // namespace stator::dynamodb::partiql
