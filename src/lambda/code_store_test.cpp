#include "lambda/code_store.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>
#include <vector>

#include "lambda/test_support.hpp"

namespace stator::lambda::test {
namespace {

namespace fs = std::filesystem;

std::size_t count_entries(const fs::path& directory) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory), {}));
}

Result<std::set<std::string>> nothing() {
  return std::set<std::string>{};
}

TEST(CodeStore, KeepsAndUnpacksAPackageOnce) {
  const TemporaryDirectory directory;
  CodeStore store(directory.path() / "code");
  const std::string zip = make_zip({{"bootstrap", "#!/bin/sh\n"}, {"lib/a", "12345"}});
  const auto first = store.add(zip);
  const auto second = store.add(zip);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->package.sha256_hex, second->package.sha256_hex);
  EXPECT_EQ(first->package.zipped_bytes, zip.size());
  EXPECT_EQ(first->package.unzipped_bytes, 15u);
  EXPECT_EQ(count_entries(directory.path() / "code"), 2u);
  const auto path = store.unpacked(first->package.sha256_hex);
  ASSERT_TRUE(path);
  EXPECT_TRUE(fs::exists(*path / "lib" / "a"));
}

TEST(CodeStore, UnpacksAgainWhatWasLost) {
  const TemporaryDirectory directory;
  CodeStore store(directory.path());
  const auto added = store.add(make_zip({{"bootstrap", "x"}}));
  ASSERT_TRUE(added);
  fs::remove_all(directory.path() / added->package.sha256_hex);
  const auto path = store.unpacked(added->package.sha256_hex);
  ASSERT_TRUE(path);
  EXPECT_TRUE(fs::exists(*path / "bootstrap"));
  EXPECT_EQ(store.unpacked(std::string(64, '0')).error().code, ErrorCode::kInternal);
}

TEST(CodeStore, RefusedPackagesLeaveNothing) {
  const TemporaryDirectory directory;
  CodeStore store(directory.path());
  EXPECT_EQ(store.add("").error().message, "Uploaded file must be a non-empty zip");
  EXPECT_NE(store.add("no zip").error().message.find("Could not unzip uploaded file"),
            std::string::npos);
  const auto large = store.add(std::string(52'428'801, 'x'));
  EXPECT_EQ(large.error().aws_type, "RequestEntityTooLargeException");
  EXPECT_EQ(large.error().message, "Zipped size must be smaller than 52428800 bytes");
  EXPECT_EQ(count_entries(directory.path()), 0u);
}

TEST(CodeStore, SweepsWhatNobodyHolds) {
  const TemporaryDirectory directory;
  CodeStore store(directory.path());
  std::string kept;
  {
    auto named = store.add(make_zip({{"a", "1"}}));
    auto leased = store.add(make_zip({{"a", "2"}}));
    auto dropped = store.add(make_zip({{"a", "3"}}));
    ASSERT_TRUE(named && leased && dropped);
    kept = named->package.sha256_hex;
    dropped->lease = {};
    // What a crash leaves behind.
    fs::create_directory(directory.path() / "tmp-9");
    std::ofstream(directory.path() / "tmp-9" / "half") << "x";
    std::ofstream(directory.path() / (kept + ".zip.abcdef")) << "half";
    named->lease = {};
    EXPECT_EQ(count_entries(directory.path()), 8u);
    ASSERT_TRUE(store.sweep([&] { return Result<std::set<std::string>>(std::set{kept}); }));
    EXPECT_EQ(count_entries(directory.path()), 4u) << "one named, one leased";
    EXPECT_TRUE(fs::exists(directory.path() / leased->package.sha256_hex));
  }
  EXPECT_FALSE(store.sweep([]() -> Result<std::set<std::string>> { return internal("disk"); }));
  EXPECT_EQ(count_entries(directory.path()), 4u) << "not knowing what is named, it takes nothing";
  ASSERT_TRUE(store.sweep(nothing));
  EXPECT_EQ(count_entries(directory.path()), 0u);
}

TEST(CodeStore, ASweepNeverTakesAPackageOnItsWay) {
  const TemporaryDirectory directory;
  CodeStore store(directory.path());
  std::atomic<bool> is_done{false};
  std::thread sweeper([&] {
    while (!is_done) EXPECT_TRUE(store.sweep(nothing));
  });
  for (int i = 0; i < 20; ++i) {
    const auto added = store.add(make_zip({{"a", std::to_string(i % 3)}}));
    EXPECT_TRUE(added);
    if (!added) break;
    EXPECT_TRUE(fs::exists(directory.path() / added->package.sha256_hex / "a"));
    EXPECT_TRUE(fs::exists(directory.path() / (added->package.sha256_hex + ".zip")));
  }
  is_done = true;
  sweeper.join();
}

}  // namespace
}  // namespace stator::lambda::test
