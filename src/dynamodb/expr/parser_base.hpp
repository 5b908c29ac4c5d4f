#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dynamodb/expr/parser.hpp"
#include "dynamodb/expr/token.hpp"

namespace stator::dynamodb::expr {

/// How the errors of one kind of expression begin.
class Wording {
 public:
  explicit Wording(std::string_view kind) : kind_(kind) {}
  /// "Invalid <kind>: message"
  [[nodiscard]] Error fail_with(std::string_view message) const;

 private:
  std::string_view kind_;
};

/// What the grammars share: tokens, paths, operands. A parse that fails keeps its first error and
/// winds down: every method returns nothing after that. Names stay as written ("#n") until checked.
class ParserBase {
 public:
  ParserBase(std::string_view kind, std::string_view text);

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 protected:
  using Depth = int;

  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const;
  const Token& take();
  [[nodiscard]] bool at_end() const { return peek().kind == Token::Kind::kEnd; }
  [[nodiscard]] bool is_symbol(std::string_view symbol) const;
  [[nodiscard]] bool is_keyword(std::string_view keyword) const;
  bool take_symbol(std::string_view symbol);
  bool take_keyword(std::string_view keyword);
  /// Takes it or fails with a syntax error there.
  bool expect_symbol(std::string_view symbol);

  void syntax_error();
  void fail(std::string_view message);
  [[nodiscard]] bool has_failed() const { return error_.has_value(); }
  /// Counts one operator or function; fails above kOperatorsMax.
  void count_operator();
  /// True, until leave(), when there may be one more level.
  [[nodiscard]] bool enter();
  void leave() { --depth_; }

  [[nodiscard]] std::optional<Path> parse_path();
  /// A function call, a :value or a path; with parentheses around it or not.
  [[nodiscard]] std::optional<Node> parse_operand();
  [[nodiscard]] bool has_redundant_parentheses() const { return has_redundant_parentheses_; }
  void note_redundant_parentheses() { has_redundant_parentheses_ = true; }
  /// Words that the grammar keeps for itself and that are no names in it.
  [[nodiscard]] virtual bool is_grammar_word(std::string_view word) const = 0;
  ~ParserBase() = default;

 private:
  [[nodiscard]] std::optional<Step> parse_name_step();
  [[nodiscard]] std::optional<Step> parse_index_step();
  [[nodiscard]] std::optional<Node> parse_function();

  Wording wording_;
  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t operators_ = 0;
  Depth depth_ = 0;
  bool has_redundant_parentheses_ = false;
  std::optional<Error> error_;
};

}  // namespace stator::dynamodb::expr
