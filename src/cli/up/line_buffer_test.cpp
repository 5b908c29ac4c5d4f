#include "cli/up/line_buffer.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <thread>
#include <vector>

namespace stator::cli {
namespace {

TEST(LineBuffer, WritesLinesWhole) {
  std::ostringstream out;
  std::mutex mutex;
  LineBuffer first(out, mutex), second(out, mutex);
  std::ostream a(&first), b(&second);
  a << "one ";
  b << "two\nthree";
  a << "line\nrest";
  EXPECT_EQ(out.str(), "two\none line\n");
  a << std::flush;
  EXPECT_EQ(out.str(), "two\none line\nrest");
}

TEST(LineBuffer, KeepsThreadsApart) {
  std::ostringstream out;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (char c = 'a'; c < 'e'; ++c) {
    threads.emplace_back([&out, &mutex, c] {
      LineBuffer buffer(out, mutex);
      std::ostream stream(&buffer);
      for (int i = 0; i < 200; ++i) stream << std::string(10, c) << std::string(10, c) << "\n";
    });
  }
  for (auto& thread : threads) thread.join();
  std::istringstream lines(out.str());
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_EQ(line, std::string(20, line.empty() ? '?' : line[0]));
  }
  EXPECT_EQ(count, 800u);
}

}  // namespace
}  // namespace stator::cli
