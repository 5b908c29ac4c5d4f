#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "archive/test_zip.hpp"
#include "archive/zip.hpp"
#include "base/file.hpp"

namespace stator::archive {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kLink = S_IFLNK | 0777;

struct Outcome {
  Result<UnpackSummary> result = UnpackSummary();
  bool wrote = false;
};

Outcome try_unpack(const std::string& zip, const UnpackLimits& limits = {}) {
  const TemporaryDirectory directory;
  Outcome outcome;
  outcome.result = unpack(zip, directory.path(), limits);
  outcome.wrote = !fs::is_empty(directory.path());
  return outcome;
}

TEST(HostileZip, TheRawZipItselfIsSound) {
  const TemporaryDirectory directory;
  const auto zip = raw_zip({{"d/", "", S_IFDIR | 0700},
                            {"d/plain", "hello"},
                            {"run", "#!", S_IFREG | 0100},
                            {"from-windows.txt", "x", 0},
                            {"setuid", "x", S_IFREG | 06755},
                            {"no-type", "x", 0600}});
  const auto summary = unpack(zip, directory.path());
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->files, 5u);
  EXPECT_EQ(read_file(directory.path() / "d/plain").value(), "hello");
  const auto mode = [&](const char* name) {
    return static_cast<unsigned>(fs::status(directory.path() / name).permissions());
  };
  EXPECT_EQ(mode("d"), 0755u);
  EXPECT_EQ(mode("run"), 0755u);
  EXPECT_EQ(mode("from-windows.txt"), 0644u);
  EXPECT_EQ(mode("setuid"), 0755u) << "nothing of the mode but its execute bits";
  EXPECT_EQ(mode("no-type"), 0644u);
}

TEST(HostileZip, IsRefusedBeforeAnythingIsWritten) {
  const std::vector<std::pair<const char*, std::vector<RawEntry>>> cases = {
      {"parent", {{"good", "x"}, {"../evil", "x"}}},
      {"parent in the middle", {{"good", "x"}, {"a/../../evil", "x"}}},
      {"absolute", {{"good", "x"}, {"/etc/evil", "x"}}},
      {"backslash", {{"good", "x"}, {"..\\evil", "x"}}},
      {"no name", {{"good", "x"}, {"", "x"}}},
      {"name of the root", {{"good", "x"}, {"./.", "x"}}},
      {"doubled", {{"a", "1"}, {"b", "2"}, {"a", "3"}}},
      {"doubled in disguise", {{"a/b", "1"}, {"a//./b", "2"}}},
      {"link out", {{"good", "x"}, {"l", "../..", kLink}}},
      {"absolute link", {{"good", "x"}, {"l", "/etc/passwd", kLink}}},
      {"link without target", {{"good", "x"}, {"l", "", kLink}}},
      {"link target too long", {{"good", "x"}, {"l", std::string(1'025, 'a'), kLink}}},
      {"write through a link", {{"l", "d", kLink}, {"l/evil", "x"}}},
      {"write through a later link", {{"l/evil", "x"}, {"l", "d", kLink}}},
      {"file as directory", {{"a", "x"}, {"a/b", "x"}}},
      {"encrypted", {{"good", "x"}, {"secret", "xxxxxxxxxxxxx", S_IFREG | 0644, 1}}},
      {"device", {{"good", "x"}, {"null", "", S_IFCHR | 0666}}},
      {"fifo", {{"good", "x"}, {"pipe", "", S_IFIFO | 0666}}},
      {"socket", {{"good", "x"}, {"s", "", S_IFSOCK | 0666}}},
      {"file called directory", {{"good", "x"}, {"d/", "x", S_IFREG | 0644}}},
  };
  for (const auto& [name, entries] : cases) {
    const auto outcome = try_unpack(raw_zip(entries));
    ASSERT_FALSE(outcome.result) << name;
    EXPECT_EQ(outcome.result.error().code, ErrorCode::kInvalid) << name;
    EXPECT_FALSE(outcome.wrote) << name;
  }
}

TEST(HostileZip, WritesNothingOutsideItsDirectory) {
  const TemporaryDirectory parent;
  fs::create_directory(parent.path() / "package");
  EXPECT_FALSE(unpack(raw_zip({{"l", "..", kLink}, {"l/evil", "x"}}), parent.path() / "package"));
  EXPECT_FALSE(unpack(raw_zip({{"../evil", "x"}}), parent.path() / "package"));
  EXPECT_FALSE(fs::exists(parent.path() / "evil"));
}

TEST(HostileZip, ABombIsStoppedByWhatItSays) {
  const auto outcome = try_unpack(pack({{"zeros", std::string(1'000'000, '\0')}}).value(),
                                  {.unpacked_bytes_max = 999'999});
  EXPECT_EQ(outcome.result.error().code, ErrorCode::kTooLarge);
  EXPECT_FALSE(outcome.wrote);
}

TEST(HostileZip, ABombThatLiesIsStoppedByWhatItIs) {
  // The directory says one byte; the stream holds a million.
  auto zip = pack({{"zeros", std::string(1'000'000, '\0')}}).value();
  const std::string truth("\x40\x42\x0f\x00", 4);
  std::size_t lies = 0;
  for (auto at = zip.find(truth); at != std::string::npos; at = zip.find(truth, at + 4)) {
    zip.replace(at, 4, std::string("\x01\x00\x00\x00", 4));
    ++lies;
  }
  ASSERT_EQ(lies, 2u) << "one in each header";
  const TemporaryDirectory directory;
  const auto result = unpack(zip, directory.path(), {.unpacked_bytes_max = 10'000});
  ASSERT_FALSE(result);
  for (const auto& file : fs::directory_iterator(directory.path())) {
    EXPECT_LE(fs::file_size(file), 10'000u);
  }
}

TEST(HostileZip, CountsAllFilesTogether) {
  std::vector<RawEntry> entries;
  for (int i = 0; i < 11; ++i) entries.push_back({std::to_string(i), std::string(100, 'x')});
  EXPECT_EQ(try_unpack(raw_zip(entries), {.unpacked_bytes_max = 1'099}).result.error().code,
            ErrorCode::kTooLarge);
  EXPECT_TRUE(try_unpack(raw_zip(entries), {.unpacked_bytes_max = 1'100}).result);
  EXPECT_EQ(try_unpack(raw_zip(entries), {.entries_max = 10}).result.error().code,
            ErrorCode::kTooLarge);
}

TEST(HostileZip, DamagedContentsAreNoticed) {
  auto zip = raw_zip({{"a", "hello"}});
  zip[zip.find("hello")] = 'j';
  EXPECT_EQ(try_unpack(zip).result.error().code, ErrorCode::kInvalid);
}

TEST(HostileZip, AnUnknownCompressionIsNamed) {
  const auto outcome = try_unpack(raw_zip({{"a", "hello", S_IFREG | 0644, 0, 97}}));
  EXPECT_EQ(outcome.result.error().code, ErrorCode::kInvalid);
}

RC_GTEST_PROP(HostileZipProperty, NoDamageCrashesOrEscapes, ()) {
  auto zip = raw_zip({{"d/", "", S_IFDIR | 0755}, {"d/file", "contents"}, {"l", "d/file", kLink}});
  const int flips = *rc::gen::inRange(1, 6);
  for (int i = 0; i < flips; ++i) {
    zip[*rc::gen::inRange<std::size_t>(0, zip.size())] = *rc::gen::arbitrary<char>();
  }
  if (*rc::gen::arbitrary<bool>()) zip.resize(*rc::gen::inRange<std::size_t>(0, zip.size()));
  const TemporaryDirectory parent;
  const auto package = parent.path() / "package";
  fs::create_directory(package);
  static_cast<void>(unpack(zip, package, {.unpacked_bytes_max = 1'000'000}));
  for (const auto& entry : fs::directory_iterator(parent.path())) {
    RC_ASSERT(entry.path() == package);
  }
}

}  // namespace
}  // namespace stator::archive
