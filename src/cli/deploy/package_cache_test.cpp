#include "cli/deploy/package_cache.hpp"

#include <gtest/gtest.h>

#include "cli/deploy/test_aws.hpp"

namespace stator::cli {
namespace {

const std::string kHash(64, 'b');

class PackageCacheTest : public testing::Test {
 protected:
  PackageCacheTest() {
    directory_.write("code/a.py", "print(1)\n");
    clock_.set(SystemClock().wall() + std::chrono::hours(1));  // nothing is fresh
  }
  [[nodiscard]] std::filesystem::path code() const { return directory_.path() / "code"; }
  [[nodiscard]] std::filesystem::path file() const { return directory_.path() / "c" / "packages"; }

  TestDirectory directory_;
  FakeClock clock_;
};

TEST_F(PackageCacheTest, RemembersADirectoryThatLooksTheSame) {
  const auto seen = fingerprint_of(code());
  ASSERT_TRUE(seen);
  {
    PackageCache cache(file(), clock_);
    EXPECT_FALSE(cache.find(code(), *seen));
    cache.put(code(), *seen, kHash);
    cache.save();
  }
  const PackageCache again(file(), clock_);
  EXPECT_EQ(again.find(code(), *fingerprint_of(code())), kHash);
  EXPECT_FALSE(again.find(directory_.path(), *seen));
}

TEST_F(PackageCacheTest, SeesEveryChange) {
  const std::string before = fingerprint_of(code())->digest;
  // The same size, and by the file's own word the same time.
  const auto time = std::filesystem::last_write_time(code() / "a.py");
  directory_.write("code/a.py", "print(2)\n");
  std::filesystem::last_write_time(code() / "a.py", time);
  const std::string rewritten = fingerprint_of(code())->digest;
  EXPECT_NE(rewritten, before);
  std::filesystem::permissions(code() / "a.py", std::filesystem::perms::owner_all);
  const std::string executable = fingerprint_of(code())->digest;
  EXPECT_NE(executable, rewritten);
  std::filesystem::rename(code() / "a.py", code() / "b.py");
  const std::string renamed = fingerprint_of(code())->digest;
  EXPECT_NE(renamed, executable);
  directory_.write("code/sub/c.py", "");
  EXPECT_NE(fingerprint_of(code())->digest, renamed);
}

TEST_F(PackageCacheTest, DoesNotTrustWhatHasJustBeenWritten) {
  PackageCache cache("", clock_);
  auto seen = fingerprint_of(code());
  seen->newest_ns = epoch_ms(clock_.wall()) * 1'000'000;
  cache.put(code(), *seen, kHash);
  EXPECT_FALSE(cache.find(code(), *seen));
}

TEST_F(PackageCacheTest, TakesABrokenFileForAnEmptyOne) {
  for (const char* text : {"", "{", "[]", R"({"/a":1})", R"({"/a":{"sha256":"short"}})"}) {
    directory_.write("c/packages", text);
    PackageCache cache(file(), clock_);
    const auto seen = fingerprint_of(code());
    EXPECT_FALSE(cache.find("/a", *seen)) << text;
    cache.put(code(), *seen, kHash);
    cache.save();
    EXPECT_TRUE(PackageCache(file(), clock_).find(code(), *seen)) << text;
  }
}

TEST_F(PackageCacheTest, ForgetsTheOldestPastItsBound) {
  const auto seen = fingerprint_of(code());
  PackageCache cache(file(), clock_);
  for (int i = 0; i < 600; ++i) {
    clock_.advance(std::chrono::milliseconds(1));
    cache.put("/code/" + std::to_string(i), *seen, kHash);
  }
  cache.save();
  const PackageCache again(file(), clock_);
  EXPECT_FALSE(again.find("/code/99", *seen));
  EXPECT_TRUE(again.find("/code/100", *seen));
  EXPECT_TRUE(again.find("/code/599", *seen));
}

TEST(Fingerprint, SaysWhatIsNotThere) {
  const auto seen = fingerprint_of("/no/such/directory");
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace stator::cli
