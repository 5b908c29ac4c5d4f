#include "dynamodb/expr/parser_base.hpp"

#include <charconv>

#include "base/strings.hpp"
#include "dynamodb/errors.hpp"

namespace stator::dynamodb::expr {

std::string to_string(const Path& path) {
  std::string text = "[";
  for (const Step& step : path) {
    if (text.size() > 1) text.append(", ");
    text.append(step.is_index ? "[" + std::to_string(step.index) + "]" : step.name);
  }
  return text + "]";
}

ParserBase::ParserBase(std::string_view kind, std::string_view text) : wording_(kind), text_(text) {
  if (text.size() > kExpressionBytesMax) {
    fail("Expression size has exceeded the maximum allowed size; expression size: " +
         std::to_string(text.size()));
    text_ = {};
  }
  tokens_ = tokenize(text_);
  if (!has_failed() && at_end()) fail("The expression can not be empty;");
}

Error Wording::fail_with(std::string_view message) const {
  return validation("Invalid " + std::string(kind_) + ": " + std::string(message));
}

const Token& ParserBase::peek(std::size_t ahead) const {
  const std::size_t index = at_ + ahead;
  return index < tokens_.size() ? tokens_[index] : tokens_.back();
}

const Token& ParserBase::take() {
  const Token& token = peek();
  if (at_ + 1 < tokens_.size()) ++at_;
  return token;
}

bool ParserBase::is_symbol(std::string_view symbol) const {
  return peek().kind == Token::Kind::kSymbol && peek().text == symbol;
}

bool ParserBase::is_keyword(std::string_view keyword) const {
  return peek().kind == Token::Kind::kIdentifier && equals_ignore_case(peek().text, keyword);
}

bool ParserBase::take_symbol(std::string_view symbol) {
  if (!is_symbol(symbol)) return false;
  take();
  return true;
}

bool ParserBase::take_keyword(std::string_view keyword) {
  if (!is_keyword(keyword)) return false;
  take();
  return true;
}

bool ParserBase::expect_symbol(std::string_view symbol) {
  if (has_failed()) return false;
  if (take_symbol(symbol)) return true;
  syntax_error();
  return false;
}

/// AWS shows the token and its surroundings: from the token before it to the token after it.
void ParserBase::syntax_error() {
  const Token& token = peek();
  const std::size_t begin = at_ > 0 ? tokens_[at_ - 1].offset : token.offset;
  const Token& last = peek(1);
  const std::size_t end = last.kind == Token::Kind::kEnd && token.kind != Token::Kind::kEnd
                              ? token.offset + token.text.size()
                              : last.offset + last.text.size();
  std::string_view near = text_.substr(begin, end - begin);
  while (!near.empty() && (near.back() == ' ' || near.back() == '\n' || near.back() == '\t' ||
                           near.back() == '\r')) {
    near.remove_suffix(1);
  }
  const std::string_view shown = token.kind == Token::Kind::kEnd ? "<EOF>" : token.text;
  fail("Syntax error; token: \"" + std::string(shown) + "\", near: \"" + std::string(near) + "\"");
}

void ParserBase::fail(std::string_view message) {
  if (!error_) error_ = wording_.fail_with(message);
}

void ParserBase::count_operator() {
  if (++operators_ > kOperatorsMax) {
    fail("The expression contains too many operators; operator count: " +
         std::to_string(operators_));
  }
}

bool ParserBase::enter() {
  if (has_failed()) return false;
  if (depth_ >= kDepthMax) {
    fail("The expression is nested too deeply; levels: more than " + std::to_string(kDepthMax));
    return false;
  }
  ++depth_;
  return true;
}

std::optional<Step> ParserBase::parse_name_step() {
  const Token& token = peek();
  const bool is_name = token.kind == Token::Kind::kNameRef ||
                       (token.kind == Token::Kind::kIdentifier && !is_grammar_word(token.text));
  if (!is_name) {
    syntax_error();
    return std::nullopt;
  }
  take();
  return Step{std::string(token.text)};
}

std::optional<Step> ParserBase::parse_index_step() {
  const Token& token = peek();
  if (token.kind != Token::Kind::kNumber) {
    syntax_error();
    return std::nullopt;
  }
  Step step;
  step.is_index = true;
  const auto* end = token.text.data() + token.text.size();
  const auto [at, failure] = std::from_chars(token.text.data(), end, step.index);
  if (failure != std::errc() || at != end) {
    fail("List index is not within the allowable range; index: [" + std::string(token.text) + "]");
    return std::nullopt;
  }
  take();
  if (!expect_symbol("]")) return std::nullopt;
  return step;
}

std::optional<Path> ParserBase::parse_path() {
  if (has_failed()) return std::nullopt;
  Path path;
  auto head = parse_name_step();
  if (!head) return std::nullopt;
  path.push_back(std::move(*head));
  while (is_symbol(".") || is_symbol("[")) {
    auto step = take().text == "." ? parse_name_step() : parse_index_step();
    if (!step) return std::nullopt;
    path.push_back(std::move(*step));
  }
  if (path.size() > kPathStepsMax) {
    fail("The document path has too many nesting elements; nesting levels: " +
         std::to_string(path.size()));
    return std::nullopt;
  }
  return path;
}

std::optional<Node> ParserBase::parse_function() {
  Node node{Node::Kind::kFunction, std::string(take().text)};
  take();  // the parenthesis that made it a function
  count_operator();
  do {
    auto argument = parse_operand();
    if (!argument) return std::nullopt;
    node.args.push_back(std::move(*argument));
  } while (take_symbol(","));
  if (!expect_symbol(")")) return std::nullopt;
  return node;
}

std::optional<Node> ParserBase::parse_operand() {
  if (!enter()) return std::nullopt;
  std::optional<Node> node;
  if (take_symbol("(")) {
    node = parse_operand();
    if (node && !expect_symbol(")")) node.reset();
    if (node) {
      if (node->is_parenthesized) note_redundant_parentheses();
      node->is_parenthesized = true;
    }
  } else if (peek().kind == Token::Kind::kValueRef) {
    node = Node{Node::Kind::kValue, std::string(take().text)};
  } else if (peek().kind == Token::Kind::kIdentifier && !is_grammar_word(peek().text) &&
             peek(1).text == "(") {
    node = parse_function();
  } else if (auto path = parse_path()) {
    node = Node{Node::Kind::kPath, {}, std::move(*path)};
  }
  leave();
  return has_failed() ? std::nullopt : std::move(node);
}

}  // namespace stator::dynamodb::expr
