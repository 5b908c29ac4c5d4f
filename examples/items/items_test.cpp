#include <gtest/gtest.h>

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "function_runner.hpp"

// The five packages as they are deployed, each against a table that answers what the test says.
namespace {

using stator::sdk::testing::Answer;
using stator::sdk::testing::FakeServer;
using stator::sdk::testing::kAwsLibraryPath;
using stator::sdk::testing::kCannotChangeRoot;
using stator::sdk::testing::ok;
using stator::sdk::testing::run_packaged;
using stator::sdk::testing::Seen;
using stator::sdk::testing::status;

constexpr std::string_view kStored =
    R"({"id":{"S":"a"},"name":{"S":"lamp"},"price":{"N":"9.50"},"version":{"N":"3"}})";

std::string item_answer(std::string_view member) {
  return "{\"" + std::string(member) + "\":" + std::string(kStored) + "}";
}

Answer condition_failed(std::string_view old_item) {
  const std::string item = old_item.empty() ? "" : ",\"Item\":" + std::string(old_item);
  return status(400, R"({"__type":"x#ConditionalCheckFailedException","message":"m")" + item + "}");
}

std::string quoted(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) json += c == '"' ? "\\\"" : std::string(1, c);
  return json + "\"";
}

std::string event(std::string_view id, std::string_view query, std::string_view body) {
  return R"({"version":"2.0","pathParameters":{"id":)" + quoted(id) +
         R"(},"queryStringParameters":)" + std::string(query) + R"(,"body":)" + quoted(body) + "}";
}
std::string with_body(std::string_view body) {
  return event("a", "null", body);
}
std::string with_query(std::string_view query) {
  return event("a", query, "");
}

struct Items : testing::Test {
  /// What the function answers to the event, as the gateway gets it; the table gives `table_says`.
  std::string call(const char* function, const std::string& one_event,
                   Answer table_says = ok("{}")) {
    const FakeServer table([&](const Seen&, int) { return table_says; });
    const std::filesystem::path packages(ITEMS_PACKAGES);
    const auto run = run_packaged({packages / function, packages / "layer"}, {one_event},
                                  {{"LD_LIBRARY_PATH", kAwsLibraryPath},
                                   {"AWS_ENDPOINT_URL", table.url()},
                                   {"AWS_REGION", "eu-west-1"},
                                   {"AWS_ACCESS_KEY_ID", "A"},
                                   {"AWS_SECRET_ACCESS_KEY", "S"},
                                   {"AWS_MAX_ATTEMPTS", "1"},
                                   {"TABLE_NAME", "items"}});
    can_run = run.has_value();
    requests = table.seen();
    return run && run->posts.size() == 1 ? run->posts[0].body : "";
  }

  /// Begins with the status.
  static std::string start(int code) { return "{\"statusCode\":" + std::to_string(code) + ","; }
  static bool says(const std::string& answer, std::string_view what) {
    return answer.find(quoted(what).substr(1, quoted(what).size() - 2)) != std::string::npos;
  }

  void SetUp() override {
    call("get", with_query("null"));
    if (!can_run) GTEST_SKIP() << kCannotChangeRoot;
  }

  bool can_run = true;
  std::vector<Seen> requests;
};

TEST_F(Items, CreateStoresAnItemAndSaysWhere) {
  const auto made = call("create", with_body(R"({"id":"a","name":"lamp","price":9.50})"));
  EXPECT_TRUE(made.starts_with(start(201))) << made;
  EXPECT_TRUE(says(made, R"({"id":"a","name":"lamp","price":9.50,"version":1,"created_at":"20)"));
  EXPECT_NE(made.find(R"("location":"/items/a")"), std::string::npos) << made;
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_NE(requests[0].body.find(R"~("ConditionExpression":"attribute_not_exists(#0)")~"),
            std::string::npos);
  const auto named = call("create", with_body(R"({"name":"lamp"})"));
  EXPECT_TRUE(named.starts_with(start(201))) << named;
}

TEST_F(Items, CreateRefusesATakenId) {
  const auto answer = call("create", with_body(R"({"id":"a","name":"x"})"), condition_failed(""));
  EXPECT_TRUE(answer.starts_with(start(409))) << answer;
}

TEST_F(Items, CreateNamesWhatIsWrong) {
  for (const auto& [body, problem] : std::initializer_list<std::pair<const char*, const char*>>{
           {"", "the body is missing"},
           {"{", "is not JSON: the text ends too early"},
           {"[]", "must be an object"},
           {"{}", "name: is required"},
           {R"({"name":5})", "name: must be a string"},
           {R"({"name":""})", "name: must be 1 to 200 bytes long"},
           {R"({"name":"x","price":"much"})", "price: must be a number"},
           {R"({"name":"x","price":-1})", "price: must be a number from 0"},
           {R"({"name":"x","price":1e400})", "without exponent"},
           {R"({"name":"x","tags":["a","a"]})", "tags[1]: is in the set already"},
           {R"({"name":"x","tags":[""]})", "tags: each must be 1 to 50 bytes long"},
           {R"({"name":"x","id":"a/b"})", "id: must be 1 to 100 of"},
           {R"({"name":"x","colour":1})", "colour: is not expected"}}) {
    const auto answer = call("create", with_body(body));
    EXPECT_TRUE(answer.starts_with(start(400))) << body << answer;
    EXPECT_TRUE(says(answer, problem)) << answer;
    EXPECT_TRUE(requests.empty());
  }
}

TEST_F(Items, GetFindsOrSaysThatThereIsNone) {
  const auto found = call("get", with_query("null"), ok(item_answer("Item")));
  EXPECT_TRUE(found.starts_with(start(200))) << found;
  EXPECT_TRUE(says(found, R"({"id":"a","name":"lamp","price":9.50,"version":3,)")) << found;
  EXPECT_TRUE(call("get", with_query("null")).starts_with(start(404)));
}

TEST_F(Items, ListPages) {
  const std::string page =
      "{\"Items\":[" + std::string(kStored) + R"(],"LastEvaluatedKey":{"id":{"S":"a"}}})";
  const auto first = call("list", with_query(R"({"limit":"1"})"), ok(page));
  EXPECT_TRUE(first.starts_with(start(200))) << first;
  EXPECT_EQ(requests.at(0).body, R"({"TableName":"items","Limit":1})");
  const std::string mark = R"(\"cursor\":\")";
  const std::size_t at = first.find(mark);
  ASSERT_NE(at, std::string::npos) << first;
  const std::string cursor =
      first.substr(at + mark.size(), first.find('\\', at + mark.size()) - at - mark.size());
  const auto second =
      call("list", with_query("{\"cursor\":\"" + cursor + "\"}"), ok(R"({"Items":[]})"));
  EXPECT_TRUE(says(second, R"({"items":[]})")) << second;
  EXPECT_EQ(requests.at(0).body,
            R"({"TableName":"items","Limit":20,"ExclusiveStartKey":{"id":{"S":"a"}}})");
}

TEST_F(Items, ListRefusesABadLimitOrCursor) {
  for (const char* query : {R"({"limit":"0"})", R"({"limit":"101"})", R"({"limit":"x"})",
                            R"({"limit":""})", R"({"cursor":"x"})"}) {
    EXPECT_TRUE(call("list", with_query(query)).starts_with(start(400))) << query;
    EXPECT_TRUE(requests.empty());
  }
}

TEST_F(Items, UpdateReplacesTheVersionThatTheClientRead) {
  const std::string body = R"({"name":"new","version":2})";
  const auto done = call("update", with_body(body), ok(item_answer("Attributes")));
  EXPECT_TRUE(done.starts_with(start(200))) << done;
  EXPECT_NE(requests.at(0).body.find("REMOVE"), std::string::npos) << "absent members are cleared";

  const auto stale = call("update", with_body(body), condition_failed(kStored));
  EXPECT_TRUE(stale.starts_with(start(409))) << stale;
  EXPECT_TRUE(says(stale, "version: the item is at version 3 by now")) << stale;
  EXPECT_TRUE(call("update", with_body(body), condition_failed("")).starts_with(start(404)));
  EXPECT_TRUE(call("update", with_body(R"({"name":"new"})")).starts_with(start(400)));
}

TEST_F(Items, DeleteRemovesOrSaysThatThereIsNone) {
  EXPECT_TRUE(call("delete", with_query("null")).starts_with(start(204)));
  EXPECT_TRUE(call("delete", with_query("null"), condition_failed("")).starts_with(start(404)));
}

TEST_F(Items, AnIdThatNoItemCanHaveIsNotLookedFor) {
  for (const std::string& id : {std::string("a b"), std::string(3000, 'a'), std::string()}) {
    EXPECT_TRUE(call("get", event(id, "null", "")).starts_with(start(404)));
    EXPECT_TRUE(call("delete", event(id, "null", "")).starts_with(start(404)));
    EXPECT_TRUE(requests.empty());
  }
}

TEST_F(Items, ATableThatFailsIsNotTheClientsFault) {
  for (const char* function : {"get", "list", "delete"}) {
    EXPECT_TRUE(call(function, with_query("null"), status(500, "")).starts_with(start(503)));
  }
}

TEST(Packages, AreSmall) {
  for (const char* function : {"create", "list", "get", "update", "delete"}) {
    const auto size =
        std::filesystem::file_size(std::filesystem::path(ITEMS_PACKAGES) / function / "bootstrap");
    EXPECT_LT(size, 128u << 10) << function;
  }
}

}  // namespace
