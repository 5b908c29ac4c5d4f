#include "dynamodb/partiql/expression_parser.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/strings.hpp"
#include "dynamodb/errors.hpp"

namespace stator::dynamodb::partiql {

namespace {

using Kind = Expression::Kind;

constexpr int kNotLevel = 3;
constexpr int kComparisonLevel = 4;
constexpr int kTermLevel = 8;

/// How strongly an operator binds; 0 for what is none.
int level_of(const Token& token) {
  struct Operator {
    std::string_view text;
    int level;
  };
  constexpr std::array<Operator, 18> kOperators = {{
      {"or", 1},
      {"and", 2},
      {"=", 4},
      {"<>", 4},
      {"<", 4},
      {"<=", 4},
      {">", 4},
      {">=", 4},
      {"in", 4},
      {"is", 4},
      {"between", 4},
      {"like", 4},
      {"not", 4},
      {"||", 5},
      {"+", 6},
      {"-", 6},
      {"*", 7},
      {"/", 7},
  }};
  if (token.kind != Token::Kind::kSymbol && token.kind != Token::Kind::kKeyword) return 0;
  if (token.text == "%") return 7;
  const auto found = std::find_if(kOperators.begin(), kOperators.end(),
                                  [&](const Operator& o) { return o.text == token.text; });
  return found == kOperators.end() ? 0 : found->level;
}

/// Keywords that name functions where a parenthesis follows.
bool is_callable(std::string_view keyword) {
  constexpr auto kCallable = std::to_array<std::string_view>(
      {"avg",       "bit_length", "cast",      "char_length",  "character_length", "coalesce",
       "count",     "date_add",   "date_diff", "exists",       "extract",          "lower",
       "max",       "min",        "nullif",    "octet_length", "position",         "size",
       "substring", "sum",        "trim",      "upper"});
  return std::binary_search(kCallable.begin(), kCallable.end(), keyword);
}

/// What IS calls a type, by each of its names; "" for no type.
std::string type_name(std::string_view word) {
  struct Name {
    std::string_view word;
    std::string_view type;
  };
  constexpr std::array<Name, 27> kNames = {{
      {"any", "ANY"},         {"bag", "BAG"},
      {"bigint", "INTEGER8"}, {"blob", "BLOB"},
      {"bool", "BOOLEAN"},    {"boolean", "BOOLEAN"},
      {"char", "CHARACTER"},  {"character", "CHARACTER"},
      {"clob", "CLOB"},       {"date", "DATE"},
      {"dec", "DECIMAL"},     {"decimal", "DECIMAL"},
      {"float", "FLOAT"},     {"int", "INTEGER"},
      {"integer", "INTEGER"}, {"list", "LIST"},
      {"missing", "MISSING"}, {"null", "NULL"},
      {"numeric", "NUMERIC"}, {"real", "REAL"},
      {"sexp", "SEXP"},       {"smallint", "SMALLINT"},
      {"string", "STRING"},   {"struct", "STRUCT"},
      {"symbol", "SYMBOL"},   {"timestamp", "TIMESTAMP"},
      {"tuple", "TUPLE"},
  }};
  const std::string lower = to_lower(word);
  for (const Name& name : kNames) {
    if (name.word == lower) return std::string(name.type);
  }
  if (lower == "int2") return "SMALLINT";
  if (lower == "int4") return "INTEGER4";
  if (lower == "int8") return "INTEGER8";
  if (lower == "varchar") return "CHARACTER_VARYING";
  return {};
}

Expression make(Kind kind, const Token& token) {
  Expression expression{kind, token.text};
  expression.position = token.position;
  return expression;
}

}  // namespace

const Token& ExpressionParser::peek(std::size_t ahead) const {
  return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

const Token& ExpressionParser::take() {
  const Token& token = peek();
  if (!at_end()) ++at_;
  return token;
}

bool ExpressionParser::is_symbol(std::string_view symbol, std::size_t ahead) const {
  return peek(ahead).kind == Token::Kind::kSymbol && peek(ahead).text == symbol;
}

bool ExpressionParser::is_keyword(std::string_view keyword, std::size_t ahead) const {
  return peek(ahead).kind == Token::Kind::kKeyword && peek(ahead).text == keyword;
}

bool ExpressionParser::take_symbol(std::string_view symbol) {
  if (!is_symbol(symbol)) return false;
  take();
  return true;
}

bool ExpressionParser::take_keyword(std::string_view keyword) {
  if (!is_keyword(keyword)) return false;
  take();
  return true;
}

Result<void> ExpressionParser::expect_symbol(std::string_view symbol, std::string_view name) {
  if (take_symbol(symbol)) return {};
  return not_well_formed("Expected " + std::string(name));
}

void ExpressionParser::refuse(Error error) {
  if (!refusal_) refusal_ = std::move(error);
}

Result<void> ExpressionParser::count_operator() {
  if (++operators_ <= kOperatorsMax) return {};
  return validation("The statement contains too many operators; operator count: " +
                    std::to_string(operators_));
}

Result<Expression> ExpressionParser::parse_binary(int level) {
  if (level == kNotLevel) return parse_not();
  if (level == kTermLevel) return parse_term();
  STATOR_TRY(auto left, parse_binary(level + 1));
  while (level_of(peek()) == level) {
    STATOR_TRY_VOID(count_operator());
    if (is_keyword("between") || (is_keyword("not") && is_keyword("between", 1))) {
      STATOR_TRY(left, parse_between(std::move(left)));
    } else if (is_keyword("in") || (is_keyword("not") && is_keyword("in", 1))) {
      STATOR_TRY(left, parse_in(std::move(left)));
    } else if (is_keyword("is")) {
      STATOR_TRY(left, parse_is(std::move(left)));
    } else if (is_keyword("not") && !is_keyword("like", 1)) {
      break;
    } else {
      take_keyword("not");
      const Token token = take();
      STATOR_TRY(auto right, parse_right(level + 1));
      // A chain of AND or OR is one operator of many operands: it costs no depth.
      if (level < kNotLevel && left.is_operator(token.text)) {
        left.args.push_back(std::move(right));
        continue;
      }
      Expression node = make(Kind::kOperator, token);
      node.args.push_back(std::move(left));
      node.args.push_back(std::move(right));
      left = std::move(node);
    }
  }
  return left;
}

Result<Expression> ExpressionParser::parse_right(int level) {
  if (at_end() || is_symbol(";")) {
    return not_well_formed("Missing right-hand side expression of infix operator");
  }
  return parse_binary(level);
}

Result<Expression> ExpressionParser::parse_not() {
  std::vector<Token> nots;
  while (is_keyword("not")) {
    STATOR_TRY_VOID(count_operator());
    nots.push_back(take());
  }
  if (nots.size() > static_cast<std::size_t>(kDepthMax)) {
    return validation("Nesting Levels have exceeded supported limits");
  }
  STATOR_TRY(auto node, parse_binary(kComparisonLevel));
  for (auto token = nots.rbegin(); token != nots.rend(); ++token) {
    Expression negated = make(Kind::kOperator, *token);
    negated.args.push_back(std::move(node));
    node = std::move(negated);
  }
  return node;
}

namespace {

Expression negated_if(bool is_negated, Expression expression) {
  if (!is_negated) return expression;
  Expression negation{Kind::kOperator, "not"};
  negation.position = expression.position;
  negation.args.push_back(std::move(expression));
  return negation;
}

}  // namespace

Result<Expression> ExpressionParser::parse_between(Expression subject) {
  const bool is_negated = take_keyword("not");
  Expression node = make(Kind::kOperator, take());
  node.args.push_back(std::move(subject));
  STATOR_TRY(auto low, parse_binary(kComparisonLevel + 1));
  node.args.push_back(std::move(low));
  if (!take_keyword("and")) return not_well_formed("Expected AND after BETWEEN");
  STATOR_TRY(auto high, parse_binary(kComparisonLevel + 1));
  node.args.push_back(std::move(high));
  return negated_if(is_negated, std::move(node));
}

/// IN (1, 2), IN [1, 2] and IN <<1, 2>> are the same.
Result<Expression> ExpressionParser::parse_in(Expression subject) {
  const bool is_negated = take_keyword("not");
  Expression node = make(Kind::kOperator, take());
  node.args.push_back(std::move(subject));
  if (is_symbol("(")) {
    STATOR_TRY(auto candidates, parse_sequence(Kind::kList, ")", "RIGHT_PAREN"));
    node.args.push_back(std::move(candidates));
  } else {
    STATOR_TRY(auto candidates, parse_binary(kComparisonLevel + 1));
    node.args.push_back(std::move(candidates));
  }
  return negated_if(is_negated, std::move(node));
}

Result<Expression> ExpressionParser::parse_is(Expression subject) {
  const Token is = take();
  const bool is_negated = take_keyword("not");
  STATOR_TRY(auto node, parse_type_test(std::move(subject), is));
  return negated_if(is_negated, std::move(node));
}

Result<Expression> ExpressionParser::parse_type_test(Expression subject, const Token& is) {
  Expression node = make(Kind::kIs, is);
  const Token word = take();
  const bool is_word = !word.is_quoted && (word.kind == Token::Kind::kKeyword ||
                                           word.kind == Token::Kind::kIdentifier);
  if (is_word && word.text == "double" && take_keyword("precision")) {
    node.text = "DOUBLE_PRECISION";
  } else if (is_word && word.text == "character" && take_keyword("varying")) {
    node.text = "CHARACTER_VARYING";
  } else {
    node.text = is_word ? type_name(word.text) : "";
  }
  if (node.text.empty()) return not_well_formed("Expected type name");
  node.args.push_back(std::move(subject));
  return node;
}

Result<Expression> ExpressionParser::parse_term() {
  if (depth_ >= kDepthMax) return validation("Nesting Levels have exceeded supported limits");
  ++depth_;
  const Token& token = peek();
  Result<Expression> term = not_well_formed("Unexpected term");
  switch (token.kind) {
    case Token::Kind::kIdentifier:
      term = is_symbol("(", 1) && !token.is_quoted ? parse_call() : parse_path();
      break;
    case Token::Kind::kKeyword:
      term = parse_keyword_term();
      break;
    case Token::Kind::kString:
      term = make(Kind::kString, take());
      break;
    case Token::Kind::kNumber:
      term = make(Kind::kNumber, take());
      break;
    case Token::Kind::kParameter:
      term = make(Kind::kParameter, take());
      term->parameter = parameters_++;
      break;
    case Token::Kind::kSymbol:
      term = parse_symbol_term();
      break;
    case Token::Kind::kEnd:
      break;
  }
  --depth_;
  return term;
}

Result<Expression> ExpressionParser::parse_keyword_term() {
  const Token& token = peek();
  if (token.text == "null") return make(Kind::kNull, take());
  if (token.text == "missing") return make(Kind::kMissing, take());
  if (token.text == "true" || token.text == "false") return make(Kind::kBoolean, take());
  if (is_callable(token.text) && is_symbol("(", 1)) return parse_call();
  if (token.text == "select") {
    return validation("Unsupported token in expression: SELECT" + at(token.position));
  }
  return not_well_formed(level_of(token) > 0 ? "Unexpected operator" : "Unexpected keyword");
}

Result<Expression> ExpressionParser::parse_symbol_term() {
  if (is_symbol("@") && peek(1).kind == Token::Kind::kIdentifier) {
    take();
    return parse_path();
  }
  if (is_symbol("(")) return parse_parentheses();
  if (is_symbol("[")) return parse_sequence(Kind::kList, "]", "RIGHT_BRACKET");
  if (is_symbol("<<")) return parse_sequence(Kind::kBag, ">>", "RIGHT_DOUBLE_ANGLE_BRACKET");
  if (is_symbol("{")) return parse_tuple();
  if (is_symbol("+") || is_symbol("-")) return parse_sign();
  return not_well_formed(level_of(peek()) > 0 ? "Unexpected operator" : "Unexpected term");
}

/// A sign belongs to the number behind it, also a second one; before anything else it is an
/// operator.
Result<Expression> ExpressionParser::parse_sign() {
  STATOR_TRY_VOID(count_operator());
  const Token sign = take();
  STATOR_TRY(auto operand, parse_term());
  if (operand.kind == Kind::kNumber) {
    if (sign.text == "-") {
      operand.text = operand.text.starts_with('-') ? operand.text.substr(1) : "-" + operand.text;
    }
    return operand;
  }
  Expression node = make(Kind::kOperator, sign);
  node.args.push_back(std::move(operand));
  return node;
}

Result<Expression> ExpressionParser::parse_parentheses() {
  take();
  STATOR_TRY(auto first, parse_expression());
  if (take_symbol(")")) return first;
  Expression list{Kind::kList};
  list.position = first.position;
  list.args.push_back(std::move(first));
  while (take_symbol(",")) {
    STATOR_TRY(auto next, parse_expression());
    list.args.push_back(std::move(next));
  }
  STATOR_TRY_VOID(expect_symbol(")", "RIGHT_PAREN"));
  return list;
}

Result<Expression> ExpressionParser::parse_sequence(Kind kind, std::string_view close,
                                                    std::string_view close_name) {
  Expression sequence = make(kind, take());
  if (take_symbol(close)) return sequence;
  do {
    STATOR_TRY(auto element, parse_expression());
    sequence.args.push_back(std::move(element));
  } while (take_symbol(","));
  STATOR_TRY_VOID(expect_symbol(close, close_name));
  return sequence;
}

Result<Expression> ExpressionParser::parse_tuple() {
  Expression tuple = make(Kind::kTuple, take());
  if (take_symbol("}")) return tuple;
  do {
    STATOR_TRY(auto name, parse_expression());
    STATOR_TRY_VOID(expect_symbol(":", "COLON"));
    STATOR_TRY(auto value, parse_expression());
    tuple.args.push_back(std::move(name));
    tuple.args.push_back(std::move(value));
  } while (take_symbol(","));
  STATOR_TRY_VOID(expect_symbol("}", "RIGHT_CURLY"));
  return tuple;
}

Result<Expression> ExpressionParser::parse_call() {
  STATOR_TRY_VOID(count_operator());
  Expression call = make(Kind::kCall, take());
  call.text = to_lower(call.text);
  if (call.text == "count" && is_symbol("*", 1)) {
    take();
    take();
    STATOR_TRY_VOID(expect_symbol(")", "RIGHT_PAREN"));
    return call;
  }
  STATOR_TRY(auto operands, parse_sequence(Kind::kList, ")", "RIGHT_PAREN"));
  call.args = std::move(operands.args);
  return call;
}

Result<Expression> ExpressionParser::parse_path() {
  if (peek().kind != Token::Kind::kIdentifier) {
    return not_well_formed("Expected identifier for simple path");
  }
  Expression path = make(Kind::kPath, take());
  if (path.text.empty()) return validation("Path component cannot be an empty string");
  path.path.push_back({path.text});
  STATOR_TRY_VOID(parse_steps(path));
  return path;
}

Result<void> ExpressionParser::parse_steps(Expression& path) {
  while (is_symbol(".") || is_symbol("[")) {
    if (path.path.size() >= kPathStepsMax) {
      return validation("Nesting Levels have exceeded supported limits");
    }
    if (take_symbol(".")) {
      STATOR_TRY_VOID(parse_dot_step(path));
    } else {
      STATOR_TRY_VOID(parse_bracket_step(path));
    }
  }
  return {};
}

Result<void> ExpressionParser::parse_dot_step(Expression& path) {
  if (take_symbol("*")) {
    path.kind = Kind::kWildcard;
    return {};
  }
  if (peek().kind != Token::Kind::kIdentifier) {
    return not_well_formed("Invalid path dot component");
  }
  const Token& name = take();
  if (name.text.empty()) return validation("Path component cannot be an empty string");
  path.path.push_back({name.text});
  return {};
}

Result<void> ExpressionParser::parse_bracket_step(Expression& path) {
  take();
  if (take_symbol("*")) {
    path.kind = Kind::kWildcard;
    return expect_symbol("]", "RIGHT_BRACKET");
  }
  STATOR_TRY(const auto step, parse_expression());
  STATOR_TRY_VOID(expect_symbol("]", "RIGHT_BRACKET"));
  if (step.kind == Kind::kString) {
    path.path.push_back({step.text});
    return {};
  }
  const bool is_whole =
      step.kind == Kind::kNumber && step.text.find_first_not_of("-0123456789") == std::string::npos;
  if (!is_whole) {
    refuse(validation("Unexpected path component" + at(step.position)));
    return {};
  }
  std::int32_t index = 0;
  const auto [end, error] =
      std::from_chars(step.text.data(), step.text.data() + step.text.size(), index);
  if (error != std::errc() || index < 0) {
    refuse(validation("List index is not within the allowable range; index: [" + step.text + "]" +
                      at(step.position)));
    return {};
  }
  path.path.push_back({"", static_cast<std::uint32_t>(index), true});
  return {};
}

}  // namespace stator::dynamodb::partiql
