#include "cli/log_style.hpp"

#include <gtest/gtest.h>

namespace stator::cli {
namespace {

TEST(LogStyle, KnowsLinesByWhatTheyAre) {
  struct Case {
    const char* message;
    LineStyle style;
  };
  for (const Case& test :
       {Case{"hello", LineStyle::kPlain},
        Case{"", LineStyle::kPlain},
        Case{"START RequestId: x Version: $LATEST\n", LineStyle::kPlatform},
        Case{"REPORT RequestId: x\tDuration: 1 ms\t\n", LineStyle::kPlatform},
        Case{"REPORT RequestId: x\tDuration: 1 ms\tStatus: timeout\n", LineStyle::kError},
        Case{"INIT_REPORT Init Duration: 1 ms\tStatus: error\n", LineStyle::kError},
        Case{"2026-01-02T03:04:05.678Z x Task timed out after 3.00 seconds\n\n", LineStyle::kError},
        Case{"RequestId: x Error: Runtime exited with error: exit status 1\nRuntime.ExitError\n",
             LineStyle::kError},
        Case{"[ERROR] KeyError: 'x'\nTraceback ...", LineStyle::kError},
        Case{"[WARNING]\t2026-01-02T03:04:05Z\tx\tmessage", LineStyle::kWarning},
        Case{"[DEBUG]\t2026-01-02T03:04:05Z\tx\tmessage", LineStyle::kFaint},
        Case{"[12:00] not a level", LineStyle::kPlain},
        Case{"[", LineStyle::kPlain},
        Case{"2026-01-02T03:04:05Z\tx\tERROR\tInvoke Error", LineStyle::kError},
        Case{"2026-01-02T03:04:05Z\tx\tINFO\tfine", LineStyle::kPlain},
        Case{"a\tb\tc\td", LineStyle::kPlain},
        Case{R"({"level":"error","message":"x"})", LineStyle::kError},
        Case{R"({"level":"INFO","message":"x"})", LineStyle::kPlain},
        Case{R"({"level":30,"message":"x"})", LineStyle::kPlain},
        Case{R"({"type":"platform.start","record":{}})", LineStyle::kPlatform},
        Case{R"({"type":"platform.report","record":{"status":"success"}})", LineStyle::kPlatform},
        Case{R"({"type":"platform.report","record":{"status":"timeout"}})", LineStyle::kError},
        Case{R"({"type":"platform.logsDropped","record":{}})", LineStyle::kWarning},
        Case{R"({"broken)", LineStyle::kPlain}}) {
    EXPECT_EQ(style_of(test.message), test.style) << test.message;
  }
}

TEST(LogStyle, ColoursAndEndsTheColour) {
  EXPECT_EQ(coloured("x", LineStyle::kPlain), "x");
  EXPECT_EQ(coloured("x", LineStyle::kError), "\x1b[31mx\x1b[0m");
  EXPECT_EQ(coloured_name("f", 0), coloured_name("f", 6));
  EXPECT_NE(coloured_name("f", 0), coloured_name("f", 1));
}

}  // namespace
}  // namespace stator::cli
