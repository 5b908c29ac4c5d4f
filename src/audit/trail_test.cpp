#include "audit/trail.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <future>

#include "audit/test_directory.hpp"
#include "base/file.hpp"

namespace stator::audit {
namespace {

namespace fs = std::filesystem;

std::vector<json::Object> read_records(const fs::path& directory) {
  std::vector<json::Object> records;
  std::ifstream file(directory / "audit.jsonl");
  for (std::string line; std::getline(file, line);) {
    records.push_back(json::parse_object(line).value());
  }
  return records;
}

struct TrailTest : ::testing::Test {
  aws::Call call_of(std::string request_id) {
    aws::Call call;
    call.request_id = std::move(request_id);
    return call;
  }
  TrailParts parts() {
    return {.directory = directory.path() / "audit",
            .clock = clock,
            .random = random,
            .logger = logger};
  }

  TestDirectory directory;
  FakeClock clock;
  SystemRandom random;
  log::Logger logger{clock, log::Level::kError, [](std::string_view) {}};
};

TEST_F(TrailTest, WritesALineForEachCallAndFindsIt) {
  Trail trail(parts());
  for (const char* id : {"one", "two"}) {
    trail.record({.call = call_of(id), .service = "iam", .operation = "CreateRole"});
  }
  const auto found = trail.find("one");
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->at("eventName").as_string(), "CreateRole");
  EXPECT_EQ(trail.find("three").value(), std::nullopt);
  trail.stop();
  EXPECT_EQ(read_records(directory.path() / "audit").size(), 2U);
}

TEST_F(TrailTest, AnIdIsNoPattern) {
  Trail trail(parts());
  EXPECT_FALSE(trail.find("\",\"eventName\":\"x"));
  EXPECT_FALSE(trail.find(""));
}

TEST_F(TrailTest, DenialsCarryWhatIsKnownAboutThem) {
  TrailParts with_denials = parts();
  with_denials.denial_of = [](std::string_view id) -> std::optional<json::Object> {
    return json::Object{{"of", std::string(id)}};
  };
  Trail trail(std::move(with_denials));
  trail.record({.call = call_of("bad"),
                .service = "dynamodb",
                .operation = "PutItem",
                .is_management = false,
                .error_name = "AccessDeniedException"});
  trail.record({.call = call_of("good"), .service = "iam", .operation = "CreateRole"});
  trail.stop();
  const auto records = read_records(directory.path() / "audit");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(json::dump(records[0].at("additionalEventData")), R"({"decision":{"of":"bad"}})");
  EXPECT_FALSE(records[1].contains("additionalEventData"));
}

TEST_F(TrailTest, CountsSignaturesThatWereRefused) {
  Trail trail(parts());
  trail.record({.call = call_of("x"),
                .service = "iam",
                .operation = "GetRole",
                .is_authenticated = false,
                .error_name = "InvalidClientTokenId"});
  EXPECT_EQ(trail.failed_authentications(), 1U);
}

/// A writer whose thread stands still, because its first write fails and reports that.
struct HeldWriter {
  explicit HeldWriter(const fs::path& directory) {
    std::ofstream(directory / "audit") << "not a directory";
    writer.emplace(
        LogFiles(directory / "audit"),
        [](std::uint64_t count) { return "missing " + std::to_string(count); },
        [this, directory](const Error&) {
          is_held.set_value();
          go_on.get_future().wait();
          fs::remove(directory / "audit");
        },
        WriterOptions{.queued_bytes_max = 8});
    writer->write("a", Priority::kManagement);
    is_held.get_future().wait();
  }

  std::promise<void> is_held, go_on;
  std::optional<Writer> writer;
};

TEST_F(TrailTest, AFullQueueDropsAndTheLogSaysSo) {
  HeldWriter held(directory.path());
  held.writer->write("bbb", Priority::kRefusal);
  held.writer->write("ccc", Priority::kRefusal);     // more than half: dropped
  held.writer->write("ddd", Priority::kManagement);  // fits to the byte
  held.writer->write("e", Priority::kManagement);    // dropped
  held.go_on.set_value();
  held.writer->stop();
  EXPECT_EQ(held.writer->dropped(), 3U) << "a, which the disk refused, and two more";
  EXPECT_EQ(read_file(directory.path() / "audit" / "audit.jsonl").value(), "bbb\nddd\nmissing 3\n");
  held.writer->write("f", Priority::kManagement);
  EXPECT_EQ(held.writer->dropped(), 4U) << "nothing is written after stop()";
}

}  // namespace
}  // namespace stator::audit
