#include "base/regex.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <regex>
#include <string>

namespace stator {
namespace {

TEST(Regex, MatchesWholeTextsAsJavaDoes) {
  struct Case {
    const char* regex;
    const char* text;
    bool matches;
  };
  for (const Case& test :
       {Case{"", "", true}, Case{"", "a", false}, Case{"abc", "abc", true},
        Case{"abc", "xabc", false}, Case{"^abc$", "abc", true}, Case{"\\d+", "0123", true},
        Case{"\\d+", "", false}, Case{"[a-z]*", "", true}, Case{"[a-z]*", "aZ", false},
        Case{"[^a-c]x", "dx", true}, Case{"[^a-c]x", "bx", false}, Case{"[]x]", "x", true},
        Case{"[^]x]", "]", false}, Case{"[\\]x]", "]", true}, Case{"[a-]", "-", true},
        Case{"[\\w.-]+@x", "a.b-c@x", true}, Case{"(a|bc)+d", "abcad", true},
        Case{"(a|bc)+d", "abd", false}, Case{"(?:ab){2,3}", "abab", true},
        Case{"(?:ab){2,3}", "ab", false}, Case{"(?:ab){2,3}", "abababab", false},
        Case{"(?<year>\\d{4})", "2026", true}, Case{"a{2}", "aa", true}, Case{"a{2}", "aaa", false},
        Case{"a{2,}", "aaaaa", true}, Case{"a??b", "ab", true}, Case{"a*?b", "aab", true},
        Case{"a|", "", true}, Case{"(a*)*", "aaaa", true}, Case{"(a*)*b", "aaaac", false},
        Case{"a.c", "a\nc", false}, Case{"a\\.c", "abc", false}, Case{"\\bab\\b c", "ab c", true},
        Case{"a\\Bb", "ab", true}, Case{"a\\bb", "ab", false}, Case{"\\x41\\u0042", "AB", true},
        Case{"\\x80", "\xc2\x80", true}, Case{"a{2,3}|b", "b", true},
        // One character each, however many bytes it has.
        Case{".{3}", "a\xe2\x82\xac\xc3\xa9", true}, Case{".", "\xf0\x9f\x98\x80", true},
        Case{"[\xc3\xa0-\xc3\xbc]", "\xc3\xa9", true}, Case{".", "\xff", true},
        Case{"[^x]", "\xff", true}, Case{"[[a-c][x-z]]+", "bxy", true},
        Case{"[[a-c][x-z]]+", "bd", false}}) {
    const auto regex = Regex::parse(test.regex);
    ASSERT_TRUE(regex) << test.regex << ": " << regex.error().message;
    EXPECT_EQ(regex->matches(test.text), test.matches) << test.regex << " | " << test.text;
  }
}

TEST(Regex, RefusesWhatIsNoneAndNamesWhatIsNotSupported) {
  for (const char* text :
       {"(", ")", "[", "[a", "a)", "*a", "a**", "a{", "a{2", "a{3,2}", "a{x}", "\\", "[b-a]",
        "\\x4", "(?<n", "a{9999}", "(a{100}){100}", "((((){999}){999}){999}){999}", "[]"}) {
    const auto regex = Regex::parse(text);
    ASSERT_FALSE(regex) << text;
    EXPECT_EQ(regex.error().code, ErrorCode::kInvalid) << text;
  }
  for (const char* text :
       {"(?=a)", "(?!a)", "(?<=a)", "(?i)a", "(a)\\1", "\\p{L}", "a*+", "[a&&b]"}) {
    const auto regex = Regex::parse(text);
    ASSERT_FALSE(regex) << text;
    EXPECT_EQ(regex.error().code, ErrorCode::kUnsupported) << text;
  }
  EXPECT_FALSE(Regex::parse(std::string(5'000, '(')));
  EXPECT_FALSE(Regex::parse(std::string(5'000, '[')));
}

TEST(Regex, TakesTimeInProportionToTheText) {
  // Backtracking would try 2^4000 ways.
  const auto regex = Regex::parse("(a+)+(a|a)*b");
  ASSERT_TRUE(regex);
  EXPECT_FALSE(regex->matches(std::string(4'000, 'a')));
}

rc::Gen<std::string> make_expression(int depth) {
  const auto atom = rc::gen::element<std::string>("a", "b", ".", "[ab]", "[^a]", "\\w");
  if (depth == 0) return atom;
  const auto inner = [depth] { return make_expression(depth - 1); };
  return rc::gen::mapcat(rc::gen::inRange(0, 5), [=](int kind) -> rc::Gen<std::string> {
    if (kind == 0) return atom;
    if (kind == 1) {
      return rc::gen::map(rc::gen::pair(inner(), inner()),
                          [](const auto& two) { return two.first + two.second; });
    }
    if (kind == 2) {
      return rc::gen::map(rc::gen::pair(inner(), inner()),
                          [](const auto& two) { return "(" + two.first + "|" + two.second + ")"; });
    }
    return rc::gen::map(
        rc::gen::pair(inner(), rc::gen::element<std::string>("?", "*", "+", "{1,2}", "{0,3}")),
        [](const auto& two) { return "(?:" + two.first + ")" + two.second; });
  });
}

RC_GTEST_PROP(Regex, AgreesWithTheLibrarysOwn, ()) {
  const auto expression = *make_expression(3);
  const auto text = *rc::gen::container<std::string>(rc::gen::element('a', 'b', 'c', ' '));
  RC_PRE(text.size() < 12);
  const auto regex = Regex::parse(expression);
  RC_ASSERT(static_cast<bool>(regex));
  RC_ASSERT(regex->matches(text) == std::regex_match(text, std::regex(expression)));
}

}  // namespace
}  // namespace stator
