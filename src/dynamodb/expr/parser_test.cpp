#include "dynamodb/expr/parser.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "dynamodb/expr/reserved_words.hpp"
#include "dynamodb/expr/token.hpp"

namespace stator::dynamodb::expr {
namespace {

const Names kNames = {{"#a", "a"}, {"#b", "b"}, {"#dot", "x.y"}};

Map values() {
  Map map;
  map.set(":s", Value("text"));
  map.set(":z", Value("zoo"));
  map.set(":n", Number::from_integer(5));
  map.set(":m", Number::from_integer(9));
  map.set(":l", List{{Value("x")}});
  map.set(":t", true);
  map.set(":ss", StringSet{{"a"}});
  map.set(":ns", NumberSet{{Number::from_integer(1)}});
  map.set(":type", Value("S"));
  return map;
}

std::string text_of(const Result<void>& result) {
  return result ? "" : result.error().message;
}

std::string condition_error(const std::string& text) {
  const Map map = values();
  Placeholders placeholders(kNames, map);
  const auto node = parse_condition("ConditionExpression", text, placeholders);
  return node ? "" : node.error().message;
}

std::string update_error(const std::string& text) {
  const Map map = values();
  Placeholders placeholders(kNames, map);
  const auto update = parse_update(text, placeholders);
  return update ? "" : update.error().message;
}

std::string projection_error(const std::string& text) {
  const Map map = values();
  Placeholders placeholders(kNames, map);
  const auto projection = parse_projection(text, placeholders);
  return projection ? "" : projection.error().message;
}

TEST(ConditionParser, ReadsTheWholeGrammar) {
  for (const std::string text : {
           "a = :s",
           "a<>:s",
           "#a.b[0].#dot >= :n",
           ":n < a",
           "a = b",
           "attribute_exists(a)",
           "attribute_not_exists(a.b[3])",
           "attribute_type(a, :type)",
           "begins_with(a, :s)",
           "contains(a, :s)",
           "size(a) > :n",
           "size(a) BETWEEN :n and :m",
           "a between :n AND :m AND b = :s",
           "a IN (:s)",
           "a in (:s, :n, b)",
           "NOT a = :s",
           "not (a = :s or b = :s) and #b <> :n",
           "NOT NOT a = :s",
           "(a = :s)",
           "(a) = (:s)",
           "(a = :s) AND (b = :s)",
           "a=:s AND b=:s OR a=:n",
           " \t\r\n a = :s \n",
       }) {
    EXPECT_EQ(condition_error(text), "") << text;
  }
}

TEST(ConditionParser, ShowsTheTokenAndItsSurroundings) {
  struct Case {
    std::string text, token, near;
  };
  for (const Case& c : {
           Case{"a", "<EOF>", "a"},
           Case{"a =", "<EOF>", "="},
           Case{"a = :s AND", "<EOF>", "AND"},
           Case{"a = = :s", "=", "= = :s"},
           Case{"a :s", ":s", "a :s"},
           Case{"a = :s b", "b", ":s b"},
           Case{"a = :s)", ")", ":s)"},
           Case{"(a = :s", "<EOF>", ":s"},
           Case{"a.0 = :s", "0", ".0 ="},
           Case{"a[b] = :s", "b", "[b]"},
           Case{"a[1 = :s", "=", "1 = :s"},
           Case{"!!", "!", "!!"},
           Case{"_hidden = :s", "_", "_hidden"},
           Case{"a = 5", "5", "= 5"},
           Case{"a = 'x'", "'", "= 'x"},
           Case{"a AND b = :s", "AND", "a AND b"},
           Case{"a = (b = :s)", "=", "b = :s"},
           Case{"a BETWEEN :n OR :m", "OR", ":n OR :m"},
           Case{"a IN :s", ":s", "IN :s"},
           Case{"a IN ()", ")", "()"},
           Case{"AND", "AND", "AND"},
           Case{"attribute_exists()", ")", "()"},
           Case{"a # b", "#", "a # b"},
           Case{"a = :", ":", "= :"},
       }) {
    EXPECT_EQ(condition_error(c.text), "Invalid ConditionExpression: Syntax error; token: \"" +
                                           c.token + "\", near: \"" + c.near + "\"")
        << c.text;
  }
}

TEST(ConditionParser, RefusesInTheWordsOfAws) {
  const std::string wrong = "Incorrect operand type for operator or function; operator or function";
  const std::pair<std::string, std::string> cases[] = {
      {"", "The expression can not be empty;"},
      {"   ", "The expression can not be empty;"},
      {"((a = :s))", "The expression has redundant parentheses;"},
      {"((a)) = :s", "The expression has redundant parentheses;"},
      {"name = :s", "Attribute name is a reserved keyword; reserved keyword: name"},
      {"a.Status = :s", "Attribute name is a reserved keyword; reserved keyword: Status"},
      {"#x = :s",
       "An expression attribute name used in the document path is not defined; attribute name: #x"},
      {"a = :x",
       "An expression attribute value used in expression is not defined; attribute value: :x"},
      {"foo(a)", "Invalid function name; function: foo"},
      {"Attribute_exists(a)", "Invalid function name; function: Attribute_exists"},
      {"if_not_exists(a, :s) = :s", "Invalid function name; function: if_not_exists"},
      {"size(a)",
       "The function is not allowed to be used this way in an expression; function: size"},
      {"contains(a, :s) = :t",
       "The function is not allowed to be used this way in an expression; function: contains"},
      {"attribute_exists(begins_with(a, :s))",
       "The function is not allowed to be used this way in an expression; function: begins_with"},
      {"begins_with(a)",
       "Incorrect number of operands for operator or function; operator or function: begins_with, "
       "number of operands: 1"},
      {"attribute_exists(a, b)",
       "Incorrect number of operands for operator or function; operator or function: "
       "attribute_exists, number of operands: 2"},
      {"attribute_exists(:s)",
       "Operator or function requires a document path; operator or function: attribute_exists"},
      {"begins_with(a, :n)", wrong + ": begins_with, operand type: N"},
      {"attribute_type(a, :n)", wrong + ": attribute_type, operand type: N"},
      {"attribute_type(a, b)",
       wrong + ": attribute_type, operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}"},
      {"attribute_type(a, :s)",
       "Invalid attribute type name found; type: text, valid types: "
       "{B,NULL,SS,BOOL,L,BS,N,NS,S,M}"},
      {"size(:n) = :n", wrong + ": size, operand type: N"},
      {"a < :l", wrong + ": <, operand type: L"},
      {"a BETWEEN :t AND :t", wrong + ": BETWEEN, operand type: BOOL"},
      {"a = a",
       "The first operand must be distinct from the remaining operands for this operator or "
       "function; operator: =, first operand: [a]"},
      {"a.b[1] < #a.b[1]",
       "The first operand must be distinct from the remaining operands for this operator or "
       "function; operator: <, first operand: [a, b, [1]]"},
      {"a BETWEEN :z AND :s",
       "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
       "lower bound operand: AttributeValue: {S:zoo}, upper bound operand: AttributeValue: "
       "{S:text}"},
      {"a BETWEEN :s AND :n",
       "The BETWEEN operator requires same data type for lower and upper bounds; lower bound "
       "operand: AttributeValue: {S:text}, upper bound operand: AttributeValue: {N:5}"},
      {"a[99999999999999999999] = :s",
       "List index is not within the allowable range; index: [99999999999999999999]"},
  };
  for (const auto& [text, message] : cases) {
    EXPECT_EQ(condition_error(text), "Invalid ConditionExpression: " + message) << text;
  }
}

TEST(ConditionParser, ReportsFaultsInTheOrderOfAws) {
  // Syntax anywhere, parentheses, functions, reserved words, then what is not defined.
  EXPECT_EQ(condition_error("foo(#x) AND name = "),
            "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"=\"");
  EXPECT_EQ(condition_error("name = :x AND foo(#x) AND ((a = :s))"),
            "Invalid ConditionExpression: The expression has redundant parentheses;");
  EXPECT_EQ(condition_error("name = :x AND foo(#x)"),
            "Invalid ConditionExpression: Invalid function name; function: foo");
  EXPECT_EQ(condition_error("#x = :x AND name = :s"),
            "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: "
            "name");
}

TEST(ConditionParser, BoundsSizeOperatorsAndDepth) {
  EXPECT_EQ(condition_error(std::string(4'097, 'a')),
            "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; "
            "expression size: 4097");
  std::string many = "a=:s";
  for (int i = 0; i < 149; ++i) many += " OR a=:s";
  EXPECT_EQ(condition_error(many), "");
  EXPECT_EQ(condition_error(many + " OR a=:s"),
            "Invalid ConditionExpression: The expression contains too many operators; operator "
            "count: 301");
  const std::string deep = std::string(2'000, '(') + "a=:s" + std::string(2'000, ')');
  EXPECT_TRUE(condition_error(deep).starts_with("Invalid ConditionExpression: "));
  std::string nots;
  for (int i = 0; i < 200; ++i) nots += "NOT ";
  EXPECT_TRUE(condition_error(nots + "a=:s").starts_with("Invalid ConditionExpression: "));
  std::string path = "a";
  for (int i = 0; i < 32; ++i) path += ".b";
  EXPECT_EQ(condition_error(path + " = :s"),
            "Invalid ConditionExpression: The document path has too many nesting elements; nesting "
            "levels: 33");
}

TEST(UpdateParser, ReadsTheWholeGrammar) {
  for (const std::string text : {
           "SET a = :s",
           "set a = :s, b = :n remove c.d, e[0] ADD f :n DELETE g :ss",
           "SET a = b + :n",
           "SET a = :n - b",
           "SET a = (b + :n)",
           "SET a = (b) - (:n)",
           "SET a = if_not_exists(a, :n) + :n",
           "SET a = list_append(if_not_exists(a, :l), :l)",
           "SET a = if_not_exists(b, c)",
           "SET #a.#b[2].#dot = :s",
           "SET a.b = :s, a.c = :s, a.d[0] = :s, a.d[1] = :s",
           "ADD a :ns",
           "REMOVE a",
       }) {
    EXPECT_EQ(update_error(text), "") << text;
  }
}

TEST(UpdateParser, RefusesInTheWordsOfAws) {
  const std::string overlap =
      " with each other; must remove or rewrite one of these paths; path one: ";
  const std::pair<std::string, std::string> cases[] = {
      {"", "The expression can not be empty;"},
      {"SET", "Syntax error; token: \"<EOF>\", near: \"SET\""},
      {"SET a", "Syntax error; token: \"<EOF>\", near: \"a\""},
      {"a = :s", "Syntax error; token: \"a\", near: \"a =\""},
      {"SET a = :s,", "Syntax error; token: \"<EOF>\", near: \",\""},
      {"SET a = b + c + :n", "Syntax error; token: \"+\", near: \"c + :n\""},
      {"SET data-id = :s", "Syntax error; token: \"-\", near: \"data-id\""},
      {"ADD a b", "Syntax error; token: \"b\", near: \"a b\""},
      {"REMOVE a = :s", "Syntax error; token: \"=\", near: \"a = :s\""},
      {"SET set = :s", "Syntax error; token: \"set\", near: \"SET set =\""},
      {"SET a = :s SET b = :s",
       "The \"SET\" section can only be used once in an update expression;"},
      {"SET year = :s", "Attribute name is a reserved keyword; reserved keyword: year"},
      {"SET a = foo(b)", "Invalid function name; function: foo"},
      {"SET a = size(b)", "The function is not allowed in an update expression; function: size"},
      {"SET #x = :s",
       "An expression attribute name used in the document path is not defined; attribute name: #x"},
      {"SET a = :x",
       "An expression attribute value used in expression is not defined; attribute value: :x"},
      {"SET a = :s, a = :s", "Two document paths overlap" + overlap + "[a], path two: [a]"},
      {"SET a.b = :s REMOVE #a", "Two document paths overlap" + overlap + "[a, b], path two: [a]"},
      {"SET a.b = :s, a[0] = :s",
       "Two document paths conflict" + overlap + "[a, b], path two: [a, [0]]"},
      {"SET a = if_not_exists(:s, :s)",
       "Operator or function requires a document path; operator or function: if_not_exists"},
      {"SET a = if_not_exists(b)",
       "Incorrect number of operands for operator or function; operator or function: "
       "if_not_exists, number of operands: 1"},
      {"SET a = list_append(b, :s)",
       "Incorrect operand type for operator or function; operator or function: list_append, "
       "operand type: S"},
      {"SET a = b + :s",
       "Incorrect operand type for operator or function; operator or function: +, operand type: S"},
      {"ADD a :s",
       "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, "
       "typeSet: ALLOWED_FOR_ADD_OPERAND"},
      {"DELETE a :n",
       "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, "
       "typeSet: ALLOWED_FOR_DELETE_OPERAND"},
  };
  for (const auto& [text, message] : cases) {
    EXPECT_EQ(update_error(text), "Invalid UpdateExpression: " + message) << text;
  }
}

TEST(ProjectionParser, ReadsPathsAndRefusesTheRest) {
  EXPECT_EQ(projection_error("a, #b.c[0], d"), "");
  const std::pair<std::string, std::string> cases[] = {
      {"", "The expression can not be empty;"},
      {"a,", "Syntax error; token: \"<EOF>\", near: \",\""},
      {"a b", "Syntax error; token: \"b\", near: \"a b\""},
      {"!!", "Syntax error; token: \"!\", near: \"!!\""},
      {"a, name", "Attribute name is a reserved keyword; reserved keyword: name"},
      {"#x",
       "An expression attribute name used in the document path is not defined; attribute name: #x"},
      {"a, a.b",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; "
       "path one: [a], path two: [a, b]"},
  };
  for (const auto& [text, message] : cases) {
    EXPECT_EQ(projection_error(text), "Invalid ProjectionExpression: " + message) << text;
  }
}

TEST(Placeholders, MustAllBeUsedBySomeExpression) {
  const Names names;
  const Map map = values();
  Placeholders placeholders(names, map);
  ASSERT_TRUE(
      parse_condition("ConditionExpression", "a IN (:s, :z, :n, :m, :l, :t, :ss)", placeholders));
  EXPECT_EQ(
      text_of(placeholders.check_all_used()),
      "Value provided in ExpressionAttributeValues unused in expressions: keys: {:ns, :type}");
}

TEST(ReservedWords, IgnoreCase) {
  EXPECT_TRUE(is_reserved("ABORT"));
  EXPECT_TRUE(is_reserved("zone"));
  EXPECT_TRUE(is_reserved("LocalTimestamp"));
  EXPECT_FALSE(is_reserved("id"));
  EXPECT_FALSE(is_reserved(""));
  EXPECT_FALSE(is_reserved("#name"));
}

RC_GTEST_PROP(ParserProperty, AnyTextIsReadOrRefused, ()) {
  const auto piece = rc::gen::element<std::string>(
      "a", "#a", ":s", ":n", "(", ")", "[", "]", "0", ".", ",", "=", "<", ">", "<>", "+", "-",
      "AND", "OR", "NOT", "IN", "BETWEEN", "SET", "REMOVE", "ADD", "DELETE", "size", "contains",
      "if_not_exists", "!", " ", "\xc3\xa9");
  std::string text;
  for (const auto& part : *rc::gen::container<std::vector<std::string>>(piece)) text += part + " ";
  const auto is_worded = [](const std::string& error, const std::string& kind) {
    return error.empty() || error.starts_with("Invalid " + kind + ": ");
  };
  RC_ASSERT(is_worded(condition_error(text), "ConditionExpression"));
  RC_ASSERT(is_worded(update_error(text), "UpdateExpression"));
  RC_ASSERT(is_worded(projection_error(text), "ProjectionExpression"));
}

RC_GTEST_PROP(TokenProperty, TokensCoverEverythingButSpace, ()) {
  const std::string text = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  std::string joined;
  for (const Token& token : tokenize(text)) joined += token.text;
  std::string solid = text;
  std::erase_if(solid, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  RC_ASSERT(joined == solid);
}

}  // namespace
}  // namespace stator::dynamodb::expr
