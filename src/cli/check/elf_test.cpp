#include "cli/check/elf.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/file.hpp"
#include "base/random.hpp"

namespace stator::cli {
namespace {

std::string own_bytes() {
  const auto bytes = read_file("/proc/self/exe");
  EXPECT_TRUE(bytes);
  return bytes ? *bytes : "";
}

TEST(Elf, SaysWhatThisTestNeeds) {
  const auto facts = read_elf(own_bytes());
  ASSERT_TRUE(facts);
#if defined(__aarch64__)
  EXPECT_EQ(facts->machine, "arm64");
#else
  EXPECT_EQ(facts->machine, "x86_64");
#endif
  EXPECT_TRUE(facts->is_executable);
  EXPECT_NE(facts->interpreter.find("ld-linux"), std::string::npos) << facts->interpreter;
  EXPECT_NE(std::find(facts->needed.begin(), facts->needed.end(), "libc.so.6"),
            facts->needed.end());
  // What it runs on has that version at least.
  EXPECT_GE(facts->glibc_minor, 2);
  EXPECT_LE(facts->glibc_minor, __GLIBC_MINOR__);
}

TEST(Elf, TakesNothingElseForOne) {
  for (const char* text : {"", "#!/bin/sh\n",
                           "\x7f"
                           "ELF",
                           "MZ"})
    EXPECT_FALSE(read_elf(text));
}

TEST(Elf, ReadsNothingOutsideADamagedFile) {
  const std::string whole = own_bytes();
  SeededRandom random(7);
  for (int i = 0; i < 2'000; ++i) {
    std::string bytes = whole.substr(0, 64 + random.below(4'096));
    for (int k = 0; k < 8; ++k) {
      bytes[16 + random.below(bytes.size() - 16)] = static_cast<char>(random.below(256));
    }
    (void)read_elf(bytes);
  }
}

}  // namespace
}  // namespace stator::cli
