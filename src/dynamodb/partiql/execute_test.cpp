#include <gtest/gtest.h>

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
    const std::string answer = run(statement, more);
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

}  // namespace
}  // namespace stator::dynamodb
