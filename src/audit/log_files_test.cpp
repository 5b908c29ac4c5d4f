#include "audit/log_files.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "audit/test_directory.hpp"
#include "base/file.hpp"

namespace stator::audit {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  return read_file(path).value();
}

std::set<std::string> names_in(const fs::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

struct LogFilesTest : ::testing::Test {
  TestDirectory directory;
  const fs::path logs = directory.path() / "audit";
};

TEST_F(LogFilesTest, NobodyElseMayRead) {
  LogFiles files(logs);
  ASSERT_TRUE(files.append("a\n"));
  EXPECT_EQ(fs::status(logs).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(logs / "audit.jsonl").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(LogFilesTest, GoesOnWhereItStopped) {
  ASSERT_TRUE(LogFiles(logs).append("a\n"));
  ASSERT_TRUE(LogFiles(logs).append("b\n"));
  EXPECT_EQ(read(logs / "audit.jsonl"), "a\nb\n");
}

TEST_F(LogFilesTest, EndsALineThatWasCutShort) {
  fs::create_directories(logs);
  std::ofstream(logs / "audit.jsonl") << "{\"whole\":1}\n{\"torn";
  ASSERT_TRUE(LogFiles(logs).append("{\"next\":1}\n"));
  EXPECT_EQ(read(logs / "audit.jsonl"), "{\"whole\":1}\n{\"torn\n{\"next\":1}\n");
}

TEST_F(LogFilesTest, KeepsTheNewestFiles) {
  LogFiles files(logs, {.file_bytes_max = 2, .files_max = 3});
  for (const char* line : {"1\n", "2\n", "3\n", "4\n", "5\n"}) ASSERT_TRUE(files.append(line));
  EXPECT_EQ(names_in(logs),
            (std::set<std::string>{"audit-3.jsonl", "audit-4.jsonl", "audit.jsonl"}));
  EXPECT_EQ(read(logs / "audit-4.jsonl") + read(logs / "audit.jsonl"), "4\n5\n");
}

TEST_F(LogFilesTest, FindsTheNewestLineInAnyFile) {
  LogFiles files(logs, {.file_bytes_max = 1, .files_max = 9});
  ASSERT_TRUE(files.append("old x\nmiddle x\nlast\n"));
  ASSERT_TRUE(files.append("other\n"));
  EXPECT_EQ(find_line(logs, "x").value(), "middle x");
  EXPECT_EQ(find_line(logs, "old").value(), "old x");
  EXPECT_EQ(find_line(logs, "other").value(), "other");
  EXPECT_EQ(find_line(logs, "none").value(), std::nullopt);
  EXPECT_EQ(find_line(directory.path() / "nowhere", "x").value(), std::nullopt);
}

TEST_F(LogFilesTest, SaysWhyItCannotWrite) {
  std::ofstream(directory.path() / "audit") << "a file in its place";
  EXPECT_FALSE(LogFiles(logs).append("a\n"));
}

}  // namespace
}  // namespace stator::audit
