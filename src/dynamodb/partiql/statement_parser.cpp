#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/partiql/expression_parser.hpp"

namespace stator::dynamodb::partiql {

namespace {

using Kind = Expression::Kind;

bool is_table_name(std::string_view name) {
  return name.size() >= 3 && name.size() <= 255 &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '.' || c == '-';
         });
}

/// What the grammar calls an expression that stands where a statement should.
std::string_view operation_name(const Expression& expression) {
  switch (expression.kind) {
    case Kind::kPath:
      return expression.path.size() > 1 ? "Path" : "VariableReference";
    case Kind::kIs:
      return "IsType";
    case Kind::kParameter:
      return "Parameter";
    case Kind::kOperator:
    case Kind::kCall:
      return "NAry";
    case Kind::kMissing:
      return "LiteralMissing";
    case Kind::kList:
    case Kind::kBag:
      return "Seq";
    case Kind::kTuple:
      return "Struct";
    default:
      return "Literal";
  }
}

class StatementParser final : private ExpressionParser {
 public:
  explicit StatementParser(std::vector<Token> tokens) : ExpressionParser(std::move(tokens)) {}

  Result<Statement> run() {
    STATOR_TRY_VOID(parse());
    take_symbol(";");
    if (!at_end()) return leftover();
    STATOR_TRY_VOID(check_names());
    statement_.parameters = parameters();
    statement_.refusal = std::move(refusal());
    return std::move(statement_);
  }

 private:
  static Error leftover() { return not_well_formed("Unexpected token after expression"); }
  static Error expected_statement() { return not_well_formed("Expected data manipulation"); }

  Result<void> parse() {
    if (take_keyword("select")) return parse_select();
    if (take_keyword("insert")) return parse_insert();
    if (take_keyword("update")) return parse_update();
    if (take_keyword("delete")) return parse_delete();
    if (take_keyword("from")) return parse_from_first();
    if (is_keyword("exists") && is_symbol("(", 1) && is_keyword("select", 2)) {
      return parse_exists();
    }
    return parse_no_statement();
  }

  Result<void> check_names() const {
    if (is_table_name(statement_.table) && is_table_name(statement_.index.value_or("none"))) {
      return {};
    }
    return validation(
        "Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', "
        "'-', '_', '.'.");
  }

  Result<void> parse_no_statement() {
    for (const std::string_view verb : {"create", "drop"}) {
      if (!take_keyword(verb)) continue;
      const std::string_view what = is_keyword("index") ? "Index" : "Table";
      return validation(std::string("Unsupported operation: ") +
                        (verb == "create" ? "Create" : "Drop") + std::string(what));
    }
    const auto expression = parse_expression();
    if (!expression) return expected_statement();
    take_symbol(";");
    if (!at_end()) return leftover();
    return validation("Unsupported operation: " + std::string(operation_name(*expression)));
  }

  // SELECT

  Result<void> parse_select() {
    statement_.kind = Statement::Kind::kSelect;
    STATOR_TRY_VOID(parse_columns());
    if (!take_keyword("from")) return not_well_formed("Expected FROM after select list");
    STATOR_TRY_VOID(parse_source());
    STATOR_TRY_VOID(parse_where());
    return parse_select_tail();
  }

  Result<void> parse_columns() {
    if (take_keyword("distinct")) {
      refuse(validation("Unsupported token in expression: DISTINCT"));
    } else {
      take_keyword("all");
    }
    if (take_keyword("value") || take_keyword("pivot")) {
      refuse(validation("Select projection doesn't support value or pivot keywords"));
    }
    if (take_symbol("*")) {
      if (!is_symbol(",")) return {};
      return not_well_formed("Cannot mix wildcard * with other expressions in a select list");
    }
    do {
      STATOR_TRY(auto column, parse_expression());
      if (take_keyword("as") || peek().kind == Token::Kind::kIdentifier) {
        if (take().kind != Token::Kind::kIdentifier) {
          return not_well_formed("Expected identifier for alias");
        }
        refuse(validation("Aliasing is not supported"));
      }
      statement_.columns.push_back(std::move(column));
    } while (take_symbol(","));
    return {};
  }

  /// A table or an index of it. What else SQL has here is grammatical but refused.
  Result<void> parse_source() {
    if (peek().kind == Token::Kind::kEnd || is_symbol(";")) {
      return not_well_formed("Unexpected term");
    }
    if (peek().kind != Token::Kind::kIdentifier) {
      STATOR_TRY_VOID(parse_expression());
      return validation("Unexpected from source");
    }
    STATOR_TRY_VOID(parse_table(true));
    if (is_symbol("-") || is_symbol("+") || is_symbol("*") || is_symbol("/")) {
      return validation("Unexpected from source");
    }
    for (const std::string_view join :
         {"join", "inner", "left", "right", "full", "cross", "outer"}) {
      if (is_keyword(join)) return several_sources();
    }
    if (is_symbol(",")) return several_sources();
    return {};
  }

  static Error several_sources() {
    return validation("Only select from a single table or index is supported.");
  }

  Result<void> parse_select_tail() {
    if (take_keyword("group")) {
      return validation("Unsupported clause: GROUP BY");
    }
    if (take_keyword("having")) return validation("Unsupported clause: HAVING");
    if (take_keyword("order")) STATOR_TRY_VOID(parse_order_by());
    if (take_keyword("limit")) {
      STATOR_TRY(const auto limit, parse_expression());
      refuse(validation("Unsupported clause: LIMIT" + at(limit.position)));
    }
    for (const std::string_view set : {"union", "intersect", "except"}) {
      if (is_keyword(set)) return validation("Unsupported operation: " + to_upper(set));
    }
    return {};
  }

  static std::string to_upper(std::string_view text) {
    std::string upper(text);
    for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return upper;
  }

  Result<void> parse_order_by() {
    if (!take_keyword("by")) return not_well_formed("Expected BY");
    do {
      STATOR_TRY(auto key, parse_expression());
      const bool is_ascending = !take_keyword("desc");
      if (is_ascending) take_keyword("asc");
      statement_.order_by.push_back({std::move(key), is_ascending});
    } while (take_symbol(","));
    return {};
  }

  // Data manipulation

  Result<void> parse_insert() {
    statement_.kind = Statement::Kind::kInsert;
    if (!take_keyword("into")) return not_well_formed("Expected INTO after INSERT");
    STATOR_TRY_VOID(parse_table(false));
    if (!take_keyword("value")) {
      STATOR_TRY_VOID(parse_expression());
      if (!at_end()) return leftover();
      return validation("Unsupported operation: InsertOp");
    }
    STATOR_TRY(statement_.item, parse_expression());
    if (statement_.index) {
      refuse(
          validation("FROM clause may only contain a single table name in data manipulation "
                     "statements"));
    }
    if (!is_keyword("returning")) return {};
    STATOR_TRY_VOID(parse_returning());
    refuse(validation("RETURNING is not supported in INSERT"));
    return {};
  }

  Result<void> parse_update() {
    statement_.kind = Statement::Kind::kUpdate;
    STATOR_TRY_VOID(parse_table(true));
    STATOR_TRY_VOID(parse_assignments());
    STATOR_TRY_VOID(parse_where());
    return parse_returning();
  }

  /// FROM table WHERE condition SET ...: an UPDATE whose clauses stand the other way round.
  Result<void> parse_from_first() {
    statement_.kind = Statement::Kind::kUpdate;
    STATOR_TRY_VOID(parse_source());
    STATOR_TRY_VOID(parse_where());
    if (take_keyword("delete")) {
      statement_.kind = Statement::Kind::kDelete;
      refuse(validation("Unsupported operation: DeleteOp"));
      return {};
    }
    STATOR_TRY_VOID(parse_assignments());
    return parse_returning();
  }

  Result<void> parse_delete() {
    statement_.kind = Statement::Kind::kDelete;
    if (!take_keyword("from")) return not_well_formed("Expected FROM after DELETE");
    STATOR_TRY_VOID(parse_table(true));
    STATOR_TRY_VOID(parse_where());
    STATOR_TRY_VOID(parse_returning());
    const auto& returning = statement_.returning;
    if (returning && (returning->is_modified || returning->is_new)) {
      refuse(validation("Invalid returning clause: RETURNING " + to_string(*returning) +
                        ". Only RETURNING ALL OLD * is allowed in DELETE statements."));
    }
    return {};
  }

  Result<void> parse_exists() {
    take();
    take();
    take();
    STATOR_TRY_VOID(parse_select());
    statement_.kind = Statement::Kind::kExists;
    return expect_symbol(")", "RIGHT_PAREN");
  }

  Result<void> parse_assignments() {
    if (!is_keyword("set") && !is_keyword("remove")) return expected_statement();
    for (;;) {
      if (take_keyword("set")) {
        do {
          STATOR_TRY_VOID(parse_assignment());
        } while (take_symbol(","));
      } else if (take_keyword("remove")) {
        STATOR_TRY(auto target, parse_target());
        statement_.assignments.push_back({std::move(target)});
      } else {
        return {};
      }
    }
  }

  Result<void> parse_assignment() {
    STATOR_TRY(auto target, parse_target());
    STATOR_TRY_VOID(expect_symbol("=", "EQ"));
    STATOR_TRY(auto value, parse_expression());
    statement_.assignments.push_back({std::move(target), std::move(value)});
    return {};
  }

  Result<expr::Path> parse_target() {
    STATOR_TRY(auto target, parse_path());
    if (target.kind == Kind::kWildcard) {
      refuse(
          validation("Unpivot path component like a.*.b are not supported" + at(target.position)));
    }
    return std::move(target.path);
  }

  // Parts

  Result<void> parse_where() {
    if (!take_keyword("where")) return {};
    STATOR_TRY(statement_.where, parse_expression());
    return {};
  }

  Result<void> parse_returning() {
    if (!take_keyword("returning")) return {};
    for (;;) {
      Returning returning;
      if (take_keyword("modified")) {
        returning.is_modified = true;
      } else if (!take_keyword("all")) {
        return not_well_formed("Expected ALL or MODIFIED in RETURNING clause");
      }
      if (take_keyword("new")) {
        returning.is_new = true;
      } else if (!take_keyword("old")) {
        return not_well_formed("Expected NEW or OLD in RETURNING clause");
      }
      if (!take_symbol("*")) {
        STATOR_TRY_VOID(parse_expression());
        return validation(
            "Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause");
      }
      if (statement_.returning) {
        refuse(validation("Invalid syntax with multiple returning elements in RETURNING clause"));
      }
      statement_.returning = returning;
      if (!take_symbol(",")) return {};
    }
  }

  Result<void> parse_table(bool may_have_alias) {
    STATOR_TRY(const auto source, parse_path());
    const bool is_plain = source.kind == Kind::kPath &&
                          std::none_of(source.path.begin(), source.path.end(),
                                       [](const expr::Step& step) { return step.is_index; });
    if (!is_plain) return validation("Unexpected from source");
    if (source.path.size() > 2) {
      return validation("A path may contain at most 2 components in the FROM clause");
    }
    statement_.table = source.path[0].name;
    if (source.path.size() == 2) statement_.index = source.path[1].name;
    if (!may_have_alias) return {};
    if (take_keyword("as") || peek().kind == Token::Kind::kIdentifier) {
      if (take().kind != Token::Kind::kIdentifier) {
        return not_well_formed("Expected identifier for alias");
      }
      refuse(validation("Aliasing is not supported"));
    }
    return {};
  }

  Statement statement_;
};

}  // namespace

std::string to_string(const Returning& returning) {
  return std::string(returning.is_modified ? "MODIFIED " : "ALL ") +
         (returning.is_new ? "NEW *" : "OLD *");
}

Result<Statement> parse_statement(std::string_view text) {
  STATOR_TRY(auto tokens, tokenize(text));
  return StatementParser(std::move(tokens)).run();
}

}  // namespace stator::dynamodb::partiql
