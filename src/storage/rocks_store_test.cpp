#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <map>

#include "base/random.hpp"
#include "base/unique_fd.hpp"
#include "storage/key.hpp"
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

/// Writes without end; says on `out` the number of each write that it was told is durable.
[[noreturn]] void write_until_killed(const std::filesystem::path& data, std::uint64_t first,
                                     int out) {
  const auto store = open_store(data, Durability::kFsync);
  for (std::uint64_t write = first;; ++write) {
    Batch batch;
    batch.put(Family::kItems, key_of(write), std::to_string(write));
    batch.put(Family::kIndex, key_of(write), std::to_string(write));
    const auto sequence = store->write(std::move(batch));
    if (!sequence) ::_exit(2);
    store->when_durable(*sequence, [write, out](Result<void> outcome) {
      if (!outcome || ::write(out, &write, sizeof write) != sizeof write) ::_exit(3);
    });
  }
}

/// Lets a child write and kills it after `acknowledged` confirmations; returns the highest
/// confirmed write.
std::uint64_t run_and_kill(const std::filesystem::path& data, std::uint64_t first,
                           std::uint64_t acknowledged) {
  int ends[2];
  STATOR_CHECK(::pipe(ends) == 0);
  const UniqueFd in(ends[0]);
  UniqueFd out(ends[1]);
  const pid_t child = ::fork();
  STATOR_CHECK(child >= 0);
  if (child == 0) write_until_killed(data, first, out.get());
  out.reset();
  std::uint64_t write = 0;
  std::uint64_t highest = 0;
  for (std::uint64_t i = 0; ::read(in.get(), &write, sizeof write) == sizeof write; ++i) {
    highest = std::max(highest, write);
    if (i == acknowledged) ::kill(child, SIGKILL);
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
int write_until_the_disk_is_full(const std::filesystem::path& data) {
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{1 << 20, 1 << 20};
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
  const auto store = open_store(data, Durability::kFsync);
  Sequence last = 0;
  for (int i = 0; i < 100; ++i) {
    Batch batch;
    batch.put(Family::kItems, std::to_string(i), std::string(100'000, 'x'));
    const auto sequence = store->write(std::move(batch));
    if (sequence) {
      last = *sequence;
      continue;
    }
    Batch small;
    small.put(Family::kItems, "after", "the failure");
    const auto after = store->write(std::move(small));
    bool is_refused = false;
    store->when_durable(last, [&](Result<void> outcome) { is_refused = !outcome; });
    const bool still_reads = store->get(Family::kItems, "0").value().has_value();
    const bool is_hidden = !store->get(Family::kItems, std::to_string(i)).value();
    return sequence.error().code == ErrorCode::kUnavailable && !after && is_refused &&
                   still_reads && is_hidden
               ? 0
               : 2;
  }
  return 3;
}

TEST(RocksStore, RefusesEverythingAfterAFailedWrite) {
  const TemporaryDirectory data;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(write_until_the_disk_is_full(data.path()));
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status)) << status;
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace stator::storage
