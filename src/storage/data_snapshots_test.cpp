#include "storage/data_snapshots.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "base/file.hpp"
#include "storage/data_directory.hpp"
#include "storage/test_stores.hpp"

namespace stator::storage {
namespace {

namespace fs = std::filesystem;

const WallTime kNow = from_epoch_ms(1'700'000'000'000);

/// A data directory with a store and a file in each place where there are some.
class Site {
 public:
  explicit Site(fs::path data) : data_(std::move(data)) {}

  void write_state(const std::string& value) {
    const DataDirectory directory(data_);
    fs::create_directories(data_ / "blobs" / "ab");
    ASSERT_TRUE(write_file_durably(data_ / "blobs" / "ab" / value, value));
    ASSERT_TRUE(write_file_durably(data_ / "credentials", value, 0600));
    fs::create_directories(data_ / "audit");
    ASSERT_TRUE(write_file_durably(data_ / "audit" / "log", value));
    with_store([&](Store& store) {
      Batch batch;
      batch.put(Family::kItems, "key", value);
      ASSERT_TRUE(store.write(std::move(batch)));
    });
  }
  void with_store(const std::function<void(Store&)>& use) const {
    const auto store = open_store(data_, Durability::kFsync);
    use(*store);
  }
  void snapshot(const std::string& name) {
    with_store([&](Store& store) { ASSERT_TRUE(DataSnapshots(data_).create(name, store, kNow)); });
  }
  [[nodiscard]] std::string item() const {
    std::string value;
    with_store(
        [&](Store& store) { value = store.get(Family::kItems, "key").value().value_or(""); });
    return value;
  }
  [[nodiscard]] std::string file(const std::string& name) const {
    return read_file(data_ / name).value_or("");
  }
  /// What the directory is, in one text.
  [[nodiscard]] std::string state() const { return item() + " " + file("credentials"); }

 private:
  fs::path data_;
};

TEST(DataSnapshots, RestoresWhatWasThere) {
  const TemporaryDirectory directory;
  Site site(directory.path());
  site.write_state("one");
  site.snapshot("first");
  site.write_state("two");
  {
    const DataDirectory lock(directory.path());
    ASSERT_TRUE(DataSnapshots(directory.path()).restore("first"));
  }
  EXPECT_EQ(site.state(), "one one");
  EXPECT_EQ(site.file("blobs/ab/one"), "one");
  EXPECT_EQ(site.file("audit/log"), "two") << "history does not go back";
  // It may be restored again.
  site.write_state("three");
  ASSERT_TRUE(DataSnapshots(directory.path()).restore("first"));
  EXPECT_EQ(site.state(), "one one");
}

TEST(DataSnapshots, ABranchGoesItsOwnWay) {
  const TemporaryDirectory directory, parent;
  Site site(directory.path());
  site.write_state("one");
  site.snapshot("first");
  const fs::path place = parent.path() / "branch";
  ASSERT_TRUE(DataSnapshots(directory.path()).branch("first", place));
  Site branch(place);
  EXPECT_EQ(branch.state(), "one one");
  branch.write_state("two");
  site.write_state("three");
  EXPECT_EQ(branch.state(), "two two");
  EXPECT_EQ(site.state(), "three three");
  ASSERT_TRUE(DataSnapshots(directory.path()).restore("first"));
  EXPECT_EQ(site.state(), "one one") << "neither side writes to what they share";
  EXPECT_EQ(branch.state(), "two two");
  const auto again = DataSnapshots(directory.path()).branch("first", place);
  EXPECT_EQ(again.error().code, ErrorCode::kConflict);
}

TEST(DataSnapshots, AreListedByAgeAndRemoved) {
  const TemporaryDirectory directory;
  Site site(directory.path());
  site.write_state("one");
  DataSnapshots snapshots(directory.path());
  EXPECT_TRUE(snapshots.list().value().empty());
  site.with_store([&](Store& store) {
    ASSERT_TRUE(snapshots.create("b", store, kNow));
    ASSERT_TRUE(snapshots.create("a", store, kNow + std::chrono::seconds(1)));
    EXPECT_EQ(snapshots.create("a", store, kNow).error().code, ErrorCode::kConflict);
    for (const char* name : {"", ".", "..", "a/b", "-a", ".making", "a b"}) {
      EXPECT_EQ(snapshots.create(name, store, kNow).error().code, ErrorCode::kInvalid) << name;
    }
  });
  ASSERT_EQ(snapshots.list().value().size(), 2u);
  EXPECT_EQ(snapshots.list().value().front().name, "b");
  EXPECT_EQ(snapshots.list().value().front().made, kNow);
  ASSERT_TRUE(snapshots.remove("b"));
  EXPECT_EQ(snapshots.list().value().size(), 1u);
  EXPECT_EQ(snapshots.remove("b").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(snapshots.remove("../blobs").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(snapshots.restore("b").error().code, ErrorCode::kNotFound);
}

TEST(DataSnapshots, WhatACrashLeftIsNone) {
  const TemporaryDirectory directory;
  Site site(directory.path());
  site.write_state("one");
  fs::create_directories(directory.path() / "snapshots" / ".making" / "db");
  fs::create_directories(directory.path() / "snapshots" / "unfinished" / "db");
  EXPECT_TRUE(DataSnapshots(directory.path()).list().value().empty());
  site.snapshot("first");
  EXPECT_EQ(DataSnapshots(directory.path()).list().value().size(), 1u);
}

/// A restore that ends after any of its steps is finished by the next start.
TEST(DataSnapshots, ARestoreThatWasCutShortIsFinished) {
  for (int moved = 0; moved <= 3; ++moved) {
    const TemporaryDirectory directory, parent;
    const fs::path data = directory.path();
    Site site(data);
    site.write_state("one");
    site.snapshot("first");
    site.write_state("two");
    // As restore() leaves it before it calls finish_restore().
    ASSERT_TRUE(DataSnapshots(data).branch("first", data / "restoring"));
    if (moved >= 1) {
      fs::create_directories(data / "replaced");
      fs::rename(data / "db", data / "replaced" / "db");
    }
    if (moved >= 2) fs::rename(data / "restoring" / "db", data / "db");
    if (moved >= 3) fs::rename(data / "restoring" / "credentials", data / "credentials");
    { const DataDirectory opened(data); }
    EXPECT_EQ(site.state(), "one one") << moved;
    EXPECT_FALSE(fs::exists(data / "restoring")) << moved;
    EXPECT_FALSE(fs::exists(data / "replaced")) << moved;
  }
}

}  // namespace
}  // namespace stator::storage
