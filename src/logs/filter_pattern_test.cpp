#include "logs/filter_pattern.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace stator::logs {
namespace {

TEST(FilterPattern, MatchesPlainTerms) {
  struct Case {
    const char* pattern;
    const char* message;
    bool matches;
  };
  for (const Case& test :
       {Case{"", "anything", true}, Case{"  ", "", true}, Case{"ERROR", "[ERROR] no", true},
        Case{"ERROR", "error", false}, Case{"ERROR timeout", "ERROR: timeout", true},
        Case{"ERROR timeout", "ERROR", false}, Case{"?ERROR ?WARN", "a WARN b", true},
        Case{"?ERROR ?WARN", "INFO", false}, Case{"ERROR -expected", "ERROR", true},
        Case{"ERROR -expected", "ERROR expected", false},
        Case{"\"two words\"", "has two words in it", true},
        Case{"\"two words\"", "two other words", false}, Case{"-\"a b\"", "a b", false},
        Case{"\"say \\\"x\\\"\"", "say \"x\"", true}, Case{"\"a.b:c\"", "a.b:c", true}}) {
    const auto pattern = FilterPattern::parse(test.pattern);
    ASSERT_TRUE(pattern) << test.pattern;
    EXPECT_EQ(pattern->matches(test.message), test.matches)
        << test.pattern << " | " << test.message;
  }
}

TEST(FilterPattern, NamesWhatIsNotHere) {
  for (const char* text :
       {"{ $.level = \"ERROR\" }", "[ip, user, ...]", "%ERR.*%", "ERROR ?WARN"}) {
    const auto pattern = FilterPattern::parse(text);
    ASSERT_FALSE(pattern) << text;
    EXPECT_EQ(pattern.error().code, ErrorCode::kUnsupported) << text;
  }
}

TEST(FilterPattern, RefusesWhatIsNoPattern) {
  for (const char* text : {"a:b", "\"open", "\"\"", "?", "-", "a\"b\"", "\"a\"b", "a.b", "--a"}) {
    const auto pattern = FilterPattern::parse(text);
    ASSERT_FALSE(pattern) << text;
    EXPECT_EQ(pattern.error().aws_type, "InvalidParameterException") << text;
  }
  EXPECT_FALSE(FilterPattern::parse(std::string(1'025, 'a')));
}

RC_GTEST_PROP(FilterPatternProperty, AnyTextIsReadOrRefused, (const std::string& text)) {
  static_cast<void>(FilterPattern::parse(text));
  static_cast<void>(FilterPattern::parse("\"" + text));
}

}  // namespace
}  // namespace stator::logs
