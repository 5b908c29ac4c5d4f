#include "storage/data_directory.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "base/check.hpp"
#include "base/file.hpp"
#include "storage/test_stores.hpp"

namespace stator::storage {
namespace {

std::string refusal(const std::filesystem::path& path) {
  try {
    const DataDirectory directory(path);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

void write(const std::filesystem::path& path, std::string_view text) {
  std::ofstream(path) << text;
}

TEST(DataDirectory, IsMadeOnceAndFoundAgain) {
  const TemporaryDirectory parent;
  const auto path = parent.path() / "a" / "b";
  { const DataDirectory directory(path); }
  EXPECT_EQ(read_file(path / "format").value(), "stator data 1\n");
  EXPECT_EQ(refusal(path), "");
}

TEST(DataDirectory, NamesTheProcessThatHoldsIt) {
  const TemporaryDirectory path;
  const DataDirectory directory(path.path());
  const auto message = refusal(path.path());
  EXPECT_NE(message.find(path.path().string()), std::string::npos) << message;
  EXPECT_NE(message.find("(process " + std::to_string(::getpid()) + ");"), std::string::npos)
      << message;
}

TEST(DataDirectory, RefusesANewerFormat) {
  const TemporaryDirectory path;
  write(path.path() / "format", "stator data 2\n");
  EXPECT_NE(refusal(path.path()).find("format 2, written by a newer stator"), std::string::npos);
  EXPECT_EQ(read_file(path.path() / "format").value(), "stator data 2\n");
}

TEST(DataDirectory, RefusesAStampThatIsNone) {
  for (const char* stamp :
       {"", "stator data", "stator data \n", "stator data x\n", "stator data 0\n",
        "stator data -1\n", "postgres 15\n", "stator data 99999999999999999999\n"}) {
    const TemporaryDirectory path;
    write(path.path() / "format", stamp);
    EXPECT_NE(refusal(path.path()), "") << stamp;
  }
}

TEST(DataDirectory, LeavesAForeignDirectoryUntouched) {
  const TemporaryDirectory path;
  write(path.path() / "thesis.tex", "years of work");
  EXPECT_NE(refusal(path.path()).find("not stator's"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(path.path() / "lock"));
}

TEST(DataDirectory, FinishesAnInterruptedFirstStart) {
  const TemporaryDirectory path;
  write(path.path() / "lock", "1\n");
  write(path.path() / "format.a1B2c3", "stator");
  EXPECT_EQ(refusal(path.path()), "");
}

TEST(DataDirectory, RefusesAFile) {
  const TemporaryDirectory parent;
  write(parent.path() / "file", "");
  EXPECT_NE(refusal(parent.path() / "file").find("is not a directory"), std::string::npos);
}

}  // namespace
}  // namespace stator::storage
