#include <array>
#include <set>

#include "base/strings.hpp"
#include "dynamodb/expr/check.hpp"
#include "dynamodb/expr/parse_cache.hpp"
#include "dynamodb/expr/parser_base.hpp"

namespace stator::dynamodb::expr {

namespace {

struct Section {
  std::string_view keyword;
  Action::Kind kind;
};

constexpr std::array<Section, 4> kSections = {{{"SET", Action::Kind::kSet},
                                               {"REMOVE", Action::Kind::kRemove},
                                               {"ADD", Action::Kind::kAdd},
                                               {"DELETE", Action::Kind::kDelete}}};

class UpdateParser final : public ParserBase {
 public:
  explicit UpdateParser(std::string_view text) : ParserBase("UpdateExpression", text) {}

  std::optional<Update> parse() {
    Update update;
    do {
      if (!parse_section(update)) return std::nullopt;
    } while (!at_end());
    return update;
  }
  [[nodiscard]] std::string_view repeated_section() const { return repeated_section_; }

 protected:
  bool is_grammar_word(std::string_view word) const override {
    for (const Section& section : kSections) {
      if (equals_ignore_case(word, section.keyword)) return true;
    }
    return false;
  }

 private:
  bool parse_section(Update& update) {
    for (const Section& section : kSections) {
      if (!take_keyword(section.keyword)) continue;
      if (!seen_.insert(section.kind).second && repeated_section_.empty()) {
        repeated_section_ = section.keyword;
      }
      do {
        auto action = parse_action(section.kind);
        if (!action) return false;
        update.actions.push_back(std::move(*action));
      } while (take_symbol(","));
      return true;
    }
    syntax_error();
    return false;
  }

  std::optional<Action> parse_action(Action::Kind kind) {
    auto path = parse_path();
    if (!path) return std::nullopt;
    Action action{kind, std::move(*path)};
    if (kind == Action::Kind::kRemove) return action;
    std::optional<Node> operand;
    if (kind == Action::Kind::kSet) {
      if (!expect_symbol("=")) return std::nullopt;
      count_operator();
      operand = parse_set_value();
    } else if (peek().kind == Token::Kind::kValueRef) {
      operand = Node{Node::Kind::kValue, std::string(take().text)};
    } else {
      syntax_error();
    }
    if (!operand || has_failed()) return std::nullopt;
    action.operand = std::move(*operand);
    return action;
  }

  /// operand | operand + operand | operand - operand, in parentheses or not.
  std::optional<Node> parse_set_value() {
    if (!enter()) return std::nullopt;
    std::optional<Node> node;
    if (take_symbol("(")) {
      node = parse_set_value();
      if (node && !expect_symbol(")")) node.reset();
    } else {
      node = parse_operand();
    }
    leave();
    if (!node || node->kind == Node::Kind::kPlus || node->kind == Node::Kind::kMinus) return node;
    const bool is_plus = is_symbol("+");
    if (!is_plus && !is_symbol("-")) return node;
    take();
    count_operator();
    auto right = parse_operand();
    if (!right) return std::nullopt;
    Node sum{is_plus ? Node::Kind::kPlus : Node::Kind::kMinus, is_plus ? "+" : "-"};
    sum.args.push_back(std::move(*node));
    sum.args.push_back(std::move(*right));
    return sum;
  }

  std::set<Action::Kind> seen_;
  std::string_view repeated_section_;
};

class ProjectionParser final : public ParserBase {
 public:
  explicit ProjectionParser(std::string_view text) : ParserBase("ProjectionExpression", text) {}

  std::optional<Projection> parse() {
    Projection projection;
    do {
      auto path = parse_path();
      if (!path) return std::nullopt;
      projection.push_back(std::move(*path));
    } while (take_symbol(","));
    if (at_end()) return projection;
    syntax_error();
    return std::nullopt;
  }

 protected:
  bool is_grammar_word(std::string_view) const override { return false; }
};

struct ParsedUpdate {
  Update update;
  std::string_view repeated_section;  ///< a keyword of the grammar
};

constexpr std::string_view kUpdate = "UpdateExpression";
constexpr std::string_view kProjection = "ProjectionExpression";

}  // namespace

Result<Update> parse_update(std::string_view text, Placeholders& placeholders) {
  thread_local ParseCache<ParsedUpdate> cache;
  const ParsedUpdate* parsed = cache.find(text);
  if (parsed == nullptr) {
    UpdateParser parser(text);
    auto update = parser.error() ? std::nullopt : parser.parse();
    if (!update) return *parser.error();
    parsed = &cache.put(text, {std::move(*update), parser.repeated_section()});
  }
  Update update = parsed->update;
  STATOR_TRY_VOID(check_update(Wording(kUpdate), parsed->repeated_section, update, placeholders));
  return update;
}

Result<Projection> parse_projection(std::string_view text, Placeholders& placeholders) {
  thread_local ParseCache<Projection> cache;
  const Projection* parsed = cache.find(text);
  if (parsed == nullptr) {
    ProjectionParser parser(text);
    auto paths = parser.error() ? std::nullopt : parser.parse();
    if (!paths) return *parser.error();
    parsed = &cache.put(text, std::move(*paths));
  }
  Projection projection = *parsed;
  STATOR_TRY_VOID(check_projection(Wording(kProjection), projection, placeholders));
  return projection;
}

}  // namespace stator::dynamodb::expr
