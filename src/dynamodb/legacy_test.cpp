#include <gtest/gtest.h>

#include "dynamodb/test_support.hpp"

namespace stator::dynamodb {

namespace {

class Legacy : public ::testing::Test {
 protected:
  Legacy() {
    db_.make_table("tab", "S");
    put("1", R"("s":{"S":"hello"},"n":{"N":"5"},"ss":{"SS":["a","b"]},"l":{"L":[{"S":"q"}]})");
  }

  void put(const std::string& sort, const std::string& attributes) {
    db_.put("tab", R"({"id":{"S":"x"},"sk":{"S":")" + sort + R"("},)" + attributes + "}");
  }
  std::string run(const std::string& operation, const std::string& members) {
    return db_.run(operation, R"({"TableName":"tab",)" + members + "}");
  }
  std::string update(const std::string& members) {
    return run("UpdateItem", R"("Key":{"id":{"S":"x"},"sk":{"S":"1"}},)" + members);
  }
  /// Whether Expected holds for the item above.
  bool holds(const std::string& expected, const std::string& more = "") {
    const std::string answer = update(R"("Expected":)" + expected + more);
    if (answer == "{}") return true;
    EXPECT_EQ(answer, "ConditionalCheckFailedException: The conditional request failed")
        << expected;
    return false;
  }
  std::string compared(const std::string& attribute, const std::string& comparison,
                       const std::string& arguments) {
    return R"({")" + attribute + R"(":{"ComparisonOperator":")" + comparison +
           R"(","AttributeValueList":)" + arguments + "}}";
  }

  testing::Harness db_;
};

TEST_F(Legacy, ExpectedComparesAsAwsDoes) {
  struct Case {
    std::string attribute, comparison, arguments;
    bool holds;
  };
  const Case cases[] = {
      {"s", "EQ", R"([{"S":"hello"}])", true},
      {"l", "EQ", R"([{"L":[{"S":"q"}]}])", true},
      {"s", "NE", R"([{"S":"hello"}])", false},
      {"n", "NE", R"([{"S":"5"}])", true},
      {"missing", "NE", R"([{"S":"1"}])", true},
      {"missing", "EQ", R"([{"S":"1"}])", false},
      {"n", "LE", R"([{"N":"5"}])", true},
      {"n", "LT", R"([{"N":"5"}])", false},
      {"n", "GT", R"([{"S":"1"}])", false},
      {"n", "BETWEEN", R"([{"N":"1"},{"N":"5"}])", true},
      {"s", "BEGINS_WITH", R"([{"S":"he"}])", true},
      {"ss", "CONTAINS", R"([{"S":"a"}])", true},
      {"l", "CONTAINS", R"([{"S":"q"}])", true},
      {"s", "CONTAINS", R"([{"S":"ell"}])", true},
      {"ss", "NOT_CONTAINS", R"([{"S":"c"}])", true},
      {"ss", "NOT_CONTAINS", R"([{"N":"1"}])", true},
      {"missing", "NOT_CONTAINS", R"([{"S":"c"}])", false},
      {"s", "IN", R"([{"S":"x"},{"S":"hello"}])", true},
      {"s", "NULL", "[]", false},
      {"missing", "NULL", "[]", true},
      {"s", "NOT_NULL", "[]", true},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(holds(compared(c.attribute, c.comparison, c.arguments)), c.holds)
        << c.attribute << " " << c.comparison << " " << c.arguments;
  }
  EXPECT_TRUE(holds(R"({"s":{"Value":{"S":"hello"}}})"));
  EXPECT_FALSE(holds(R"({"s":{"Exists":false}})"));
  EXPECT_FALSE(holds(R"({"s":{"Value":{"S":"hello"}},"n":{"Value":{"N":"1"}}})"));
  EXPECT_TRUE(holds(R"({"s":{"Value":{"S":"hello"}},"n":{"Value":{"N":"1"}}})",
                    R"(,"ConditionalOperator":"OR")"));
}

TEST_F(Legacy, RefusesInTheWordsOfAws) {
  const std::string one = "One or more parameter values were invalid: ";
  const std::pair<std::string, std::string> cases[] = {
      {R"("Expected":{"s":{}})",
       one + "Value must be provided when Exists is null for Attribute: s"},
      {R"("Expected":{"s":{"Exists":false,"Value":{"S":"a"}}})",
       one + "Value cannot be used when Exists is false for Attribute: s"},
      {R"("Expected":{"s":{"ComparisonOperator":"EQ"}})",
       one + "Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: "
             "s"},
      {R"("Expected":{"s":{"AttributeValueList":[]}})",
       one + "AttributeValueList can only be used with a ComparisonOperator for Attribute: s"},
      {R"("Expected":)" + compared("s", "EQ", "[]"),
       one + "Invalid number of argument(s) for the EQ ComparisonOperator"},
      {R"("Expected":)" + compared("s", "IN", R"([{"S":"a"},{"N":"1"}])"),
       one + "AttributeValues inside AttributeValueList must be of same type"},
      {R"("Expected":)" + compared("s", "LT", R"([{"SS":["a"]}])"),
       one + "ComparisonOperator LT is not valid for SS AttributeValue type"},
      {R"("Expected":)" + compared("n", "BETWEEN", R"([{"N":"6"},{"N":"1"}])"),
       "The BETWEEN condition was provided a range where the lower bound is greater than the upper "
       "bound"},
      {R"("ConditionalOperator":"AND")",
       "ConditionalOperator cannot be used without Filter or Expected"},
      {R"("Expected":{"s":{"Exists":false}},"ConditionalOperator":"OR")",
       "ConditionalOperator can only be used when Filter or Expected has two or more elements"},
      {R"("AttributeUpdates":{"a":{}})",
       one + "Only DELETE action is allowed when no attribute value is specified"},
      {R"("AttributeUpdates":{"a":{"Action":"ADD","Value":{"S":"x"}}})",
       one + "ADD action is not supported for the type S"},
      {R"("AttributeUpdates":{"a":{"Action":"DELETE","Value":{"S":"x"}}})",
       one + "DELETE action with value is not supported for the type S"},
      {R"("AttributeUpdates":{"s":{"Action":"ADD","Value":{"N":"1"}}})",
       "Type mismatch for attribute to update"},
      {R"("AttributeUpdates":{"id":{"Action":"DELETE"}})",
       one + "Cannot update attribute id. This attribute is part of the key"},
      {R"("AttributeUpdates":{},"UpdateExpression":"REMOVE a")",
       "Can not use both expression and non-expression parameters in the same request: "
       "Non-expression parameters: {AttributeUpdates} Expression parameters: {UpdateExpression}"},
  };
  for (const auto& [members, message] : cases) {
    EXPECT_EQ(update(members), "ValidationException: " + message) << members;
  }
  EXPECT_EQ(update(R"("Expected":[])"),
            "SerializationException: Unrecognized collection type java.util.Map<java.lang.String, "
            "com.amazonaws.dynamodb.v20120810.ExpectedAttributeValue>");
}

TEST_F(Legacy, AttributeUpdatesPutAddAndDelete) {
  EXPECT_EQ(update(R"("ReturnValues":"UPDATED_NEW","AttributeUpdates":{)"
                   R"("n":{"Action":"ADD","Value":{"N":"2"}},)"
                   R"("l":{"Action":"ADD","Value":{"L":[{"S":"r"}]}},)"
                   R"("new":{"Action":"ADD","Value":{"L":[{"S":"r"}]}},)"
                   R"("ss":{"Action":"DELETE","Value":{"SS":["a"]}},)"
                   R"("a.b":{"Value":{"S":"put"}},"s":{"Action":"DELETE"}})"),
            R"({"Attributes":{"a.b":{"S":"put"},"l":{"L":[{"S":"q"},{"S":"r"}]},)"
            R"("n":{"N":"7"},"new":{"L":[{"S":"r"}]},"ss":{"SS":["b"]}}})");
}

TEST_F(Legacy, QueriesAndScans) {
  put("2", R"("n":{"N":"6"})");
  put("3", R"("n":{"N":"7"})");
  const std::string partition =
      R"("id":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"x"}]})";
  const std::string filter = R"("n":{"ComparisonOperator":"GT","AttributeValueList":[{"N":"6"}]})";
  EXPECT_EQ(
      run("Query", R"("AttributesToGet":["n"],"KeyConditions":{)" + partition +
                       R"(,"sk":{"ComparisonOperator":"GE","AttributeValueList":[{"S":"2"}]}})"),
      R"({"Items":[{"n":{"N":"6"}},{"n":{"N":"7"}}],"Count":2,"ScannedCount":2})");
  EXPECT_EQ(run("Query", R"("Select":"COUNT","KeyConditions":{)" + partition +
                             R"(},"QueryFilter":{)" + filter + "}"),
            R"({"Count":1,"ScannedCount":3})");
  EXPECT_EQ(run("Scan", R"("Select":"COUNT","ScanFilter":{)" + filter + "}"),
            R"({"Count":1,"ScannedCount":3})");
  EXPECT_EQ(
      run("Query", R"("KeyConditions":{)" + partition +
                       R"(,"sk":{"ComparisonOperator":"NE","AttributeValueList":[{"S":"2"}]}})"),
      "ValidationException: Attempted conditional constraint is not an indexable operation");
  EXPECT_EQ(run("Query", R"("KeyConditions":{)" + partition +
                             R"(},"QueryFilter":{)"
                             R"("sk":{"ComparisonOperator":"NOT_NULL"}})"),
            "ValidationException: QueryFilter can only contain non-primary key attributes: Primary "
            "key attribute: sk");
  EXPECT_EQ(run("Query", R"("KeyConditions":{})"),
            "ValidationException: Conditions can be of length 1 or 2 only");
  EXPECT_EQ(run("Scan", R"("AttributesToGet":["n"],"Select":"COUNT")"),
            "ValidationException: Cannot specify the AttributesToGet when choosing to get only the "
            "Count");
  EXPECT_EQ(run("GetItem", R"("Key":{"id":{"S":"x"},"sk":{"S":"2"}},"AttributesToGet":["n","zz"])"),
            R"({"Item":{"n":{"N":"6"}}})");
  EXPECT_EQ(
      db_.run("BatchGetItem", R"({"RequestItems":{"tab":{"Keys":[{"id":{"S":"x"},"sk":{"S":"2"}}],)"
                              R"("AttributesToGet":["n"]}}})"),
      R"({"Responses":{"tab":[{"n":{"N":"6"}}]},"UnprocessedKeys":{}})");
}

}  // namespace

}  // namespace stator::dynamodb
