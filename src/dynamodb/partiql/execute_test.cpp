#include <gtest/gtest.h>

#include <algorithm>

#include "dynamodb/json_writer.hpp"
#include "dynamodb/test_support.hpp"

namespace stator::dynamodb {
namespace {

/// What statements answer, on a table "simple" (id) and a table "comp" (id, sk: a number).
class Statements : public ::testing::Test {
 protected:
  void SetUp() override {
    harness_.make_table("simple");
    harness_.make_table("comp", "N");
    for (const std::string id : {"0", "1", "2"}) {
      harness_.put("simple", R"({"id":{"S":")" + id + R"("},"n":{"N":")" + id +
                                 R"("},"s":{"S":"text"},"nul":{"NULL":true},"yes":{"BOOL":true},)" +
                                 R"("m":{"M":{"a":{"N":"1"},"b":{"L":[{"S":"x"},{"N":"2"}]}}},)" +
                                 R"("l":{"L":[{"N":"1"},{"S":"two"}]},"ss":{"SS":["p","q"]}})");
      for (const std::string sk : {"0", "1", "2", "3"}) {
        harness_.put("comp", R"({"id":{"S":")" + id + R"("},"sk":{"N":")" + sk +
                                 R"("},"v":{"N":")" + id + sk + R"("}})");
      }
    }
  }

  std::string run(std::string_view statement, const std::string& more = "") {
    std::string body = "{\"Statement\":";
    append_json_string(body, statement);
    return harness_.run("ExecuteStatement", body + more + "}");
  }

  /// The values of the single column of a SELECT, between commas; or the error's message.
  std::string column(std::string_view statement, const std::string& more = "") {
    std::string answer = run(statement, more);
    answer.resize(std::min(answer.size(), answer.find("],\"NextToken")));
    if (!answer.starts_with("{\"Items\":")) {
      return answer.starts_with(kInvalid) ? answer.substr(kInvalid.size()) : answer;
    }
    std::string values;
    for (std::size_t at = 0; (at = answer.find("\":\"", at)) != std::string::npos;) {
      at += 3;
      if (!values.empty()) values.push_back(',');
      values += answer.substr(at, answer.find('"', at) - at);
    }
    return values;
  }

  std::string message(std::string_view statement, const std::string& more = "") {
    const std::string answer = run(statement, more);
    return answer.starts_with(kInvalid) ? answer.substr(kInvalid.size()) : answer;
  }

  static constexpr std::string_view kInvalid = "ValidationException: ";
  testing::Harness harness_;
};

struct Case {
  std::string statement;
  std::string expected;
};

TEST_F(Statements, Select) {
  const std::vector<Case> cases = {
      {"SELECT n FROM simple WHERE id='1'", "1"},
      {"select n from \"simple\" where \"id\" = '1'", "1"},
      {"SELECT n FROM simple WHERE id='nope'", ""},
      {"SELECT m.a FROM simple WHERE id='1'", "1"},
      {"SELECT m.b[1] FROM simple WHERE id='1'", "2"},
      {"SELECT m['a'] FROM simple WHERE id='1'", "1"},
      {"SELECT sk FROM comp WHERE id='1'", "0,1,2,3"},
      {"SELECT sk FROM comp WHERE id='1' ORDER BY sk DESC", "3,2,1,0"},
      {"SELECT sk FROM comp WHERE id='1' AND sk > 1", "2,3"},
      {"SELECT sk FROM comp WHERE id='1' AND 1 < sk", "2,3"},
      {"SELECT sk FROM comp WHERE id='1' AND sk > 0 AND sk < 3", "1,2"},
      {"SELECT sk FROM comp WHERE id='1' AND sk BETWEEN 1 AND 2", "1,2"},
      {"SELECT sk FROM comp WHERE id='1' AND sk IN [3, 1]", "1,3"},
      {"SELECT sk FROM comp WHERE id='1' AND (sk = 2 OR sk = 0)", "0,2"},
      {"SELECT sk FROM comp WHERE id='1' AND NOT sk = 1", "0,2,3"},
      {"SELECT sk FROM comp WHERE id='1' AND sk <> 1", "0,2,3"},
      {"SELECT sk FROM comp WHERE id='1' AND v = 12", "2"},
      {"SELECT sk FROM comp WHERE id='1' AND id='1' AND sk=2", "2"},
      {"SELECT sk FROM comp WHERE id='1' AND id='2'", ""},
      {"SELECT v FROM comp WHERE id IN ['2','0'] AND sk = 1", "1,21"},
      {"SELECT v FROM comp WHERE id IN ['0','2'] AND sk = 1 ORDER BY id DESC", "21,1"},
      {"SELECT v FROM comp WHERE (id = '1' AND sk = 1) OR (id = '2' AND sk > 2)", "11,23"},
      {"SELECT v FROM comp WHERE id='1' AND NOT sk=1 OR id='1' AND sk=2", "10,12,13"},
      {"SELECT v FROM comp WHERE id='1' AND (sk=0 OR sk > 1 AND NOT sk=3 OR sk > 2)", "10,12,13"},
      {"SELECT v FROM comp WHERE v = 12", "12"},
      {"SELECT id FROM simple WHERE n = 1", "1"},
      {"SELECT id FROM simple WHERE n != 1 AND n <> 0", "2"},
      {"SELECT id FROM simple WHERE n NOT IN (0, 1)", "2"},
      {"SELECT id FROM simple WHERE n NOT BETWEEN 0 AND 1", "2"},
      {"SELECT id FROM simple WHERE id = '1' AND nul IS NULL", "1"},
      {"SELECT id FROM simple WHERE id = '1' AND nope IS NULL", ""},
      {"SELECT id FROM simple WHERE id = '1' AND nope IS MISSING", "1"},
      {"SELECT id FROM simple WHERE id = '1' AND n IS NOT MISSING", "1"},
      {"SELECT id FROM simple WHERE id = '1' AND yes IS BOOL", "1"},
      {"SELECT id FROM simple WHERE id = '1' AND s IS STRING", "1"},
      {"SELECT id FROM simple WHERE id = '1' AND s IS LIST", ""},
      {"SELECT id FROM simple WHERE id = '1' AND BEGINS_WITH(s, 'te')", "1"},
      {"SELECT id FROM simple WHERE id = '1' AND contains(ss, 'p')", "1"},
      {"SELECT id FROM simple WHERE id = '1' AND size(s) > size(l)", "1"},
      {"SELECT id FROM simple WHERE id = '1' AND attribute_type(s, 'S')", "1"},
      {"SELECT id FROM simple WHERE id = '1' AND attribute_exists(m.a)", "1"},
      {"SELECT id FROM simple WHERE id = '1' AND attribute_exists(m.a) = true", "1"},
      {"SELECT id FROM simple WHERE id = '1' AND attribute_exists(nope) = false", "1"},
      {"SELECT id FROM simple WHERE id = '1' AND NOT attribute_exists(n) = true", ""},
      {"SELECT id FROM simple WHERE id = '1' AND attribute_exists(n) <> 1", "1"},
      {"SELECT id FROM simple WHERE id = '1' AND attribute_exists(n) = yes", "1"},
      {"SELECT id FROM simple WHERE id = '1' AND attribute_exists(n) = s", ""},
      {"SELECT id FROM simple WHERE id = '1' AND attribute_exists(nope) IN [true, false]", "1"},
      {"SELECT id FROM simple WHERE id = '1' AND attribute_exists(n) = attribute_exists(s)", "1"},
      {"SELECT id FROM simple WHERE id = '1' AND (n = 5 OR s = 'x') = false", "1"},
      {"SELECT id FROM simple WHERE id = '1' AND m = {'a': 1, 'b': ['x', 2]}", "1"},
      {"SELECT id FROM simple WHERE id = '1' AND ss = <<'q','p'>>", "1"},
      {"SELECT id FROM simple WHERE n = .1e1", "1"},
      {"SELECT id FROM simple WHERE n = - - 1", "1"},
      {"SELECT id FROM simple WHERE n = 1. -- a note", "1"},
      {"SELECT id /* a\nnote */ FROM simple -- where\nWHERE n = 1;", "1"},
      {"SELECT \"order\" FROM simple WHERE id = '1'", ""},
      {"SELECT id FROM simple WHERE s = 'it''s'", ""},
  };
  for (const Case& one : cases) EXPECT_EQ(column(one.statement), one.expected) << one.statement;
}

TEST_F(Statements, Refusals) {
  const std::string overlap =
      "Overlapping conditions with range keys are not supported in where clause";
  const std::vector<Case> cases = {
      {"SELECT * FROM nope", "ResourceNotFoundException: Requested resource not found"},
      {"SELECT * FROM nope WHERE id = ?",
       "Number of parameters in request and statement don't match."},
      {"SELECT * FROM simple.idx", "The table does not have the specified index: idx"},
      {"SELECT id, id FROM simple", "Duplicate identifiers in select clause: id"},
      {"SELECT m.a, a FROM simple", "Duplicate identifiers in select clause: a"},
      {"SELECT m.a, m FROM simple",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; "
       "path one: [m, a], path two: [m]"},
      {"SELECT n + 1 FROM simple", "Unexpected path component at 1:10:1"},
      {"SELECT COUNT(*) FROM simple", "Unexpected path component at 1:8:5"},
      {"SELECT 1 FROM simple", "Unexpected path component at 1:8:1"},
      {"SELECT m.* FROM simple", "Changing item's hierarchy while reading isn't supported"},
      {"SELECT n AS k FROM simple", "Aliasing is not supported"},
      {"SELECT * FROM simple s WHERE s.id = '1'", "Aliasing is not supported"},
      {"SELECT l[-1] FROM simple",
       "List index is not within the allowable range; index: [-1] at 1:11:1"},
      {"SELECT l[2147483648] FROM simple",
       "List index is not within the allowable range; index: [2147483648] at 1:10:10"},
      {"SELECT * FROM simple LIMIT 2", "Unsupported clause: LIMIT at 1:28:1"},
      {"SELECT * FROM comp WHERE id = 1",
       "Key attribute's data type should match its data type in table's schema: Key id"},
      {"SELECT * FROM comp WHERE id = '1' AND sk IN [1, 'x']",
       "Key attribute's data type should match its data type in table's schema: Key sk"},
      {"SELECT * FROM comp WHERE id IN ['1','1']", overlap},
      {"SELECT * FROM comp WHERE id = '1' AND (sk > 0 OR sk < 5)", overlap},
      {"SELECT * FROM comp WHERE id = '1' AND (sk = 1 OR v = 12)", overlap},
      {"SELECT * FROM comp ORDER BY sk",
       "Must have WHERE clause in the statement when using ORDER BY clause."},
      {"SELECT * FROM comp WHERE sk = 1 ORDER BY sk",
       "Must have at least one non-optional hash key condition in WHERE clause when using ORDER "
       "BY clause."},
      {"SELECT * FROM comp WHERE id = '1' ORDER BY v",
       "Variable reference v in ORDER BY clause must be part of the primary key"},
      {"SELECT * FROM simple WHERE n IN []",
       "IN operator must have a left hand argument of type Variable Reference and right hand "
       "argument of type Seq with at least one member"},
      {"SELECT * FROM simple WHERE nope = MISSING", "MISSING must be compared using IS operator"},
      {"SELECT * FROM simple WHERE yes",
       "WHERE clause must contain an expression that resolves to a boolean"},
      {"SELECT * FROM simple WHERE n = 1 AND yes", "The arguments to AND/OR must be Expressions"},
      {"SELECT * FROM simple WHERE NOT yes", "The argument to NOT must be a Type or Expression"},
      {"SELECT * FROM simple WHERE foo(s)", "Unrecognized function: foo at 1:28:3"},
      {"SELECT * FROM simple WHERE EXISTS(s)", "Unrecognized function: exists at 1:28:6"},
      {"SELECT * FROM simple WHERE n + 1 = 2",
       "Unsupported operator in Condition Expression. Operator: +"},
      {"SELECT * FROM simple WHERE s LIKE 'x'",
       "Unsupported operator in Condition Expression. Operator: like"},
      {"SELECT * FROM simple WHERE n < true",
       "Incorrect operand type for operator or function; operator or function: <, operand type: "
       "BOOL"},
      {"SELECT * FROM simple WHERE n = n",
       "The first operand must be distinct from the remaining operands for this operator or "
       "function; operator: =, first operand: [n]"},
      {"SELECT * FROM simple WHERE attribute_exists('s')",
       "Operator or function requires a document path; operator or function: attribute_exists"},
      {"SELECT * FROM simple WHERE attribute_exists()",
       "Incorrect number of operands for operator or function; operator or function: "
       "attribute_exists, number of operands: 0"},
      {"SELECT * FROM simple WHERE n = 1e126",
       "Number overflow. Attempting to store a number with magnitude larger than supported range "
       "under root"},
      {"SELECT * FROM simple WHERE ss = <<>>", "Empty bags are not supported"},
      {"SELECT * FROM simple WHERE ss = <<1,'a'>>",
       "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags"},
      {"SELECT * FROM simple WHERE ss = <<'a','a'>>",
       "One or more parameter values were invalid: Input collection [a, a] contains duplicates."},
      {"INSERT INTO simple VALUE {'id':'1'}",
       "DuplicateItemException: Duplicate primary key exists in table"},
      {"INSERT INTO simple VALUE {'n':1}", "Key attribute should be present in the item: Key id"},
      {"INSERT INTO simple VALUE {'id':1}",
       "Key attribute's data type should match its data type in table's schema: Key id"},
      {"INSERT INTO simple VALUE {'id':'x','id':'y'}",
       "Duplicate keys in tuple. Key: id under root at 1:36:4"},
      {"INSERT INTO simple VALUE {id:'x'}",
       "Tuple keys must be of type String. Actual type: VariableReference under root at 1:27:2"},
      {"INSERT INTO simple VALUE {'id':'x','l':[1,1e126]}",
       "Number overflow. Attempting to store a number with magnitude larger than supported range "
       "under root[1]"},
      {"INSERT INTO simple VALUE {'id':'x','m':{'x':1e126}}",
       "Number overflow. Attempting to store a number with magnitude larger than supported range "
       "under root.x"},
      {"INSERT INTO simple VALUE {'id':'x','s':set_add(<<'a'>>, <<'b'>>)}",
       "Unsupported data type: set_add under key root at 1:40:7"},
      {"INSERT INTO simple.idx VALUE {'id':'x'}",
       "FROM clause may only contain a single table name in data manipulation statements"},
      {"INSERT INTO simple VALUE {'id':'x'} RETURNING ALL OLD *",
       "RETURNING is not supported in INSERT"},
      {"UPDATE simple SET n = 1",
       "Where clause does not contain a mandatory equality on all key attributes"},
      {"UPDATE comp SET n = 1 WHERE id = '1' AND sk > 1",
       "Where clause does not contain a mandatory equality on all key attributes"},
      {"UPDATE simple SET n = 1 WHERE id IN ['1']",
       "Where clause does not contain a mandatory equality on all key attributes"},
      {"UPDATE simple SET n = 1 WHERE id = '1' AND id = '2'",
       "Multiple conditions on same key id. Only single item Update/Insert/Delete are supported"},
      {"UPDATE simple.idx SET n = 1 WHERE id = '1'", "This operation is not supported on an index"},
      {"UPDATE simple SET n = 1 WHERE id = 'nope'",
       "ConditionalCheckFailedException: The conditional request failed"},
      {"UPDATE simple SET n = 1 WHERE id = 'nope' AND attribute_not_exists(id)",
       "ConditionalCheckFailedException: The conditional request failed"},
      {"UPDATE simple SET n = 1 WHERE id = '1' AND n = 7",
       "ConditionalCheckFailedException: The conditional request failed"},
      {"UPDATE simple SET id = '2' WHERE id = '1'",
       "One or more parameter values were invalid: Cannot update attribute id. This attribute is "
       "part of the key"},
      {"UPDATE simple SET n = 1, n = 2 WHERE id = '1'",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; "
       "path one: [n], path two: [n]"},
      {"UPDATE simple SET n = n * 2 WHERE id = '1'",
       "Unsupported operator in Update Expression. Operator: *"},
      {"UPDATE simple SET n = 'a' + 1 WHERE id = '1' AND nope = 'x'",
       "Incorrect operand type for operator or function; operator or function: +, operand type: "
       "S"},
      {"UPDATE simple SET n = size(s) WHERE id = '1'",
       "The function is not allowed in an update expression; function: size"},
      {"UPDATE simple SET t = set_add(ss, <<'x'>>) WHERE id = '1'",
       "The first argument to SET_ADD must equal the assignment value at 1:23:7"},
      {"UPDATE simple SET ss = set_add(ss, 'x') WHERE id = '1'",
       "The second argument to SET_ADD must be a value with type SET at 1:32:2"},
      {"UPDATE simple SET ss = set_delete(ss) WHERE id = '1'",
       "SET_DELETE must have exactly two arguments at 1:24:10"},
      {"UPDATE simple SET ss = set_add(ss, <<1>>) WHERE id = '1'",
       "An operand in the update expression has an incorrect data type"},
      {"DELETE FROM simple WHERE n = 1",
       "Where clause does not contain a mandatory equality on all key attributes"},
      {"DELETE FROM simple WHERE id = '1' AND n = 7",
       "ConditionalCheckFailedException: The conditional request failed"},
      {"DELETE FROM simple WHERE id = '1' RETURNING MODIFIED OLD *",
       "Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is allowed in "
       "DELETE statements."},
      {"EXISTS(SELECT * FROM simple WHERE id = '1' AND n = 1)",
       "EXISTS can only be used in ExecuteTransaction write requests."},
  };
  for (const Case& one : cases) EXPECT_EQ(message(one.statement), one.expected) << one.statement;
  EXPECT_EQ(column("SELECT n FROM simple WHERE id IN ['0','1','2','x','y']"), "0,1,2")
      << "nothing was written";
}

TEST_F(Statements, RefuseTooManyReadsAndOperands) {
  const auto values = [](int count) {
    std::string list;
    for (int i = 0; i < count; ++i) list += (i == 0 ? "'v" : ",'v") + std::to_string(i) + "'";
    return list;
  };
  const std::string too_many = "Too many decomposed read operations for a given query.";
  EXPECT_EQ(column("SELECT v FROM comp WHERE id IN [" + values(50) + "]"), "");
  EXPECT_EQ(column("SELECT v FROM comp WHERE id IN [" + values(51) + "]"), too_many);
  EXPECT_EQ(column("SELECT v FROM comp WHERE id IN [" + values(26) + "] AND sk IN [1,2]"),
            too_many);
  EXPECT_EQ(column("SELECT v FROM comp WHERE id IN [" + values(51) + "] OR v = 12"), "12");
  EXPECT_EQ(column("SELECT v FROM comp WHERE s IN [" + values(101) + "]"),
            "The IN operator is provided with too many operands; number of operands: 101");
  std::string many = "SELECT v FROM comp WHERE n = 1";
  for (int i = 0; i < 300; ++i) many += " OR n = 1";
  EXPECT_TRUE(column(many).starts_with("The statement contains too many operators"));
  // Each comparison doubles the condition before it: 2 to the power of 40 without a bound.
  std::string doubled = "SELECT v FROM comp WHERE attribute_exists(v)";
  for (int i = 0; i < 40; ++i) doubled += " = yes";
  EXPECT_TRUE(column(doubled).starts_with("The statement contains too many operators"));
}

TEST_F(Statements, Writes) {
  const auto now = [this](const std::string& columns) {
    return column("SELECT " + columns + " FROM simple WHERE id = '1'");
  };
  EXPECT_EQ(run("INSERT INTO simple VALUE {'id':'a','n':1,'e':{},'l':[true,null,{'z':<<1>>}]}"),
            R"({"Items":[]})");
  EXPECT_EQ(run("SELECT * FROM simple WHERE id='a'"),
            R"({"Items":[{"e":{"M":{}},"id":{"S":"a"},"l":{"L":[{"BOOL":true},{"NULL":true},)"
            R"({"M":{"z":{"NS":["1"]}}}]},"n":{"N":"1"}}]})");
  EXPECT_EQ(run("UPDATE simple SET n = n + 4 SET t = 'x' REMOVE s WHERE id = '1'"),
            R"({"Items":[]})");
  EXPECT_EQ(now("n, t, s"), "5,x");
  EXPECT_EQ(run("FROM simple WHERE id = '1' SET n = n-1, t = 'y' RETURNING MODIFIED NEW *"),
            R"({"Items":[{"n":{"N":"4"},"t":{"S":"y"}}]})");
  EXPECT_EQ(run("UPDATE simple REMOVE t WHERE id = '1' RETURNING MODIFIED NEW *"),
            R"({"Items":[]})");
  EXPECT_EQ(run("UPDATE simple SET ss = SET_ADD(ss, <<'z'>>) WHERE id = '1' RETURNING MODIFIED "
                "NEW *"),
            R"({"Items":[{"ss":{"SS":["p","q","z"]}}]})");
  EXPECT_EQ(run("UPDATE simple SET ss = set_delete(ss, <<'p','z'>>) WHERE id = '1' RETURNING "
                "MODIFIED OLD *"),
            R"({"Items":[{"ss":{"SS":["p","q","z"]}}]})");
  EXPECT_EQ(
      run("UPDATE simple SET l = list_append([0], l) SET m.c = if_not_exists(m.c, 9) WHERE "
          "id = '1' AND (n = 4 OR n = 5) RETURNING MODIFIED NEW *"),
      R"({"Items":[{"l":{"L":[{"N":"0"},{"N":"1"},{"S":"two"}]},"m":{"M":{"c":{"N":"9"}}}}]})");
  EXPECT_EQ(run("DELETE FROM simple WHERE id = 'nope' AND n = 1"), R"({"Items":[]})");
  EXPECT_EQ(
      run("DELETE FROM simple WHERE id = 'a' RETURNING ALL OLD *").find("\"n\":{\"N\":\"1\"}") !=
          std::string::npos,
      true);
  EXPECT_EQ(run("SELECT * FROM simple WHERE id = 'a'"), R"({"Items":[]})");
  EXPECT_EQ(run("UPDATE simple SET n = 1 WHERE id = '1' AND n = 7",
                R"(,"ReturnValuesOnConditionCheckFailure":"ALL_OLD")")
                    .find(R"({"Item":{"id":{"S":"1"})") != std::string::npos,
            true);
}

TEST_F(Statements, TakeParameters) {
  const std::string two = R"(,"Parameters":[{"S":"1"},{"N":"1"}])";
  EXPECT_EQ(column("SELECT s FROM simple WHERE id = ? AND n = ?", two), "text");
  EXPECT_EQ(column("SELECT s FROM simple WHERE n IN [?, 7] AND s = 'text'",
                   R"(,"Parameters":[{"N":"1"}])"),
            "text");
  EXPECT_EQ(run("INSERT INTO simple VALUE {'id':?,'b':?}",
                R"(,"Parameters":[{"S":"p"},{"BS":["AQ=="]}])"),
            R"({"Items":[]})");
  EXPECT_EQ(column("SELECT s FROM simple WHERE id = ? AND n = ? AND s = ?", two),
            "Number of parameters in request and statement don't match.");
  EXPECT_EQ(column("UPDATE simple SET x = [?] WHERE id = '1'", R"(,"Parameters":[{"S":"1"}])"),
            "Unsupported data type: Parameter under key root[0] at 1:24:1");
  EXPECT_EQ(column("UPDATE simple SET WHERE", R"(,"Parameters":[{"SS":["a","a"]}])"),
            "One or more parameter values were invalid: Input collection [a, a] contains "
            "duplicates.");
  EXPECT_EQ(column("SELECT s FROM simple", R"(,"Parameters":[])"),
            "1 validation error detected: Value '[]' at 'parameters' failed to satisfy "
            "constraint: Member must have length greater than or equal to 1");
}

TEST_F(Statements, GoOnWhereTheLastPageEnded) {
  const auto token_of = [](const std::string& answer) {
    const std::string mark = "\"NextToken\":\"";
    const auto at = answer.find(mark);
    if (at == std::string::npos) return std::string();
    return answer.substr(at + mark.size(), answer.find('"', at + mark.size()) - at - mark.size());
  };
  for (const std::string order : {"", " ORDER BY id DESC, sk DESC"}) {
    const std::string statement =
        "SELECT v FROM comp WHERE id IN ['0','1'] AND sk IN [0,1,3] AND v <> 10" + order;
    const std::string whole = column(statement);
    std::string paged;
    std::string more = R"(,"Limit":1)";
    for (int page = 0; page < 20; ++page) {
      const std::string answer = run(statement, more);
      const std::string values = column(statement, more);
      if (!values.empty()) paged += (paged.empty() ? "" : ",") + values;
      const std::string token = token_of(answer);
      if (token.empty()) break;
      more = R"(,"Limit":1,"NextToken":")" + token + "\"";
      EXPECT_NE(answer.find("\"LastEvaluatedKey\":{\"id\""), std::string::npos);
    }
    EXPECT_EQ(paged, whole) << order;
  }
  const std::string token = token_of(run("SELECT v FROM comp", R"(,"Limit":1)"));
  ASSERT_FALSE(token.empty());
  const std::string more = R"(,"NextToken":")" + token + "\"";
  EXPECT_EQ(message("SELECT sk FROM comp", more), "Invalid NextToken");
  EXPECT_EQ(message("SELECT v FROM simple", more), "Invalid NextToken");
  EXPECT_EQ(message("SELECT v FROM comp", R"(,"NextToken":"abc")"), "Invalid NextToken");
  EXPECT_NE(message("SELECT v FROM comp", more).find("\"Items\":[{"), std::string::npos);
}

TEST_F(Statements, NeedPermissionsOfTheirOwn) {
  const auto need = [this](std::string_view statement) {
    run(statement);
    const aws::Permission& permission = harness_.last_needs().front();
    return permission.action + " " + permission.resource;
  };
  const std::string table = " arn:aws:dynamodb:us-east-1:000000000000:table/simple";
  EXPECT_EQ(need("SELECT * FROM simple"), "dynamodb:PartiQLSelect" + table);
  EXPECT_EQ(need("SELECT * FROM simple.idx"), "dynamodb:PartiQLSelect" + table + "/index/idx");
  EXPECT_EQ(need("INSERT INTO simple VALUE {'id':'x'}"), "dynamodb:PartiQLInsert" + table);
  EXPECT_EQ(need("UPDATE simple SET n = 1 WHERE id = '1'"), "dynamodb:PartiQLUpdate" + table);
  EXPECT_EQ(need("DELETE FROM simple WHERE id = '1'"), "dynamodb:PartiQLDelete" + table);
}

TEST_F(Statements, CountCapacity) {
  const std::string total = R"(,"ReturnConsumedCapacity":"TOTAL")";
  const auto units = [&](std::string_view statement, const std::string& more = "") {
    const std::string answer = run(statement, total + more);
    const auto at = answer.find("\"ConsumedCapacity\"");
    return at == std::string::npos ? answer : answer.substr(at);
  };
  EXPECT_EQ(units("SELECT * FROM simple WHERE id = '1'"),
            R"("ConsumedCapacity":{"TableName":"simple","CapacityUnits":0.5}})");
  EXPECT_EQ(units("SELECT * FROM simple WHERE id = '1'", R"(,"ConsistentRead":true)"),
            R"("ConsumedCapacity":{"TableName":"simple","CapacityUnits":1.0}})");
  EXPECT_EQ(units("UPDATE simple SET n = 2 WHERE id = '1'"),
            R"("ConsumedCapacity":{"TableName":"simple","CapacityUnits":1.0}})");
}

}  // namespace
}  // namespace stator::dynamodb
