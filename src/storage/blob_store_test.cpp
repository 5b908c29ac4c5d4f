#include "storage/blob_store.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <thread>

#include "storage/test_stores.hpp"

namespace stator::storage {
namespace {

constexpr const char* kHashOfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

std::size_t count_files(const std::filesystem::path& directory) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    files += entry.is_regular_file() ? 1 : 0;
  }
  return files;
}

TEST(BlobStore, KeepsOneFileForEachContent) {
  const TemporaryDirectory directory;
  BlobStore blobs(directory.path() / "blobs");
  EXPECT_EQ(blobs.put("abc").value(), kHashOfAbc);
  EXPECT_EQ(blobs.put("abc").value(), kHashOfAbc);
  EXPECT_EQ(count_files(directory.path()), 1u);
  EXPECT_EQ(blobs.path(kHashOfAbc), directory.path() / "blobs" / "ba" / kHashOfAbc);
  EXPECT_EQ(blobs.get(kHashOfAbc).value(), "abc");
}

TEST(BlobStore, IsForThisUsersEyesAlone) {
  const TemporaryDirectory directory;
  const BlobStore blobs(directory.path() / "blobs");
  EXPECT_EQ(std::filesystem::status(directory.path() / "blobs").permissions(),
            std::filesystem::perms::owner_all);
}

TEST(BlobStore, RemovesAndDoesNotMindWhatIsGone) {
  const TemporaryDirectory directory;
  BlobStore blobs(directory.path());
  ASSERT_TRUE(blobs.put("abc"));
  EXPECT_TRUE(blobs.remove(kHashOfAbc));
  EXPECT_TRUE(blobs.remove(kHashOfAbc));
  EXPECT_EQ(blobs.get(kHashOfAbc).error().code, ErrorCode::kNotFound);
}

TEST(BlobStore, FindsNothingUnderANameThatIsNoHash) {
  const TemporaryDirectory directory;
  BlobStore blobs(directory.path());
  for (const char* name : {"", "../../etc/passwd", "BA7816BF"}) {
    EXPECT_EQ(blobs.get(name).error().code, ErrorCode::kNotFound) << name;
    EXPECT_TRUE(blobs.remove(name)) << name;
  }
}

TEST(BlobStore, ReplacesAFileCutShort) {
  const TemporaryDirectory directory;
  BlobStore blobs(directory.path());
  ASSERT_TRUE(blobs.put("abc"));
  std::ofstream(blobs.path(kHashOfAbc), std::ios::trunc) << "a";
  ASSERT_TRUE(blobs.put("abc"));
  EXPECT_EQ(blobs.get(kHashOfAbc).value(), "abc");
}

TEST(BlobStore, TakesTheSameBytesFromManyThreads) {
  const TemporaryDirectory directory;
  BlobStore blobs(directory.path());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { EXPECT_TRUE(blobs.put("abc")); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(count_files(directory.path()), 1u);
}

RC_GTEST_PROP(BlobStoreProperty, GivesBackWhatItTook, (const std::string& bytes)) {
  const TemporaryDirectory directory;
  BlobStore blobs(directory.path());
  RC_ASSERT(blobs.get(blobs.put(bytes).value()).value() == bytes);
}

}  // namespace
}  // namespace stator::storage
