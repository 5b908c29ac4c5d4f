#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "dynamodb/streams/reader.hpp"
#include "dynamodb/test_support.hpp"

namespace stator::dynamodb::testing {

/// A harness whose tables have streams.
class StreamHarness : public Harness {
 public:
  void open_stream(const std::string& table,
                   StreamSettings::View view = StreamSettings::View::kNewAndOldImages) {
    const auto opened = tables().update(
        ref(table), [&](Table& changed) { return streams::open_stream(tables(), changed, view); });
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
  }
  void close_stream(const std::string& table) {
    const auto closed = tables().update(
        ref(table), [&](Table& changed) { return streams::close_stream(tables(), changed); });
    ASSERT_TRUE(closed.has_value()) << closed.error().message;
  }
  void remove(const std::string& table, const std::string& id) {
    const std::string answer =
        run("DeleteItem", R"({"TableName":")" + table + R"(","Key":{"id":{"S":")" + id + R"("}}})");
    ASSERT_EQ(answer, "{}");
  }
  /// Lets time pass and then does what is due.
  void pass(std::chrono::milliseconds time) {
    clock().advance(time);
    elapsed_ += time;
    tables().background().run_all();
  }
  [[nodiscard]] std::chrono::milliseconds elapsed() const { return elapsed_; }

  [[nodiscard]] std::string stream_arn(const std::string& table) {
    return tables().find(ref(table))->stream_arn();
  }
  [[nodiscard]] std::vector<StreamShard> shards(const std::string& table) {
    return streams::StreamReader(tables()).shards(*tables().find(ref(table)));
  }
  [[nodiscard]] std::vector<streams::Record> read_all(const std::string& table) {
    return read_all_of(stream_arn(table));
  }
  /// All records of all shards, as a consumer reads them.
  [[nodiscard]] std::vector<streams::Record> read_all_of(const std::string& arn) {
    const streams::StreamReader reader(tables());
    std::vector<streams::Record> records;
    for (const StreamShard& shard : reader.shards(*reader.find(arn).value())) {
      streams::Position at{0, true};
      for (bool goes_on = true; goes_on;) {
        auto page = reader.read(arn, shard.id, at, {2}).value();
        goes_on = !page.is_end && !page.records.empty();
        at = page.next;
        for (streams::Record& record : page.records) records.push_back(std::move(record));
      }
    }
    return records;
  }

  static TableRef ref(const std::string& table) { return {"000000000000", "us-east-1", table}; }

 private:
  std::chrono::milliseconds elapsed_{0};
};

}  // namespace stator::dynamodb::testing
