#include "cli/tail_line.hpp"

#include <gtest/gtest.h>

namespace stator::cli {
namespace {

std::string shown(const char* line) {
  return tail_line(*json::parse_object(line));
}

TEST(TailLine, SplitsWhatARequestTook) {
  EXPECT_EQ(shown(R"({"time":"2026-01-02T03:04:05.678Z","method":"GET","path":"/items/1",)"
                  R"("status":200,"latencyUs":12345,"integrationUs":11000,"authorizerUs":300,)"
                  R"("tablesUs":2000,"tableCalls":3})"),
            "03:04:05.678  GET    /items/1                        200  12.3ms    gateway 1.0ms  "
            "authorizer 0.3ms  function 9.0ms  tables 2.0ms (3 calls)");
  EXPECT_EQ(shown(R"({"time":"2026-01-02T03:04:05.678Z","method":"DELETE","path":"/",)"
                  R"("status":404,"latencyUs":49,"error":"Not Found"})"),
            "03:04:05.678  DELETE /                               404  0.0ms     gateway 0.0ms  "
            "Not Found");
}

TEST(TailLine, NeverShowsLessThanNothing) {
  EXPECT_NE(shown(R"({"latencyUs":5,"integrationUs":10,"tablesUs":90,"tableCalls":1})")
                .find("gateway 0.0ms  function 0.0ms  tables 0.1ms (1 call)"),
            std::string::npos);
}

TEST(TailLine, SaysWhatIsMissing) {
  EXPECT_EQ(shown(R"({"lost":12})"),
            "12 requests are not shown: they came faster than they were read");
}

TEST(TailLine, SendsTheTerminalNoCommands) {
  EXPECT_EQ(shown(R"({"path":"/\u001b[2J\n"})").find('\x1b'), std::string::npos);
}

TEST(LineReader, PutsLinesTogetherAgain) {
  LineReader reader;
  EXPECT_EQ(reader.feed("\n{\"a\""), std::vector<std::string>{});
  EXPECT_EQ(reader.feed(":1}\n\n{\"b\":2}\n{"),
            (std::vector<std::string>{"{\"a\":1}", "{\"b\":2}"}));
  EXPECT_EQ(reader.feed("}\n"), std::vector<std::string>{"{}"});
}

}  // namespace
}  // namespace stator::cli
