#include "cli/deploy/progress.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "base/clock.hpp"
#include "base/time_format.hpp"

namespace stator::cli {
namespace {

Stack::Event event(std::string id, std::string status, std::string time, std::string reason = "") {
  return {.logical_id = std::move(id),
          .type = "AWS::X::Y",
          .status = std::move(status),
          .reason = std::move(reason),
          .time = std::move(time)};
}

TEST(Progress, ReadsTheTimesOfBothServices) {
  const WallTime time = from_epoch_ms(1'767'323'045'678);
  EXPECT_EQ(parse_event_time(iso8601_ms(time)), epoch_ms(time));
  EXPECT_EQ(parse_event_time(iso8601(time)), epoch_ms(time) / 1000 * 1000);
  EXPECT_EQ(parse_event_time("2026-01-02T03:04:05.6Z"), epoch_ms(time) / 1000 * 1000 + 600);
  for (const char* text : {"", "now", "2026-01-02", "2026-01-02T03:04:05", "2026-13-02T03:04:05Z",
                           "2026-01-02T03:04:05,6Z", "2026-01-02T03:04:05.x6Z"}) {
    EXPECT_FALSE(parse_event_time(text)) << text;
  }
}

TEST(Progress, WritesDurationsForAPerson) {
  EXPECT_EQ(duration_text(31), "0.03 s");
  EXPECT_EQ(duration_text(9'990), "9.99 s");
  EXPECT_EQ(duration_text(12'400), "12 s");
  EXPECT_EQ(duration_text(185'000), "3 m 05 s");
}

TEST(Progress, TellsEachResourceWhenItIsDone) {
  std::ostringstream out;
  Progress progress(out, {});
  progress.on_event(event("Role", "CREATE_IN_PROGRESS", "2026-01-02T03:04:05.000Z"));
  progress.on_event(event("Table", "CREATE_IN_PROGRESS", "2026-01-02T03:04:05.000Z"));
  progress.on_event(event("Table", "CREATE_IN_PROGRESS", "2026-01-02T03:04:05.100Z", "begun"));
  progress.on_event(event("Table", "CREATE_COMPLETE", "2026-01-02T03:04:05.250Z"));
  progress.on_event(event("Role", "UPDATE_COMPLETE", "2026-01-02T03:04:06.000Z"));
  progress.on_event(event("Old", "DELETE_SKIPPED", ""));
  progress.end();
  EXPECT_EQ(out.str(),
            "  created  Table  AWS::X::Y  0.25 s\n"
            "  updated  Role  AWS::X::Y  1.00 s\n"
            "  kept     Old  AWS::X::Y\n");
  EXPECT_EQ(progress.failures(nullptr), "");
}

TEST(Progress, SaysOnATerminalWhatIsBeingWorkedOn) {
  std::ostringstream out;
  Progress progress(out, {.is_terminal = true});
  progress.on_event(event("A", "CREATE_IN_PROGRESS", ""));
  progress.on_event(event("B", "CREATE_IN_PROGRESS", ""));
  progress.on_event(event("A", "CREATE_COMPLETE", ""));
  progress.end();
  EXPECT_EQ(out.str(),
            "  working on A\r\033[K  working on A, B\r\033[K  created  A  AWS::X::Y\n"
            "  working on B\r\033[K");
}

TEST(Progress, NamesTheFirstFailureAndNotItsConsequences) {
  std::ostringstream out;
  Progress progress(out, {});
  Stack::Event turned = event("s", "ROLLBACK_IN_PROGRESS", "", "The following resource(s) failed");
  turned.is_own = true;
  progress.on_event(event("Fn", "CREATE_FAILED", "", "no such role"));
  progress.on_event(event("Other", "CREATE_FAILED", "", "Resource creation cancelled"));
  progress.on_event(turned);
  const TemplateFile file{"/p/template.yaml", "Resources:\n  Fn:\n    Type: AWS::X::Y\n",
                          *json::parse_object(R"({"Resources":{"Fn":{"Type":"AWS::X::Y"}}})")};
  EXPECT_EQ(progress.failures(&file), "template.yaml:2: Fn (AWS::X::Y): no such role");
  EXPECT_EQ(progress.failures(nullptr), "Fn (AWS::X::Y): no such role");
  EXPECT_NE(out.str().find("  FAILED   Fn  AWS::X::Y: no such role\n"), std::string::npos);
  EXPECT_NE(out.str().find("  rolling back: The following"), std::string::npos);
}

}  // namespace
}  // namespace stator::cli
