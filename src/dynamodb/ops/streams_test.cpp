#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "dynamodb/streams/iterator.hpp"
#include "dynamodb/streams/test_stream.hpp"

namespace stator::dynamodb::streams {
namespace {

using testing::StreamHarness;

/// A table "things" with a stream, asked through the API.
class StreamOpsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    harness_.make_table("things");
    harness_.open_stream("things");
    arn_ = harness_.stream_arn("things");
  }

  std::string describe(const std::string& more = "") {
    return harness_.run("DescribeStream", R"({"StreamArn":")" + arn_ + "\"" + more + "}");
  }
  std::string first_shard() { return harness_.shards("things")[0].id; }
  std::string get_iterator(const std::string& type, const std::string& more = "") {
    return harness_.run("GetShardIterator", R"({"StreamArn":")" + arn_ + R"(","ShardId":")" +
                                                first_shard() + R"(","ShardIteratorType":")" +
                                                type + "\"" + more + "}");
  }
  std::string iterator(const std::string& type, const std::string& number = "") {
    const std::string more = number.empty() ? "" : R"(,"SequenceNumber":")" + number + "\"";
    const auto answer = json::parse_object(get_iterator(type, more)).value();
    return json::find_string(answer, "ShardIterator").value();
  }
  std::string get_records(const std::string& iterator, const std::string& more = "") {
    return harness_.run("GetRecords", R"({"ShardIterator":")" + iterator + "\"" + more + "}");
  }
  /// The ids of the items that the records are about, and the next iterator.
  std::pair<std::string, std::string> read(const std::string& iterator,
                                           const std::string& more = "") {
    const auto answer = json::parse_object(get_records(iterator, more)).value();
    std::string ids;
    for (const auto& record : json::find(answer, "Records")->get_array()) {
      ids += json::view(record.at("dynamodb").at("Keys").at("id").at("S").get_string());
    }
    return {ids, json::find_string(answer, "NextShardIterator").value_or("")};
  }
  void put(const std::string& id) { harness_.put("things", R"({"id":{"S":")" + id + R"("}})"); }

  StreamHarness harness_;
  std::string arn_;
};

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

TEST_F(StreamOpsTest, ARecordLooksAsOnAws) {
  harness_.put("things", R"({"id":{"S":"a"},"n":{"N":"101"}})");
  const std::string answer = get_records(iterator("TRIM_HORIZON"));
  constexpr std::string_view kBeginning = R"({"Records":[{"eventID":")";
  ASSERT_TRUE(answer.starts_with(kBeginning)) << answer;
  const std::string id = answer.substr(kBeginning.size(), 32);
  EXPECT_TRUE(hex_decode(id).has_value()) << id;
  const std::string rest = answer.substr(kBeginning.size() + id.size());
  EXPECT_EQ(rest.substr(0, rest.find("NextShardIterator")),
            R"(","eventName":"INSERT","eventVersion":"1.1","eventSource":"aws:dynamodb",)"
            R"("awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":1767323045,)"
            R"("Keys":{"id":{"S":"a"}},"NewImage":{"id":{"S":"a"},"n":{"N":"101"}},)"
            R"("SequenceNumber":"100001767323045678000","SizeBytes":10,)"
            R"("StreamViewType":"NEW_AND_OLD_IMAGES"}}],")");
}

TEST_F(StreamOpsTest, DescribesTheStream) {
  const std::string shard = R"({"ShardId":")" + first_shard() +
                            R"(","SequenceNumberRange":{"StartingSequenceNumber":)"
                            R"("100001767323045678000"}})";
  EXPECT_EQ(describe(),
            R"({"StreamDescription":{"StreamArn":")" + arn_ +
                R"(","StreamLabel":"2026-01-02T03:04:05.678","StreamStatus":"ENABLED",)"
                R"("StreamViewType":"NEW_AND_OLD_IMAGES","CreationRequestDateTime":)"
                R"(1.767323045678E9,"TableName":"things","KeySchema":[{"AttributeName":"id",)"
                R"("KeyType":"HASH"}],"Shards":[)" +
                shard + "]}}");
  EXPECT_EQ(arn_,
            "arn:aws:dynamodb:us-east-1:000000000000:table/things/stream/2026-01-02T03:04:05.678");
  EXPECT_EQ(harness_.last_needs()[0].action, "dynamodb:DescribeStream");
  EXPECT_EQ(harness_.last_needs()[0].resource, arn_);
  harness_.close_stream("things");
  EXPECT_NE(describe().find(R"("StreamStatus":"DISABLED")"), std::string::npos);
  EXPECT_NE(describe().find("EndingSequenceNumber"), std::string::npos);
}

TEST_F(StreamOpsTest, ListsShardsPageByPage) {
  harness_.pass(kShardLife);
  harness_.pass(kShardLife);
  const auto shards = harness_.shards("things");
  ASSERT_EQ(shards.size(), 3u);
  const auto ids = [&](const std::string& more) {
    const auto answer = json::parse_object(describe(more)).value();
    const auto& description = json::find(answer, "StreamDescription")->get_object();
    std::string found;
    for (const auto& shard : description.at("Shards").as_array()) {
      for (std::size_t i = 0; i < shards.size(); ++i) {
        if (json::view(shard.at("ShardId").get_string()) == shards[i].id) found += char('0' + i);
      }
    }
    const auto last = json::find_string(description, "LastEvaluatedShardId");
    return found + (last ? "+" : "");
  };
  EXPECT_EQ(ids(""), "012");
  EXPECT_EQ(ids(R"(,"Limit":2)"), "01+");
  EXPECT_EQ(ids(R"(,"Limit":3)"), "012");
  EXPECT_EQ(ids(R"(,"ExclusiveStartShardId":")" + shards[1].id + "\""), "2");
  EXPECT_EQ(ids(R"(,"ShardFilter":{"Type":"CHILD_SHARDS","ShardId":")" + shards[0].id + "\"}"),
            "1");
  EXPECT_EQ(ids(R"(,"ShardFilter":{"Type":"CHILD_SHARDS","ShardId":")" + shards[2].id + "\"}"), "");
}

TEST_F(StreamOpsTest, EachKindOfIteratorBeginsWhereItSays) {
  put("a");
  put("b");
  const std::string latest = iterator("LATEST");
  put("c");
  const std::string b = sequence_number(harness_.read_all("things")[1].number);
  EXPECT_EQ(read(iterator("TRIM_HORIZON")).first, "abc");
  EXPECT_EQ(read(latest).first, "c");
  EXPECT_EQ(read(iterator("AT_SEQUENCE_NUMBER", b)).first, "bc");
  EXPECT_EQ(read(iterator("AFTER_SEQUENCE_NUMBER", b)).first, "c");
  EXPECT_EQ(harness_.last_needs()[0].action, "dynamodb:GetRecords");
  EXPECT_EQ(harness_.last_needs()[0].resource, arn_);
}

TEST_F(StreamOpsTest, OnePageFollowsAnother) {
  for (const auto* id : {"a", "b", "c"}) put(id);
  const auto [first, second_iterator] = read(iterator("TRIM_HORIZON"), R"(,"Limit":2)");
  EXPECT_EQ(first, "ab");
  const auto [second, third_iterator] = read(second_iterator);
  EXPECT_EQ(second, "c");
  EXPECT_EQ(read(third_iterator).first, "");
  put("d");
  const auto [third, fourth_iterator] = read(third_iterator);
  EXPECT_EQ(third, "d");
  harness_.close_stream("things");
  EXPECT_EQ(read(fourth_iterator).second, "");
}

TEST_F(StreamOpsTest, APageOfAClosedShardThatIsNotTheLastHasAnIterator) {
  for (const auto* id : {"a", "b"}) put(id);
  harness_.close_stream("things");
  const auto [first, next] = read(iterator("TRIM_HORIZON"), R"(,"Limit":1)");
  EXPECT_EQ(first, "a");
  ASSERT_NE(next, "");
  EXPECT_EQ(read(next), std::pair(std::string("b"), std::string()));
  EXPECT_EQ(read(iterator("LATEST")), std::pair(std::string(), std::string()));
}

TEST_F(StreamOpsTest, APageRevealsNoMoreThanWhatIsDurable) {
  put("a");
  aws::Call call;
  harness_.run("GetRecords", R"({"ShardIterator":")" + iterator("TRIM_HORIZON") + "\"}", &call);
  ASSERT_TRUE(call.durable_after.has_value());
  EXPECT_EQ(*call.durable_after, harness_.store().last());
}

TEST_F(StreamOpsTest, IteratorsExpireAfterFifteenMinutesAndOutliveARestart) {
  put("a");
  const std::string at = iterator("TRIM_HORIZON");
  harness_.reopen();
  harness_.clock().advance(std::chrono::minutes(15));
  EXPECT_EQ(read(at).first, "a");
  harness_.clock().advance(std::chrono::milliseconds(1));
  EXPECT_TRUE(get_records(at).starts_with("ExpiredIteratorException: "));
}

TEST_F(StreamOpsTest, IteratorsCannotBeMade) {
  put("a");
  harness_.make_table("others");
  harness_.open_stream("others");
  const std::string at = iterator("TRIM_HORIZON");
  const auto mark = at.find("|1|") + 3;
  std::string bytes = base64_decode(at.substr(mark)).value();
  bytes[8] = static_cast<char>(bytes[8] ^ 1);
  const std::string moved = at.substr(0, mark) + base64_encode(bytes);
  for (const std::string& forged :
       {moved, replaced(at, "things", "others"), at.substr(0, mark), at.substr(0, at.size() - 8),
        std::string("nonsense"), at.substr(mark), std::string("|1|")}) {
    EXPECT_EQ(get_records(forged), "ValidationException: Invalid ShardIterator") << forged;
  }
}

TEST_F(StreamOpsTest, SaysWhatIsNotThere) {
  const std::string nowhere = replaced(arn_, "things", "nothing");
  EXPECT_EQ(
      harness_.run("DescribeStream", R"({"StreamArn":")" + nowhere + "\"}"),
      "ResourceNotFoundException: Requested resource not found: Stream: " + nowhere + " not found");
  EXPECT_TRUE(harness_
                  .run("DescribeStream",
                       R"({"StreamArn":")" + replaced(arn_, "/stream/", "/nostream/") + "\"}")
                  .starts_with("ResourceNotFoundException"));
  EXPECT_TRUE(
      harness_
          .run("GetShardIterator",
               R"({"StreamArn":")" + arn_ +
                   R"(","ShardId":"shardId-00000000000000000000-00000000","ShardIteratorType":)"
                   R"("LATEST"})")
          .starts_with("ResourceNotFoundException"));
}

TEST_F(StreamOpsTest, ChecksItsMembers) {
  struct Case {
    const char* operation;
    std::string body;
    std::string message;
  };
  const std::string at = iterator("TRIM_HORIZON");
  for (const Case& c : std::vector<Case>{
           {"DescribeStream", "{}", "Value null at 'streamArn' failed"},
           {"DescribeStream", R"({"StreamArn":"short"})", "length greater than or equal to 37"},
           {"DescribeStream", R"({"StreamArn":")" + arn_ + R"(","Limit":0})",
            "value greater than or equal to 1"},
           {"DescribeStream", R"({"StreamArn":")" + arn_ + R"(","Limit":101})",
            "value less than or equal to 100"},
           {"DescribeStream", R"({"StreamArn":")" + arn_ + R"(","ExclusiveStartShardId":"x"})",
            "length greater than or equal to 28"},
           {"DescribeStream", R"({"StreamArn":")" + arn_ + R"(","ShardFilter":{"Type":"X"}})",
            "enum value set: [CHILD_SHARDS]"},
           {"DescribeStream", R"({"StreamArn":1})", "SerializationException"},
           {"GetShardIterator", "{}", "3 validation errors detected"},
           {"GetRecords", "{}", "Value null at 'shardIterator' failed"},
           {"GetRecords", "[", "SerializationException"},
           {"GetRecords", R"({"ShardIterator":")" + at + R"(","Limit":1001})",
            "value less than or equal to 1000"},
           {"ListStreams", R"({"Limit":0})", "value greater than or equal to 1"},
           {"ListStreams", R"({"TableName":"a"})", "length greater than or equal to 3"},
           {"ListStreams", R"({"Colour":"red"})", "Colour"}}) {
    const std::string answer = harness_.run(c.operation, c.body);
    EXPECT_NE(answer.find(c.message), std::string::npos) << c.operation << c.body << answer;
  }
}

TEST_F(StreamOpsTest, ChecksThePositionOfAnIterator) {
  struct Case {
    std::string type, number, message;
  };
  const std::string first = sequence_number(harness_.shards("things")[0].first);
  for (const Case& c : std::vector<Case>{
           {"AT_TIMESTAMP", "",
            "enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_SEQUENCE_NUMBER, TRIM_HORIZON]"},
           {"AT_SEQUENCE_NUMBER", "", "requires a SequenceNumber"},
           {"LATEST", first, "does not take a SequenceNumber"},
           {"AT_SEQUENCE_NUMBER", "1", "length greater than or equal to 21"},
           {"AT_SEQUENCE_NUMBER", std::string(21, '1'), ""},  // a number yet to come
           {"AT_SEQUENCE_NUMBER", std::string(21, '9'), "Invalid SequenceNumber for the shard"},
           {"AT_SEQUENCE_NUMBER", std::string(21, 'a'), "Invalid SequenceNumber for the shard"},
           {"AFTER_SEQUENCE_NUMBER", sequence_number(1), "Invalid SequenceNumber for the shard"},
           {"AT_SEQUENCE_NUMBER", first, ""}}) {
    const std::string more = c.number.empty() ? "" : R"(,"SequenceNumber":")" + c.number + "\"";
    const std::string answer = get_iterator(c.type, more);
    EXPECT_NE(answer.find(c.message.empty() ? R"({"ShardIterator":")" : c.message),
              std::string::npos)
        << c.type << c.number << answer;
  }
}

TEST_F(StreamOpsTest, ARecordThatIsTooOldIsTrimmedData) {
  put("a");
  const std::string first = sequence_number(harness_.read_all("things")[0].number);
  harness_.clock().advance(kRetention + std::chrono::minutes(1));
  EXPECT_EQ(get_iterator("AFTER_SEQUENCE_NUMBER", R"(,"SequenceNumber":")" + first + "\""),
            "TrimmedDataAccessException: The data you are trying to access has been trimmed");
  EXPECT_EQ(read(iterator("TRIM_HORIZON")).first, "");
}

TEST_F(StreamOpsTest, ListsStreamsPageByPage) {
  harness_.make_table("others");
  harness_.open_stream("others");
  harness_.close_stream("things");
  harness_.clock().advance(std::chrono::seconds(1));
  harness_.open_stream("things");
  const std::string others = harness_.stream_arn("others");
  const std::string newest = harness_.stream_arn("things");
  const auto entry = [](const std::string& arn, const std::string& table) {
    return R"({"StreamArn":")" + arn + R"(","StreamLabel":")" + arn.substr(arn.size() - 23) +
           R"(","TableName":")" + table + "\"}";
  };
  EXPECT_EQ(harness_.run("ListStreams", "{}"), R"({"Streams":[)" + entry(others, "others") + "," +
                                                   entry(arn_, "things") + "," +
                                                   entry(newest, "things") + "]}");
  EXPECT_EQ(harness_.last_needs()[0].resource,
            "arn:aws:dynamodb:us-east-1:000000000000:table/*/stream/*");
  EXPECT_EQ(
      harness_.run("ListStreams", R"({"TableName":"things","Limit":1})"),
      R"({"LastEvaluatedStreamArn":")" + arn_ + R"(","Streams":[)" + entry(arn_, "things") + "]}");
  EXPECT_EQ(harness_.last_needs()[0].resource,
            "arn:aws:dynamodb:us-east-1:000000000000:table/things/stream/*");
  EXPECT_EQ(harness_.run("ListStreams", R"({"ExclusiveStartStreamArn":")" + arn_ + "\"}"),
            R"({"Streams":[)" + entry(newest, "things") + "]}");
  EXPECT_EQ(harness_.run("ListStreams", R"({"TableName":"nothing"})"), R"({"Streams":[]})");
}

}  // namespace
}  // namespace stator::dynamodb::streams
