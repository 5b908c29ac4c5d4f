#include <array>

#include "base/strings.hpp"
#include "dynamodb/expr/check.hpp"
#include "dynamodb/expr/parse_cache.hpp"
#include "dynamodb/expr/parser_base.hpp"

namespace stator::dynamodb::expr {

namespace {

/// or := and (OR and)* ; and := not (AND not)* ; not := NOT not | primary
/// primary := '(' or ')' | operand ; either may be compared: primary = operand, BETWEEN, IN.
///
/// A parenthesis may open a condition or an operand; both are read by one rule, and what came out
/// decides what may follow.
class ConditionParser final : public ParserBase {
 public:
  using ParserBase::has_redundant_parentheses;
  using ParserBase::ParserBase;

  std::optional<Node> parse() {
    auto node = parse_logical(Node::Kind::kOr);
    if (node && !at_end()) syntax_error();
    if (node) require_condition(*node);
    return has_failed() ? std::nullopt : std::move(node);
  }

 protected:
  bool is_grammar_word(std::string_view word) const override {
    constexpr std::array<std::string_view, 5> kWords = {"AND", "OR", "NOT", "BETWEEN", "IN"};
    for (const std::string_view reserved : kWords) {
      if (equals_ignore_case(word, reserved)) return true;
    }
    return false;
  }

 private:
  static constexpr std::size_t kInOperandsMax = 100;

  /// A path or value alone is no condition: what should follow it is missing here.
  void require_condition(const Node& node) {
    if (node.is_operand() && node.kind != Node::Kind::kFunction) syntax_error();
  }

  std::optional<Node> parse_logical(Node::Kind kind) {
    const bool is_or = kind == Node::Kind::kOr;
    const auto parse_next = [&] { return is_or ? parse_logical(Node::Kind::kAnd) : parse_not(); };
    auto first = parse_next();
    if (!first || !is_keyword(is_or ? "OR" : "AND")) return first;
    Node node{kind, is_or ? "OR" : "AND"};
    require_condition(*first);
    node.args.push_back(std::move(*first));
    while (!has_failed() && take_keyword(node.text)) {
      count_operator();
      auto next = parse_next();
      if (!next) return std::nullopt;
      require_condition(*next);
      node.args.push_back(std::move(*next));
    }
    return has_failed() ? std::nullopt : std::optional(std::move(node));
  }

  std::optional<Node> parse_not() {
    if (!is_keyword("NOT")) return parse_primary();
    if (!enter()) return std::nullopt;
    take();
    count_operator();
    auto inner = parse_not();
    leave();
    if (!inner) return std::nullopt;
    require_condition(*inner);
    Node node{Node::Kind::kNot, "NOT"};
    node.args.push_back(std::move(*inner));
    return node;
  }

  std::optional<Node> parse_primary() {
    auto node = is_symbol("(") ? parse_parentheses() : parse_operand();
    if (!node || !node->is_operand()) return node;
    return parse_comparison(std::move(*node));
  }

  std::optional<Node> parse_parentheses() {
    if (!enter()) return std::nullopt;
    take();
    auto node = parse_logical(Node::Kind::kOr);
    leave();
    if (!node || !expect_symbol(")")) return std::nullopt;
    if (node->is_parenthesized) note_redundant_parentheses();
    node->is_parenthesized = true;
    return node;
  }

  std::optional<Node> parse_comparison(Node left) {
    if (is_keyword("BETWEEN")) return parse_between(std::move(left));
    if (is_keyword("IN")) return parse_in(std::move(left));
    for (const std::string_view comparator : {"=", "<>", "<=", ">=", "<", ">"}) {
      if (!take_symbol(comparator)) continue;
      count_operator();
      auto right = parse_operand();
      if (!right) return std::nullopt;
      Node node{Node::Kind::kCompare, std::string(comparator)};
      node.args.push_back(std::move(left));
      node.args.push_back(std::move(*right));
      return node;
    }
    return left;
  }

  std::optional<Node> parse_between(Node subject) {
    take();
    count_operator();
    Node node{Node::Kind::kBetween, "BETWEEN"};
    node.args.push_back(std::move(subject));
    auto low = parse_operand();
    if (!low) return std::nullopt;
    if (!take_keyword("AND")) {
      syntax_error();
      return std::nullopt;
    }
    auto high = parse_operand();
    if (!high) return std::nullopt;
    node.args.push_back(std::move(*low));
    node.args.push_back(std::move(*high));
    return node;
  }

  std::optional<Node> parse_in(Node subject) {
    take();
    count_operator();
    Node node{Node::Kind::kIn, "IN"};
    node.args.push_back(std::move(subject));
    if (!expect_symbol("(")) return std::nullopt;
    do {
      auto candidate = parse_operand();
      if (!candidate) return std::nullopt;
      node.args.push_back(std::move(*candidate));
    } while (take_symbol(","));
    if (!expect_symbol(")")) return std::nullopt;
    if (node.args.size() - 1 > kInOperandsMax) {
      fail(
          "Too many operands for operator or function; operator or function: IN, number of "
          "operands: " +
          std::to_string(node.args.size() - 1));
      return std::nullopt;
    }
    return node;
  }
};

struct ParsedCondition {
  Node node;
  bool has_redundant_parentheses = false;
};

}  // namespace

Result<Node> parse_condition(std::string_view kind, std::string_view text,
                             Placeholders& placeholders) {
  thread_local ParseCache<ParsedCondition> cache;
  const ParsedCondition* parsed = cache.find(text);
  if (parsed == nullptr) {
    ConditionParser parser(kind, text);
    auto node = parser.error() ? std::nullopt : parser.parse();
    if (!node) return *parser.error();
    parsed = &cache.put(text, {std::move(*node), parser.has_redundant_parentheses()});
  }
  Node node = parsed->node;
  STATOR_TRY_VOID(
      check_condition(Wording(kind), parsed->has_redundant_parentheses, node, placeholders));
  return node;
}

}  // namespace stator::dynamodb::expr
