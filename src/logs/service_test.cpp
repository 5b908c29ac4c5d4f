#include "logs/service.hpp"

#include <gtest/gtest.h>

namespace stator::logs {
namespace {

struct FakeAuthorizer final : aws::Authorizer {
  Result<void> authorize(const aws::Call&, std::span<const aws::Permission> needs) override {
    asked.assign(needs.begin(), needs.end());
    if (is_denying) return Error{ErrorCode::kAccessDenied, "no"};
    return {};
  }
  bool is_denying = false;
  std::vector<aws::Permission> asked;
};

class LogsApi : public testing::Test {
 protected:
  LogsApi() {
    call_.account = "000000000000";
    call_.region = "us-east-1";
    call_.now = clock_.wall();
    now_ = epoch_ms(clock_.wall());
  }

  Result<json::Object> run(std::string_view name, json::Object members) {
    for (const auto& operation : service_.operations) {
      if (operation.name() != name) continue;
      return operation.run_json(call_, aws::Input(std::move(members)), authorizer_);
    }
    return internal("no operation " + std::string(name));
  }
  json::Object ok(std::string_view name, json::Object members) {
    auto output = run(name, std::move(members));
    EXPECT_TRUE(output) << name << ": " << (output ? "" : output.error().message);
    return output ? *output : json::Object();
  }
  std::string error(std::string_view name, json::Object members) {
    const auto output = run(name, std::move(members));
    return output ? "" : output.error().aws_type;
  }
  void make_stream() {
    ok("CreateLogGroup", {{"logGroupName", "/g"}});
    ok("CreateLogStream", {{"logGroupName", "/g"}, {"logStreamName", "s"}});
  }
  json::Object event(std::int64_t offset_ms, std::string_view message) {
    return {{"timestamp", now_ + offset_ms}, {"message", message}};
  }
  json::Object put(json::Array events) {
    return ok("PutLogEvents",
              {{"logGroupName", "/g"}, {"logStreamName", "s"}, {"logEvents", std::move(events)}});
  }
  std::string put_error(json::Array events) {
    return error(
        "PutLogEvents",
        {{"logGroupName", "/g"}, {"logStreamName", "s"}, {"logEvents", std::move(events)}});
  }

  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  FakeClock clock_;
  LogStore logs_{*store_, clock_};
  aws::Service service_ = make_service(logs_);
  FakeAuthorizer authorizer_;
  aws::Call call_;
  std::int64_t now_ = 0;
};

TEST_F(LogsApi, DescribesGroups) {
  ok("CreateLogGroup", {{"logGroupName", "/aws/lambda/a"}, {"tags", json::Object{{"k", "v"}}}});
  ok("CreateLogGroup", {{"logGroupName", "/aws/lambda/b"}, {"logGroupClass", "STANDARD"}});
  ok("CreateLogGroup", {{"logGroupName", "/other"}});
  ok("PutRetentionPolicy", {{"logGroupName", "/aws/lambda/a"}, {"retentionInDays", 7}});
  auto page = ok("DescribeLogGroups", {{"logGroupNamePrefix", "/aws/"}, {"limit", 1}});
  ASSERT_EQ(page["logGroups"].as_array().size(), 1u);
  const auto& group = page["logGroups"].as_array()[0].as_object();
  const std::string arn = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/a";
  EXPECT_EQ(group.at("arn"), json::Value(arn + ":*"));
  EXPECT_EQ(group.at("logGroupArn"), json::Value(arn));
  EXPECT_EQ(group.at("retentionInDays"), json::Value(7));
  EXPECT_EQ(group.at("creationTime"), json::Value(now_));
  page =
      ok("DescribeLogGroups", {{"logGroupNamePrefix", "/aws/"}, {"nextToken", page["nextToken"]}});
  ASSERT_EQ(page["logGroups"].as_array().size(), 1u);
  EXPECT_EQ(page["logGroups"].as_array()[0].at("logGroupName"), json::Value("/aws/lambda/b"));
  EXPECT_FALSE(page.contains("nextToken"));
  page = ok("DescribeLogGroups", {{"logGroupNamePattern", "oth"}});
  ASSERT_EQ(page["logGroups"].as_array().size(), 1u);
  EXPECT_EQ(page["logGroups"].as_array()[0].as_object().size(), 3u) << "name, time and ARN alone";
  page = ok("DescribeLogGroups", {{"logGroupNamePattern", "OTH"}});
  EXPECT_TRUE(page["logGroups"].as_array().empty()) << "letters count as written";
  page = ok("DescribeLogGroups", {{"logGroupIdentifiers", json::Array{"/other", "/none"}}});
  EXPECT_EQ(page["logGroups"].as_array().size(), 1u);
  page = ok("DescribeLogGroups", {{"logGroupClass", "INFREQUENT_ACCESS"}});
  EXPECT_TRUE(page["logGroups"].as_array().empty());
  ok("DeleteRetentionPolicy", {{"logGroupName", "/aws/lambda/a"}});
  page = ok("DescribeLogGroups", {});
  EXPECT_FALSE(page["logGroups"].as_array()[0].as_object().contains("retentionInDays"));
}

TEST_F(LogsApi, TagsGroupsByArn) {
  ok("CreateLogGroup", {{"logGroupName", "/g"}, {"tags", json::Object{{"a", "1"}}}});
  const std::string arn = "arn:aws:logs:us-east-1:000000000000:log-group:/g";
  ok("TagResource", {{"resourceArn", arn}, {"tags", json::Object{{"b", "2"}}}});
  ok("UntagResource", {{"resourceArn", arn + ":*"}, {"tagKeys", json::Array{"a"}}});
  EXPECT_EQ(ok("ListTagsForResource", {{"resourceArn", arn}}).at("tags"),
            json::Value(json::Object{{"b", "2"}}));
  ok("TagLogGroup", {{"logGroupName", "/g"}, {"tags", json::Object{{"c", "3"}}}});
  ok("UntagLogGroup", {{"logGroupName", "/g"}, {"tags", json::Array{"b"}}});
  EXPECT_EQ(ok("ListTagsLogGroup", {{"logGroupName", "/g"}}).at("tags"),
            json::Value(json::Object{{"c", "3"}}));
  EXPECT_EQ(error("ListTagsForResource", {{"resourceArn", arn + "x"}}),
            "ResourceNotFoundException");
  EXPECT_EQ(error("ListTagsForResource", {{"resourceArn", "arn:aws:s3:::bucket"}}),
            "InvalidParameterException");
}

TEST_F(LogsApi, PutsAndGetsEvents) {
  make_stream();
  EXPECT_TRUE(put({event(-2, "one"), event(-1, "two"), event(0, "three")}).empty());
  const json::Object stream{{"logGroupName", "/g"}, {"logStreamName", "s"}};
  auto query = stream;
  query["limit"] = 2;
  query["startFromHead"] = true;
  auto page = ok("GetLogEvents", query);
  ASSERT_EQ(page["events"].as_array().size(), 2u);
  const auto& first = page["events"].as_array()[0].as_object();
  EXPECT_EQ(first.at("message"), json::Value("one"));
  EXPECT_EQ(first.at("timestamp"), json::Value(now_ - 2));
  EXPECT_EQ(first.at("ingestionTime"), json::Value(now_));
  query["nextToken"] = page["nextForwardToken"];
  page = ok("GetLogEvents", query);
  ASSERT_EQ(page["events"].as_array().size(), 1u);
  EXPECT_EQ(page["events"].as_array()[0].at("message"), json::Value("three"));
  query["nextToken"] = page["nextForwardToken"];
  const auto end = ok("GetLogEvents", query);
  EXPECT_EQ(end.at("nextForwardToken"), query["nextToken"]) << "clients stop at the same token";
  query["nextToken"] = page["nextBackwardToken"];
  EXPECT_EQ(ok("GetLogEvents", query)["events"].as_array().size(), 2u);
  for (const char* token : {"", "f/", "x/abc", "f/AAAA", "b/____________________8"}) {
    query["nextToken"] = token;
    EXPECT_EQ(error("GetLogEvents", query), "InvalidParameterException") << token;
  }
}

TEST_F(LogsApi, RejectsEventsOutOfTime) {
  make_stream();
  const std::int64_t hour = 3'600'000;
  const auto output = put({event(0, "now"), event(2 * hour, "soon"), event(2 * hour + 1, "late")});
  EXPECT_EQ(output.at("rejectedLogEventsInfo"),
            json::Value(json::Object{{"tooNewLogEventStartIndex", 2}}));
  const auto old = put({event(-14 * 24 * hour - 1, "old"), event(-14 * 24 * hour, "young enough")});
  EXPECT_EQ(old.at("rejectedLogEventsInfo"),
            json::Value(json::Object{{"tooOldLogEventEndIndex", 1}}));
  ok("PutRetentionPolicy", {{"logGroupName", "/g"}, {"retentionInDays", 1}});
  const auto expired = put({event(-25 * hour, "expired"), event(-24 * hour, "kept")});
  EXPECT_EQ(expired.at("rejectedLogEventsInfo"),
            json::Value(json::Object{{"expiredLogEventEndIndex", 1}}));
}

TEST_F(LogsApi, ASpanCountsValidEventsAlone) {
  make_stream();
  const std::int64_t day = 86'400'000;
  const auto output = put({event(-20 * day, "old"), event(-1, "a"), event(0, "b")});
  EXPECT_EQ(output.at("rejectedLogEventsInfo"),
            json::Value(json::Object{{"tooOldLogEventEndIndex", 1}}));
}

TEST_F(LogsApi, CountsWhatIsStored) {
  make_stream();
  const auto stored = [this] {
    auto page = ok("DescribeLogGroups", {});
    return page["logGroups"].as_array()[0].at("storedBytes").as_int64();
  };
  EXPECT_EQ(stored(), 0);
  put({event(-1, "four"), event(0, "sixsix")});
  EXPECT_EQ(stored(), 4 + 6 + 2 * 26);
  ok("CreateLogStream", {{"logGroupName", "/g"}, {"logStreamName", "t"}});
  ok("PutLogEvents",
     {{"logGroupName", "/g"}, {"logStreamName", "t"}, {"logEvents", json::Array{event(0, "x")}}});
  ok("DeleteLogStream", {{"logGroupName", "/g"}, {"logStreamName", "s"}});
  EXPECT_EQ(stored(), 1 + 26);
}

TEST_F(LogsApi, RefusesBatchesThatBreakTheRules) {
  make_stream();
  const std::int64_t day = 86'400'000;
  EXPECT_EQ(put_error({}), "InvalidParameterException");
  EXPECT_EQ(put_error({event(1, "b"), event(0, "a")}), "InvalidParameterException");
  EXPECT_EQ(put_error({event(-day - 1, "a"), event(0, "b")}), "InvalidParameterException");
  EXPECT_EQ(put_error({event(0, std::string(1'048'551, 'x'))}), "InvalidParameterException");
  EXPECT_EQ(put_error({json::Object{{"timestamp", -1}, {"message", "x"}}}),
            "InvalidParameterException");
  EXPECT_EQ(put_error({json::Object{{"message", "x"}}}), "InvalidParameterException");
  EXPECT_FALSE(
      run("PutLogEvents",
          {{"logGroupName", "/g"}, {"logStreamName", "s"}, {"logEvents", json::Array{1}}}));
  EXPECT_TRUE(ok("GetLogEvents", {{"logGroupName", "/g"}, {"logStreamName", "s"}})["events"]
                  .as_array()
                  .empty());
}

TEST_F(LogsApi, FiltersAsLogsTailDoes) {
  make_stream();
  ok("CreateLogStream", {{"logGroupName", "/g"}, {"logStreamName", "a"}});
  put({event(-3, "ERROR one"), event(0, "info")});
  ok("PutLogEvents", {{"logGroupName", "/g"},
                      {"logStreamName", "a"},
                      {"logEvents", json::Array{event(-1, "ERROR two")}}});
  const json::Object tail{{"logGroupName", "/g"}, {"interleaved", true}, {"startTime", now_ - 3}};
  auto page = ok("FilterLogEvents", tail);
  ASSERT_EQ(page["events"].as_array().size(), 3u);
  const auto& second = page["events"].as_array()[1].as_object();
  EXPECT_EQ(second.at("logStreamName"), json::Value("a"));
  EXPECT_EQ(second.at("message"), json::Value("ERROR two"));
  EXPECT_EQ(second.at("eventId").as_string().size(), 56u);
  EXPECT_NE(second.at("eventId"), page["events"].as_array()[0].at("eventId"));
  EXPECT_FALSE(page.contains("nextToken"));

  auto filtered = tail;
  filtered["filterPattern"] = "ERROR";
  filtered["limit"] = 1;
  page = ok("FilterLogEvents", filtered);
  filtered["nextToken"] = page["nextToken"];
  page = ok("FilterLogEvents", filtered);
  ASSERT_EQ(page["events"].as_array().size(), 1u);
  EXPECT_EQ(page["events"].as_array()[0].at("message"), json::Value("ERROR two"));

  auto until = tail;
  until["endTime"] = now_ - 1;
  EXPECT_EQ(ok("FilterLogEvents", until)["events"].as_array().size(), 2u) << "the end is included";
  auto json_pattern = tail;
  json_pattern["filterPattern"] = "{ $.a = 1 }";
  EXPECT_TRUE(ok("FilterLogEvents", json_pattern)["events"].as_array().empty());
  json_pattern["filterPattern"] = "{ $.a EXISTS }";
  EXPECT_EQ(error("FilterLogEvents", json_pattern), "InvalidParameterException");
  auto bad_token = tail;
  bad_token["nextToken"] = "f______________________w";
  EXPECT_EQ(error("FilterLogEvents", bad_token), "InvalidParameterException");
}

TEST_F(LogsApi, OrdersStreams) {
  make_stream();
  for (const char* name : {"a", "b"}) {
    ok("CreateLogStream", {{"logGroupName", "/g"}, {"logStreamName", name}});
  }
  put({event(0, "x")});
  const auto names = [this](json::Object query) {
    query["logGroupName"] = "/g";
    query["limit"] = 2;
    std::string all;
    for (;;) {
      auto page = ok("DescribeLogStreams", query);
      for (const auto& stream : page["logStreams"].as_array()) {
        all += json::view(stream.at("logStreamName").as_string());
      }
      if (!page.contains("nextToken")) return all;
      query["nextToken"] = page["nextToken"];
    }
  };
  EXPECT_EQ(names({}), "abs");
  EXPECT_EQ(names({{"descending", true}}), "sba");
  EXPECT_EQ(names({{"orderBy", "LastEventTime"}, {"descending", true}}), "sba");
  EXPECT_EQ(names({{"orderBy", "LastEventTime"}}), "abs");
  EXPECT_EQ(names({{"logStreamNamePrefix", "b"}}), "b");
  EXPECT_EQ(
      error("DescribeLogStreams",
            {{"logGroupName", "/g"}, {"orderBy", "LastEventTime"}, {"logStreamNamePrefix", "b"}}),
      "InvalidParameterException");
  EXPECT_EQ(error("DescribeLogStreams", {{"logGroupName", "/g"}, {"orderBy", "Size"}}),
            "InvalidParameterException");
}

TEST_F(LogsApi, RefusesNamesAndMembersItDoesNotKnow) {
  for (const std::string& name : {std::string(), std::string("a b"), std::string("a:b"),
                                  std::string(513, 'a'), std::string("a*")}) {
    EXPECT_FALSE(run("CreateLogGroup", {{"logGroupName", name}})) << name;
  }
  EXPECT_FALSE(run("CreateLogGroup", {{"logGroupName", "/g"}, {"kmsKeyId", "k"}}));
  EXPECT_FALSE(run("CreateLogGroup", {{"logGroupName", "/g"}, {"logGroupClass", "DELIVERY"}}));
  EXPECT_FALSE(
      run("CreateLogGroup", {{"logGroupName", "/g"}, {"deletionProtectionEnabled", true}}));
  EXPECT_EQ(error("DeleteLogGroup", {{"logGroupName", "/g"}}), "ResourceNotFoundException")
      << "nothing was made half-way";
  make_stream();
  EXPECT_EQ(error("CreateLogGroup", {{"logGroupName", "/g"}}), "ResourceAlreadyExistsException");
  EXPECT_EQ(error("CreateLogStream", {{"logGroupName", "/g"}, {"logStreamName", "a:b"}}),
            "InvalidParameterException");
  EXPECT_EQ(error("PutRetentionPolicy", {{"logGroupName", "/g"}, {"retentionInDays", 2}}),
            "InvalidParameterException");
  EXPECT_EQ(error("FilterLogEvents", {{"logGroupName", "/g"}, {"limit", 10'001}}),
            "InvalidParameterException");
}

TEST_F(LogsApi, AsksForTheRightPermissions) {
  authorizer_.is_denying = true;
  const std::string group = "arn:aws:logs:us-east-1:000000000000:log-group:/g";
  const json::Object stream{{"logGroupName", "/g"}, {"logStreamName", "s"}, {"resourceArn", group}};
  const std::vector<std::pair<const char*, std::string>> resources = {
      {"CreateLogGroup", group + ":log-stream:"},
      {"DeleteLogGroup", group + ":log-stream:"},
      {"PutRetentionPolicy", group + ":log-stream:"},
      {"DeleteRetentionPolicy", group + ":log-stream:"},
      {"DescribeLogStreams", group + ":log-stream:"},
      {"FilterLogEvents", group + ":log-stream:"},
      {"TagLogGroup", group + ":log-stream:"},
      {"UntagLogGroup", group + ":log-stream:"},
      {"ListTagsLogGroup", group + ":log-stream:"},
      {"DescribeLogGroups", "arn:aws:logs:us-east-1:000000000000:log-group::log-stream:"},
      {"CreateLogStream", group + ":log-stream:s"},
      {"DeleteLogStream", group + ":log-stream:s"},
      {"PutLogEvents", group + ":log-stream:s"},
      {"GetLogEvents", group + ":log-stream:s"},
      {"ListTagsForResource", group},
      {"TagResource", group},
      {"UntagResource", group}};
  EXPECT_EQ(resources.size(), service_.operations.size()) << "every operation is listed here";
  for (const auto& [name, resource] : resources) {
    const auto output = run(name, stream);
    ASSERT_FALSE(output) << name;
    EXPECT_EQ(output.error().code, ErrorCode::kAccessDenied) << name;
    ASSERT_EQ(authorizer_.asked.size(), 1u) << name;
    EXPECT_EQ(authorizer_.asked[0].action, std::string("logs:") + name);
    EXPECT_EQ(authorizer_.asked[0].resource, resource) << name;
  }
  static_cast<void>(
      run("CreateLogGroup", {{"logGroupName", "/g"}, {"tags", json::Object{{"k", "v"}}}}));
  ASSERT_EQ(authorizer_.asked.size(), 2u);
  EXPECT_EQ(authorizer_.asked[1].action, "logs:TagResource");
}

}  // namespace
}  // namespace stator::logs
