#include "dynamodb/partiql/parser.hpp"

#include <gtest/gtest.h>

namespace stator::dynamodb::partiql {
namespace {

std::string error_of(std::string_view text) {
  const auto statement = parse_statement(text);
  if (!statement) return statement.error().message;
  return statement->refusal ? statement->refusal->message : "";
}

TEST(PartiqlParser, RefusesWhatIsNotWellFormed) {
  const std::string leftover = "Unexpected token after expression";
  const std::vector<std::pair<std::string_view, std::string>> cases = {
      {"SELECT * FROM tab WHERE pk = 1 foo", leftover},
      {"SELECT * FROM tab WHERE pk = 1)", leftover},
      {"SELECT * FROM tab ORDER BY pk WHERE pk = 1", leftover},
      {"DELETE FROM tab WHERE pk = 1 ORDER BY pk", leftover},
      {"INSERT INTO tab VALUE {'pk': 1} foo", leftover},
      {"INSERT INTO tab t VALUE {'pk': 1}", leftover},
      {"FROM tab SET c = 1 WHERE pk = 1", leftover},
      {"SELECT * FROM tab WHERE pk = 1e2147483648", ""},
      {"SELECT * FROM tab WHERE pk = 1.5e-2147483647", ""},
      {"SELECT * FROM tab WHERE pk = 1 # note", ""},
      {"SELECT * FROM tab WHERE pk = 1 /* note", ""},
      {"SELECT * FROM tab WHERE pk = 'open", ""},
      {"SELECT * FROM tab WHERE pk = 1e", ""},
      {"SELECT * FROM tab WHERE", "Unexpected term"},
      {"SELECT * FROM tab WHERE;", "Unexpected term"},
      {"SELECT * FROM tab WHERE NOT", "Unexpected term"},
      {"SELECT * FROM tab WHERE (", "Unexpected term"},
      {"SELECT * FROM", "Unexpected term"},
      {"UPDATE tab SET a = 1 WHERE", "Unexpected term"},
      {"SELECT * FROM tab WHERE pk = 1 AND",
       "Missing right-hand side expression of infix operator"},
      {"SELECT * FROM tab WHERE ORDER BY pk", "Unexpected keyword"},
      {"SELECT * FROM tab WHERE IS NULL", "Unexpected operator"},
      {"SELECT * FROM tab WHERE pk = LIKE", "Unexpected operator"},
      {"SELECT * FROM tab WHERE pk IS FOO", "Expected type name"},
      {"SELECT a.order FROM tab", "Invalid path dot component"},
      {"SELECT value FROM tab", "Unexpected keyword"},
      {"DELETE FROM", "Expected identifier for simple path"},
      {"DELETE FROM WHERE pk = 'a'", "Expected identifier for simple path"},
      {"UPDATE my-tab SET a = 1", "Expected data manipulation"},
      {"UPDATE tab WHERE pk = 1", "Expected data manipulation"},
      {"SLECT * FROM tab", "Expected data manipulation"},
      {"", "Expected data manipulation"},
  };
  for (const auto& [text, detail] : cases) {
    EXPECT_EQ(error_of(text), "Statement wasn't well formed, can't be processed: " + detail)
        << text;
  }
}

TEST(PartiqlParser, RefusesWhatDynamodbLeavesOut) {
  const std::vector<std::pair<std::string_view, std::string>> cases = {
      {"SELECT * FROM tab t", "Aliasing is not supported"},
      {"SELECT * FROM tab AS t", "Aliasing is not supported"},
      {"UPDATE tab t SET a = 3 WHERE pk = 'x'", "Aliasing is not supported"},
      {"DELETE FROM tab t WHERE pk = 'x'", "Aliasing is not supported"},
      {"SELECT VALUE n FROM tab", "Select projection doesn't support value or pivot keywords"},
      {"SELECT DISTINCT n FROM tab", "Unsupported token in expression: DISTINCT"},
      {"SELECT * FROM tab, tub", "Only select from a single table or index is supported."},
      {"SELECT * FROM tab JOIN tub ON a = b",
       "Only select from a single table or index is supported."},
      {"SELECT * FROM (SELECT * FROM tab)", "Unsupported token in expression: SELECT at 1:16:6"},
      {"SELECT * FROM ?", "Unexpected from source"},
      {"SELECT * FROM \"a\".\"b\".\"c\"",
       "A path may contain at most 2 components in the FROM clause"},
      {"SELECT * FROM tab GROUP BY id", "Unsupported clause: GROUP BY"},
      {"SELECT * FROM \"no\"",
       "Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', "
       "'-', '_', '.'."},
      {"INSERT INTO tab << {'id':'q1'} >>", "Unsupported operation: InsertOp"},
      {"DROP TABLE tab", "Unsupported operation: DropTable"},
      {"CREATE TABLE tab", "Unsupported operation: CreateTable"},
      {"x IS INT4", "Unsupported operation: IsType"},
      {"x IS DOUBLE PRECISION", "Unsupported operation: IsType"},
      {"x IS CHARACTER VARYING", "Unsupported operation: IsType"},
      {"hello", "Unsupported operation: VariableReference"},
      {"''", "Unsupported operation: Literal"},
      {"UPDATE tab SET a = 1 WHERE pk = 1 RETURNING ALL OLD *, ALL NEW *",
       "Invalid syntax with multiple returning elements in RETURNING clause"},
      {"UPDATE tab SET a = 1 WHERE pk = 1 RETURNING ALL NEW n",
       "Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause"},
  };
  for (const auto& [text, message] : cases) EXPECT_EQ(error_of(text), message) << text;
}

TEST(PartiqlParser, BoundsDepth) {
  const auto nested = [](std::size_t depth) {
    return "SELECT * FROM tab WHERE " + std::string(depth, '(') + "a = 1" + std::string(depth, ')');
  };
  EXPECT_EQ(error_of(nested(90)), "");
  EXPECT_EQ(error_of(nested(4'000)), "Nesting Levels have exceeded supported limits");
  std::string nots = "SELECT * FROM tab WHERE ";
  for (int i = 0; i < 1'000; ++i) nots += "NOT ";
  EXPECT_NE(error_of(nots + "a = 1"), "");
  std::string signs = "SELECT * FROM tab WHERE a = ";
  for (int i = 0; i < 1'000; ++i) signs += "- ";
  EXPECT_NE(error_of(signs + "1"), "");
}

TEST(PartiqlParser, CountsParametersAndPositions) {
  const auto statement = parse_statement(
      "UPDATE tab\n  SET \"a\" = ? -- \xc3\xa4 ?\n REMOVE b.c[1]\nWHERE pk = ? AND x = '?' "
      "RETURNING MODIFIED NEW *;");
  ASSERT_TRUE(statement) << statement.error().message;
  EXPECT_EQ(statement->parameters, 2u);
  ASSERT_EQ(statement->assignments.size(), 2u);
  EXPECT_EQ(statement->assignments[0].value->position.line, 2u);
  EXPECT_EQ(statement->assignments[0].value->position.column, 13u);
  EXPECT_EQ(to_string(statement->assignments[1].target), "[b, c, [1]]");
  EXPECT_EQ(to_string(*statement->returning), "MODIFIED NEW *");
  EXPECT_EQ(error_of("SELECT '\xc3\xa4\xc3\xb6' FROM tab"), "");
  const auto columns = parse_statement("SELECT '\xc3\xa4\xc3\xb6', 1 FROM tab");
  ASSERT_TRUE(columns);
  EXPECT_EQ(columns->columns[0].position.length, 4u);
  EXPECT_EQ(columns->columns[1].position.column, 14u);
}

}  // namespace
}  // namespace stator::dynamodb::partiql
