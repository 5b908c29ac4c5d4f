#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <span>
#include <thread>

#include "base/random.hpp"
#include "base/unique_fd.hpp"
#include "storage/key.hpp"
#include "storage/rocks_store.hpp"
#include "storage/store.hpp"
#include "storage/test_stores.hpp"

namespace stator::storage {
namespace {

std::string key_of(std::uint64_t write) {
  return "key" + std::to_string(write % 997);
}

void put(Store& store, std::string key, std::string value) {
  Batch batch;
  batch.put(Family::kItems, std::move(key), std::move(value));
  ASSERT_TRUE(store.write(std::move(batch)));
}

/// What a child process is to do; unset in the tests' own process.
constexpr const char* kChildData = "STATOR_STORAGE_TEST_DATA";
constexpr const char* kChildFirst = "STATOR_STORAGE_TEST_FIRST";

/// Starts this program again to run one of the DISABLED_ tests below: RocksDB's threads do not
/// survive a fork without exec. Its standard output is `out`.
pid_t start_child(const char* test, const std::filesystem::path& data, std::uint64_t first,
                  int out) {
  const std::string filter = "--gtest_filter=RocksStoreChild.DISABLED_" + std::string(test);
  const std::string first_text = std::to_string(first);
  const pid_t child = ::fork();
  STATOR_CHECK(child >= 0);
  if (child != 0) return child;
  ::setenv(kChildData, data.c_str(), 1);
  ::setenv(kChildFirst, first_text.c_str(), 1);
  ::dup2(out, STDOUT_FILENO);
  ::execl("/proc/self/exe", "storage_test", "--gtest_also_run_disabled_tests", "--gtest_brief=1",
          filter.c_str(), nullptr);
  ::_exit(127);
}

/// Writes without end; says on standard output the number of each write that is durable.
TEST(RocksStoreChild, DISABLED_WritesUntilKilled) {
  const char* data = std::getenv(kChildData);
  if (data == nullptr) GTEST_SKIP() << "for start_child() only";
  const UniqueFd out(::open("/proc/self/fd/1", O_WRONLY | O_CLOEXEC));
  const auto store = open_store(data, Durability::kFsync);
  for (std::uint64_t write = std::stoull(std::getenv(kChildFirst));; ++write) {
    Batch batch;
    batch.put(Family::kItems, key_of(write), std::to_string(write));
    batch.put(Family::kIndex, key_of(write), std::to_string(write));
    const auto sequence = store->write(std::move(batch));
    if (!sequence) ::_exit(2);
    store->when_durable(*sequence, [write, &out](Result<void> outcome) {
      const std::string line = "durable " + std::to_string(write) + "\n";
      const auto size = static_cast<ssize_t>(line.size());
      if (!outcome || ::write(out.get(), line.data(), line.size()) != size) ::_exit(3);
    });
  }
}

/// Lets a child write and kills it after `acknowledged` confirmations; returns the highest
/// confirmed write.
std::uint64_t run_and_kill(const std::filesystem::path& data, std::uint64_t first,
                           std::uint64_t acknowledged) {
  int ends[2];
  STATOR_CHECK(::pipe2(ends, O_CLOEXEC) == 0);
  const std::unique_ptr<FILE, int (*)(FILE*)> in(::fdopen(ends[0], "r"), &std::fclose);
  UniqueFd out(ends[1]);
  const pid_t child = start_child("WritesUntilKilled", data, first, out.get());
  out.reset();
  std::uint64_t highest = 0;
  std::uint64_t confirmed = 0;
  char line[256];
  while (std::fgets(line, sizeof line, in.get()) != nullptr) {
    unsigned long long write = 0;
    if (std::sscanf(line, "durable %llu\n", &write) != 1) continue;
    // Without its end the line may lack digits.
    if (std::strchr(line, '\n') != nullptr) highest = std::max<std::uint64_t>(highest, write);
    if (confirmed++ == acknowledged) ::kill(child, SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
  return highest;
}

TEST(RocksStore, KeepsEveryAcknowledgedWriteThroughKills) {
  const TemporaryDirectory data;
  SeededRandom random(42);
  std::uint64_t next = 1;
  for (int kill = 0; kill < 8; ++kill) {
    const auto highest = run_and_kill(data.path(), next, random.below(3'000));
    ASSERT_GE(highest, next);
    const auto store = open_store(data.path(), Durability::kFsync);
    for (std::uint64_t write = highest; write + 997 > highest && write > 0; --write) {
      const auto item = store->get(Family::kItems, key_of(write)).value();
      ASSERT_TRUE(item) << write;
      EXPECT_GE(std::stoull(*item), write);
      EXPECT_EQ(store->get(Family::kIndex, key_of(write)).value(), item) << "half a batch";
    }
    // What was written without being acknowledged may be there too; go on above all of it.
    const auto all = store->iterate(Family::kItems, {});
    for (all->seek_first(); all->valid(); all->next()) {
      next = std::max<std::uint64_t>(next, std::stoull(std::string(all->value())) + 1);
    }
  }
}

TEST(RocksStore, CountsOnWhereItStopped) {
  const TemporaryDirectory data;
  Sequence last = 0;
  for (int opening = 0; opening < 3; ++opening) {
    const auto store = open_store(data.path(), Durability::kFsync);
    EXPECT_GE(store->last(), last);
    EXPECT_EQ(store->durable(), store->last());
    put(*store, "k", std::to_string(opening));
    EXPECT_GT(store->last(), last);
    last = store->last();
  }
}

TEST(RocksStore, ManyStartsLeaveFewLogs) {
  const TemporaryDirectory data;
  constexpr int kStarts = 30;
  for (int start = 0; start < kStarts; ++start) {
    put(*open_store(data.path(), Durability::kFsync), std::to_string(start), "v");
  }
  std::size_t logs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(data.path() / "db")) {
    logs += entry.path().extension() == ".log" ? 1 : 0;
  }
  EXPECT_LE(logs, 9u);
  const auto store = open_store(data.path(), Durability::kFsync);
  for (int start = 0; start < kStarts; ++start) {
    EXPECT_EQ(store->get(Family::kItems, std::to_string(start)).value(), "v") << start;
  }
}

TEST(RocksStore, AsyncSurvivesACleanStop) {
  const TemporaryDirectory data;
  put(*open_store(data.path(), Durability::kAsync), "k", "v");
  EXPECT_EQ(open_store(data.path(), Durability::kFsync)->get(Family::kItems, "k").value(), "v");
}

TEST(RocksStore, MakesACheckpointThatStandsAlone) {
  const TemporaryDirectory data;
  const TemporaryDirectory copy;
  {
    const auto store = open_store(data.path(), Durability::kFsync);
    put(*store, "k", "then");
    ASSERT_TRUE(store->checkpoint(copy.path() / "db"));
    EXPECT_EQ(store->checkpoint(copy.path() / "db").error().code, ErrorCode::kConflict);
    put(*store, "k", "now");
  }
  EXPECT_EQ(open_store(copy.path(), Durability::kFsync)->get(Family::kItems, "k").value(), "then");
  EXPECT_EQ(open_store(data.path(), Durability::kFsync)->get(Family::kItems, "k").value(), "now");
}

TEST(RocksStore, SaysWhatToDoAboutADamagedDatabase) {
  const TemporaryDirectory data;
  { put(*open_store(data.path(), Durability::kFsync), "k", "v"); }
  for (const auto& entry : std::filesystem::directory_iterator(data.path() / "db")) {
    if (entry.path().filename().string().rfind("MANIFEST", 0) == 0) {
      std::ofstream(entry.path(), std::ios::trunc) << "garbage that is no manifest";
    }
  }
  try {
    const auto store = open_store(data.path(), Durability::kFsync);
    FAIL() << "opened";
  } catch (const ConfigError& error) {
    EXPECT_NE(std::string(error.what()).find("restore"), std::string::npos) << error.what();
  }
}

/// In a child whose files may not grow past a megabyte: the disk is full, so to speak.
TEST(RocksStoreChild, DISABLED_WritesUntilTheDiskIsFull) {
  const char* data = std::getenv(kChildData);
  if (data == nullptr) GTEST_SKIP() << "for start_child() only";
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{1 << 20, 1 << 20};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  const auto store = open_store(data, Durability::kFsync);
  const auto write = [&](const std::string& key) {
    Batch batch;
    batch.put(Family::kItems, key, std::string(100'000, 'x'));
    return store->write(std::move(batch));
  };
  int i = 0;
  auto outcome = write("0");
  for (; outcome && i < 100; ++i) outcome = write(std::to_string(i + 1));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(store->get(Family::kItems, std::to_string(i)).value()) << "it was not applied";
  EXPECT_FALSE(write("after the failure"));
  EXPECT_TRUE(store->get(Family::kItems, "0").value()) << "reads go on";
  bool is_refused = false;
  store->when_durable(store->last(), [&](Result<void> done) { is_refused = !done; });
  EXPECT_TRUE(is_refused);
}

TEST(RocksStore, RefusesEverythingAfterAFailedWrite) {
  const TemporaryDirectory data;
  const pid_t child = start_child("WritesUntilTheDiskIsFull", data.path(), 0, STDERR_FILENO);
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status)) << status;
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

/// The tables of a database, with their sizes.
std::map<std::string, std::uintmax_t> tables(const std::filesystem::path& directory) {
  std::map<std::string, std::uintmax_t> sizes;
  for (const auto& file : std::filesystem::directory_iterator(directory)) {
    std::error_code gone;
    const auto size = file.path().extension() == ".sst" ? file.file_size(gone) : 0;
    if (!gone && size > 0) sizes[file.path().filename().string()] = size;
  }
  return sizes;
}

TEST(RocksStore, ErasedRangesOfLogEventsGiveTheDiskBack) {
  const TemporaryDirectory directory;
  RocksPlace place;
  place.write_buffer_bytes = 1u << 20;
  const auto store = open_rocks_store(directory.path() / "db", Durability::kAsync, place);
  SystemRandom random;
  constexpr int kEvents = 640;
  constexpr std::size_t kEventBytes = 64u << 10;  // 40 MiB that nothing makes smaller
  for (int i = 0; i < kEvents; ++i) {
    std::string bytes(kEventBytes, '\0');
    random.fill(std::as_writable_bytes(std::span(bytes.data(), bytes.size())));
    Batch batch;
    batch.put(Family::kLogs, "old" + std::to_string(10'000 + i), std::move(bytes));
    ASSERT_TRUE(store->write(std::move(batch)));
  }
  // Tables that are being compacted are spared, so each time that there are others the erasure is
  // made again. The erasures are far too few to be compacted themselves.
  constexpr std::uintmax_t kFew = std::uintmax_t{16} << 20;
  std::map<std::string, std::uintmax_t> seen;
  std::uintmax_t bytes = kFew;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (bytes >= kFew && std::chrono::steady_clock::now() < deadline) {
    if (tables(directory.path() / "db") == seen) {
      std::this_thread::yield();
      continue;
    }
    Batch batch;
    batch.erase_range(Family::kLogs, "old", "olf");
    ASSERT_TRUE(store->write(std::move(batch)));
    seen = tables(directory.path() / "db");
    bytes = 0;
    for (const auto& [name, size] : seen) bytes += size;
  }
  EXPECT_LT(bytes, kFew);
  const auto left = store->iterate(Family::kLogs, {"", ""});
  left->seek_first();
  EXPECT_FALSE(left->valid());
}

}  // namespace
}  // namespace stator::storage
