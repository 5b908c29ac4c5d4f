#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "lambda/sources/doors.hpp"

/// Stand-ins for the services behind event source mappings.
namespace stator::lambda::sources::test {

inline constexpr const char* kStream =
    "arn:aws:dynamodb:us-east-1:000000000000:table/things/stream/2026-01-02T03:04:05.678";

/// One stream in memory, kStream.
class FakeStreams final : public StreamSource {
 public:
  /// Adds a record of the item `key`; its number.
  std::uint64_t add(const std::string& key, WallTime created, std::size_t padding = 0) {
    std::function<void(std::uint64_t)> written;
    std::uint64_t number = 0;
    {
      const std::lock_guard lock(mutex_);
      number = ++last_;
      records_.push_back(
          {key, shard_, {number, sequence(number), created, json(key, number, padding)}});
      written = written_;
    }
    if (written) written(1);
    return number;
  }
  /// What is added from now on is of a new shard.
  void close_shard() {
    const std::lock_guard lock(mutex_);
    ++shard_;
  }
  static std::string sequence(std::uint64_t number) { return "1" + std::to_string(number); }
  static std::string json(const std::string& key, std::uint64_t number, std::size_t padding = 0) {
    return R"({"key":")" + key + R"(","dynamodb":{"SequenceNumber":")" + sequence(number) + "\"" +
           (padding == 0 ? "" : R"(,"Padding":")" + std::string(padding, 'x') + "\"") + "}}";
  }

  Result<Description> describe(std::string_view stream_arn) override {
    if (is_gone || stream_arn != kStream) return not_found("no such stream");
    return Description{1, is_enabled};
  }
  Result<std::uint64_t> latest(std::string_view) override {
    const std::lock_guard lock(mutex_);
    return last_ + 1;
  }
  Result<StreamPage> read(const StreamRead& wanted) override {
    const std::lock_guard lock(mutex_);
    ++reads;
    if (is_gone) return not_found("no such stream");
    StreamPage page;
    page.next = wanted.from;
    page.is_caught_up = true;
    for (const Entry& entry : records_) {
      if (entry.record.number < wanted.from) continue;
      if (page.shard_id.empty()) page.shard_id = shard_name(entry.shard);
      page.is_shard_end = page.shard_id != shard_name(entry.shard);
      if (page.is_shard_end || page.next - wanted.from >= wanted.records_max) break;
      page.is_caught_up = false;
      page.next = entry.record.number + 1;
      if (std::hash<std::string>()(entry.key) % wanted.lane.count != wanted.lane.index) continue;
      page.records.push_back(entry.record);
    }
    if (page.shard_id.empty()) page.shard_id = shard_name(shard_);
    return page;
  }
  void listen(std::function<void(std::uint64_t)> written) override {
    const std::lock_guard lock(mutex_);
    written_ = std::move(written);
  }

  bool is_gone = false;
  bool is_enabled = true;
  int reads = 0;

 private:
  struct Entry {
    std::string key;
    int shard;
    StreamRecord record;
  };
  static std::string shard_name(int shard) { return "shardId-" + std::to_string(shard); }

  std::mutex mutex_;
  std::vector<Entry> records_;
  std::uint64_t last_ = 100;
  int shard_ = 0;
  std::function<void(std::uint64_t)> written_;
};

/// Grants everything but the actions that are `denied`.
class FakeRights final : public RoleRights {
 public:
  Result<void> check(const std::string&, const std::string& action,
                     const std::string& resource) override {
    const std::lock_guard lock(mutex_);
    asked.insert(action + " " + resource);
    if (!denied.contains(action)) return {};
    return Error{ErrorCode::kAccessDenied, "not authorized to perform: " + action};
  }
  std::set<std::string> denied;
  std::set<std::string> asked;

 private:
  std::mutex mutex_;
};

class FakeObjects final : public ObjectSink {
 public:
  Result<void> put(std::string_view, std::string_view bucket, std::string_view key,
                   std::string body) override {
    const std::lock_guard lock(mutex_);
    if (failures > 0 && failures-- > 0) return unavailable("the disk is full");
    objects[std::string(bucket) + "/" + std::string(key)] = std::move(body);
    return {};
  }
  std::map<std::string, std::string> objects;
  int failures = 0;

 private:
  std::mutex mutex_;
};

}  // namespace stator::lambda::sources::test
