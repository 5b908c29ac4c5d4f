#include <gtest/gtest.h>

#include "dynamodb/streams/test_stream.hpp"
#include "dynamodb/ttl.hpp"

namespace stator::dynamodb {
namespace {

using testing::StreamHarness;

/// A table "things" and items that expire some seconds from the clock's time.
class TimeToLiveTest : public ::testing::Test {
 protected:
  void SetUp() override { harness_.make_table("things"); }

  std::string update(bool enabled, const std::string& attribute = "expires") {
    return harness_.run("UpdateTimeToLive",
                        R"({"TableName":"things","TimeToLiveSpecification":{"AttributeName":")" +
                            attribute + R"(","Enabled":)" + (enabled ? "true" : "false") + "}}");
  }
  std::string describe() { return harness_.run("DescribeTimeToLive", R"({"TableName":"things"})"); }
  std::string in_seconds(std::int64_t seconds) {
    return std::to_string(epoch_ms(harness_.clock().wall()) / 1'000 + seconds);
  }
  void put(const std::string& id, const std::string& value_json) {
    harness_.put("things", R"({"id":{"S":")" + id + R"("},"expires":)" + value_json + "}");
  }
  void put_expiring(const std::string& id, std::int64_t seconds) {
    put(id, R"({"N":")" + in_seconds(seconds) + R"("})");
  }
  bool exists(const std::string& id) {
    return harness_.run("GetItem",
                        R"({"TableName":"things","Key":{"id":{"S":")" + id + R"("}}})") != "{}";
  }
  std::size_t entries() {
    std::size_t count = 0;
    const auto found = harness_.store().iterate(storage::Family::kTtl, {});
    for (found->seek_first(); found->valid(); found->next()) ++count;
    return count;
  }

  StreamHarness harness_;
};

constexpr std::string_view kEnabled =
    R"({"TimeToLiveDescription":{"AttributeName":"expires","TimeToLiveStatus":"ENABLED"}})";
constexpr std::string_view kDisabled =
    R"({"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}})";

TEST_F(TimeToLiveTest, IsSwitchedOnAndOff) {
  EXPECT_EQ(describe(), kDisabled);
  EXPECT_EQ(update(true),
            R"({"TimeToLiveSpecification":{"AttributeName":"expires","Enabled":true}})");
  EXPECT_EQ(describe(), kEnabled);
  harness_.reopen();
  EXPECT_EQ(describe(), kEnabled);
  EXPECT_EQ(update(false),
            R"({"TimeToLiveSpecification":{"AttributeName":"expires","Enabled":false}})");
  EXPECT_EQ(describe(), kDisabled);
}

TEST_F(TimeToLiveTest, RefusesWhatChangesNothing) {
  EXPECT_EQ(update(false), "ValidationException: TimeToLive is already disabled");
  update(true);
  EXPECT_EQ(update(true), "ValidationException: TimeToLive is already enabled");
  EXPECT_EQ(update(false, "other"),
            "ValidationException: TimeToLive is active on a different AttributeName: current "
            "AttributeName is expires");
  EXPECT_EQ(update(true, "other"),
            "ValidationException: TimeToLive is active on a different AttributeName: current "
            "AttributeName is expires");
}

TEST_F(TimeToLiveTest, ChecksItsMembers) {
  const auto run = [&](const std::string& members) {
    return harness_.run("UpdateTimeToLive", R"({"TableName":"things")" + members + "}");
  };
  EXPECT_EQ(run(""),
            "ValidationException: 1 validation error detected: Value null at "
            "'timeToLiveSpecification' failed to satisfy constraint: Member must not be null");
  EXPECT_EQ(run(R"(,"TimeToLiveSpecification":{})"),
            "ValidationException: 2 validation errors detected: Value null at "
            "'timeToLiveSpecification.attributeName' failed to satisfy constraint: Member must not "
            "be null; Value null at 'timeToLiveSpecification.enabled' failed to satisfy "
            "constraint: Member must not be null");
  EXPECT_NE(run(R"(,"TimeToLiveSpecification":{"Enabled":true,"AttributeName":")" +
                std::string(256, 'a') + R"("})")
                .find("Member must have length less than or equal to 255"),
            std::string::npos);
  EXPECT_EQ(harness_.run("UpdateTimeToLive",
                         R"({"TableName":"none","TimeToLiveSpecification":{"Enabled":true,)"
                         R"("AttributeName":"a"}})"),
            "ResourceNotFoundException: Requested resource not found: Table: none not found");
}

TEST_F(TimeToLiveTest, DeletesWhatHasExpired) {
  update(true);
  put_expiring("soon", 10);
  put_expiring("later", 3'600);
  harness_.pass(std::chrono::seconds(10));
  EXPECT_TRUE(exists("soon"));  // not yet less than the current time
  harness_.pass(std::chrono::seconds(1));
  EXPECT_FALSE(exists("soon"));
  EXPECT_TRUE(exists("later"));
  EXPECT_EQ(entries(), 1u);
}

TEST_F(TimeToLiveTest, SparesWhatHasNoProperTime) {
  update(true);
  put("text", R"({"S":")" + in_seconds(-10) + R"("})");
  put("fraction", R"({"N":")" + in_seconds(-10) + R"(.5"})");
  put("negative", R"({"N":"-5"})");
  put("huge", R"({"N":"99999999999999999999999"})");
  put("milliseconds", R"({"N":")" + in_seconds(-10) + R"(000"})");
  put("older", R"({"N":")" + in_seconds(-5LL * 365 * 24 * 3'600 - 60) + R"("})");
  put("old", R"({"N":")" + in_seconds(-5LL * 365 * 24 * 3'600 + 60) + R"("})");
  harness_.put("things", R"({"id":{"S":"none"}})");
  harness_.pass(std::chrono::seconds(1));
  for (const auto* id : {"text", "fraction", "negative", "huge", "milliseconds", "older", "none"}) {
    EXPECT_TRUE(exists(id)) << id;
  }
  EXPECT_FALSE(exists("old"));
}

TEST_F(TimeToLiveTest, AWriteMovesTheEndOfAnItem) {
  update(true);
  put_expiring("extended", 10);
  put_expiring("extended", 100);
  put_expiring("kept", 10);
  harness_.put("things", R"({"id":{"S":"kept"}})");
  put_expiring("deleted", 10);
  harness_.remove("things", "deleted");
  EXPECT_EQ(entries(), 1u);
  harness_.pass(std::chrono::seconds(50));
  EXPECT_TRUE(exists("extended"));
  EXPECT_TRUE(exists("kept"));
  harness_.pass(std::chrono::seconds(51));
  EXPECT_FALSE(exists("extended"));
  EXPECT_EQ(entries(), 0u);
}

TEST_F(TimeToLiveTest, MeetsTheItemsThatWereThereBefore) {
  for (int i = 0; i < 200; ++i) put_expiring(std::to_string(i), 10);
  harness_.put("things", R"({"id":{"S":"lasting"}})");
  update(true);
  EXPECT_NE(describe().find("ENABLING"), std::string::npos);
  harness_.reopen();  // before anything was filled: the next run takes it up
  put_expiring("0", 1'000);
  harness_.remove("things", "1");
  harness_.pass(std::chrono::seconds(0));
  EXPECT_EQ(describe(), kEnabled);
  EXPECT_EQ(entries(), 199u);
  harness_.pass(std::chrono::seconds(11));
  EXPECT_FALSE(exists("2"));
  EXPECT_TRUE(exists("0"));
  EXPECT_TRUE(exists("lasting"));
  EXPECT_EQ(entries(), 1u);
}

TEST_F(TimeToLiveTest, OffMeansOff) {
  update(true);
  put_expiring("a", 10);
  update(false);
  EXPECT_EQ(entries(), 0u);
  put_expiring("b", 10);
  update(true, "other");
  harness_.pass(std::chrono::seconds(11));
  EXPECT_TRUE(exists("a"));
  EXPECT_TRUE(exists("b"));
}

TEST_F(TimeToLiveTest, ADeletedTableLeavesNoEntries) {
  update(true);
  put_expiring("a", 10);
  harness_.run("DeleteTable", R"({"TableName":"things"})");
  EXPECT_EQ(entries(), 0u);
}

TEST_F(TimeToLiveTest, TheStreamTellsThatTheServiceDeletedTheItem) {
  harness_.open_stream("things");
  update(true);
  put_expiring("a", 1);
  put_expiring("b", 100);
  harness_.pass(std::chrono::seconds(2));
  harness_.remove("things", "b");
  const auto records = harness_.read_all("things");
  ASSERT_EQ(records.size(), 4u);
  EXPECT_EQ(records[2].event, streams::Event::kRemove);
  EXPECT_EQ(records[2].cause, Cause::kTimeToLive);
  EXPECT_TRUE(records[2].old_image.has_value());
  EXPECT_EQ(records[3].event, streams::Event::kRemove);
  EXPECT_EQ(records[3].cause, Cause::kRequest);
  std::string by_service;
  std::string by_request;
  const auto table = harness_.tables().find(StreamHarness::ref("things"));
  streams::append_json(by_service, records[2], *table);
  streams::append_json(by_request, records[3], *table);
  EXPECT_NE(by_service.find(
                R"("userIdentity":{"PrincipalId":"dynamodb.amazonaws.com","Type":"Service"})"),
            std::string::npos);
  EXPECT_EQ(by_request.find("userIdentity"), std::string::npos);
}

}  // namespace
}  // namespace stator::dynamodb
