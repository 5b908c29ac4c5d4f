#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "dynamodb/partiql/ast.hpp"
#include "dynamodb/partiql/parser.hpp"

namespace stator::dynamodb::partiql {

/// The tokens of a statement and the part of the grammar that is expressions.
class ExpressionParser {
 protected:
  explicit ExpressionParser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}
  ~ExpressionParser() = default;

  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const;
  const Token& take();
  [[nodiscard]] bool at_end() const { return peek().kind == Token::Kind::kEnd; }
  [[nodiscard]] bool is_symbol(std::string_view symbol, std::size_t ahead = 0) const;
  [[nodiscard]] bool is_keyword(std::string_view keyword, std::size_t ahead = 0) const;
  bool take_symbol(std::string_view symbol);
  bool take_keyword(std::string_view keyword);
  /// Takes it, or fails with "Expected <name>".
  [[nodiscard]] Result<void> expect_symbol(std::string_view symbol, std::string_view name);

  [[nodiscard]] Result<Expression> parse_expression() { return parse_binary(1); }
  /// A name and its steps; fails where there is no name.
  [[nodiscard]] Result<Expression> parse_path();

  [[nodiscard]] std::size_t parameters() const { return parameters_; }
  /// Keeps the first refusal of a statement that is grammatical.
  void refuse(Error error);
  [[nodiscard]] std::optional<Error>& refusal() { return refusal_; }

 private:
  [[nodiscard]] Result<Expression> parse_binary(int level);
  [[nodiscard]] Result<Expression> parse_not();
  [[nodiscard]] Result<Expression> parse_right(int level);
  [[nodiscard]] Result<Expression> parse_between(Expression subject);
  [[nodiscard]] Result<Expression> parse_in(Expression subject);
  [[nodiscard]] Result<Expression> parse_is(Expression subject);
  [[nodiscard]] Result<Expression> parse_type_test(Expression subject, const Token& is);
  [[nodiscard]] Result<Expression> parse_term();
  [[nodiscard]] Result<Expression> parse_keyword_term();
  [[nodiscard]] Result<Expression> parse_symbol_term();
  [[nodiscard]] Result<Expression> parse_sign();
  [[nodiscard]] Result<Expression> parse_parentheses();
  [[nodiscard]] Result<Expression> parse_tuple();
  [[nodiscard]] Result<Expression> parse_call();
  /// Expressions between commas up to `close`, whose opening symbol is next.
  [[nodiscard]] Result<Expression> parse_sequence(Expression::Kind kind, std::string_view close,
                                                  std::string_view close_name);
  [[nodiscard]] Result<void> parse_steps(Expression& path);
  [[nodiscard]] Result<void> parse_dot_step(Expression& path);
  [[nodiscard]] Result<void> parse_bracket_step(Expression& path);
  [[nodiscard]] Result<void> count_operator();

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t operators_ = 0;
  std::size_t parameters_ = 0;
  int depth_ = 0;
  std::optional<Error> refusal_;
};

}  // namespace stator::dynamodb::partiql
