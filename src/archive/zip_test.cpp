#include "archive/zip.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>
#include <set>

#include "archive/test_zip.hpp"
#include "base/file.hpp"

namespace stator::archive {
namespace {

namespace fs = std::filesystem;

fs::perms mode_of(const fs::path& path) {
  return fs::status(path).permissions();
}

TEST(Zip, UnpacksWhatItPacked) {
  const TemporaryDirectory directory;
  const auto zip = pack({{"bootstrap",
                          "\x7f"
                          "ELF",
                          true},
                         {"lib/libx.so.1", std::string(100'000, 'x')},
                         {"lib/libx.so", "libx.so.1", false, true},
                         {"empty", ""}})
                       .value();
  EXPECT_LT(zip.size(), 2'000u) << "it compresses";
  const auto summary = unpack(zip, directory.path()).value();
  EXPECT_EQ(summary.files, 3u);
  EXPECT_EQ(summary.unpacked_bytes, 100'004u);
  EXPECT_EQ(fs::read_symlink(directory.path() / "lib/libx.so"), "libx.so.1");
  EXPECT_EQ(mode_of(directory.path() / "bootstrap"), static_cast<fs::perms>(0755));
  EXPECT_EQ(mode_of(directory.path() / "lib/libx.so.1"), static_cast<fs::perms>(0644));
  EXPECT_EQ(mode_of(directory.path() / "lib"), static_cast<fs::perms>(0755));
}

TEST(Zip, UnpacksForOthersWhateverTheUmask) {
  const TemporaryDirectory directory;
  const auto zip = pack({{"a/b", "1", true}}).value();
  const mode_t before = ::umask(0077);
  const auto summary = unpack(zip, directory.path());
  ::umask(before);
  ASSERT_TRUE(summary);
  EXPECT_EQ(mode_of(directory.path() / "a"), static_cast<fs::perms>(0755));
  EXPECT_EQ(mode_of(directory.path() / "a/b"), static_cast<fs::perms>(0755));
}

TEST(Zip, PacksTheSameBytesWhateverTheOrder) {
  const std::vector<Entry> entries = {{"a", "1"}, {"b", "2", true}, {"c", "a", false, true}};
  EXPECT_EQ(pack(entries).value(), pack({entries.rbegin(), entries.rend()}).value());
}

TEST(Zip, RefusesToPackWhatItWouldNotUnpack) {
  for (const char* name : {"", "/a", "../a", "a/", "a\\b"}) {
    EXPECT_EQ(pack({{name, "x"}}).error().code, ErrorCode::kInvalid) << name;
  }
  EXPECT_EQ(pack({}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(pack({{"a", "1"}, {"a", "2"}}).error().code, ErrorCode::kInvalid);
}

TEST(Zip, AnArchiveOfNothingIsNoPackage) {
  EXPECT_EQ(unpack("", ".").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(unpack("not a zip at all, only text", ".").error().code, ErrorCode::kInvalid);
}

TEST(Collect, FindsFilesAndLinksButNoDirectories) {
  const TemporaryDirectory directory;
  fs::create_directories(directory.path() / "d/empty");
  std::ofstream(directory.path() / "d/run") << "#!";
  fs::permissions(directory.path() / "d/run", fs::perms::owner_all);
  fs::create_symlink("d", directory.path() / "l");
  const auto entries = collect(directory.path()).value();
  EXPECT_EQ(entries, (std::vector<Entry>{{"d/run", "#!", true}, {"l", "d", false, true}}));
}

TEST(Collect, SaysWhatIsWrong) {
  const TemporaryDirectory directory;
  EXPECT_EQ(collect(directory.path() / "none").error().code, ErrorCode::kNotFound);
  std::ofstream(directory.path() / "a") << "12345";
  std::ofstream(directory.path() / "b") << "12345";
  EXPECT_EQ(collect(directory.path(), 9).error().code, ErrorCode::kTooLarge);
  ASSERT_EQ(::mkfifo((directory.path() / "c").c_str(), 0600), 0);
  EXPECT_EQ(collect(directory.path()).error().code, ErrorCode::kInvalid);
}

RC_GTEST_PROP(ZipProperty, CollectUndoesUnpackUndoesPack, ()) {
  const auto name_gen =
      rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::element('a', 'b', 'c')));
  const auto names = *rc::gen::nonEmpty(rc::gen::container<std::set<std::string>>(name_gen));
  std::vector<Entry> entries;
  for (const auto& name : names) {
    const bool is_link = *rc::gen::inRange(0, 4) == 0;
    const auto text = is_link ? std::string("target") : *rc::gen::arbitrary<std::string>();
    const auto folder = *rc::gen::element<std::string>("", "x/", "x/y/");
    entries.push_back({folder + name, text, !is_link && *rc::gen::arbitrary<bool>(), is_link});
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  const TemporaryDirectory directory;
  const auto zip = pack(entries);
  RC_ASSERT(zip.has_value());
  RC_ASSERT(unpack(*zip, directory.path()).has_value());
  RC_ASSERT(collect(directory.path()).value() == entries);
}

}  // namespace
}  // namespace stator::archive
