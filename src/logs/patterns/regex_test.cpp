#include "logs/patterns/regex.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <regex>
#include <string>

namespace stator::logs::patterns {
namespace {

TEST(Regex, MatchesAsTheDocumentationSays) {
  struct Case {
    const char* regex;
    const char* text;
    bool matches;
  };
  for (const Case& test :
       {Case{"AUTHORIZED", "[ERROR 401] UNAUTHORIZED REQUEST", true},
        Case{"AUTHORIZED", "authorized", false}, Case{"^[hc]at", "hat and", true},
        Case{"^[hc]at", "a cat", false}, Case{"[hc]at$", "a cat", true},
        Case{"[hc]at$", "a cat\n", true}, Case{"[hc]at$", "a cat sat", false},
        Case{"colou?r", "color", true}, Case{"colou?r", "colour", true},
        Case{"colou?r", "colouur", false}, Case{"[abcx-z]", "y", true},
        Case{"[abcx-z]", "w", false}, Case{"^a{3,5}$", "aa", false}, Case{"^a{3,5}$", "aaa", true},
        Case{"^a{3,5}$", "aaaaa", true}, Case{"^a{3,5}$", "aaaaaa", false},
        Case{"^a{,2}$", "aa", true}, Case{"^a{,2}$", "aaa", false}, Case{"^a{2,}$", "a", false},
        Case{"^a{2,}$", "aaaaaaa", true}, Case{"^a{2}$", "aaa", false},
        Case{"^starting|^initializing|^shutting down", "initializing ...", true},
        Case{"^starting|^initializing|^shutting down", "skipping initializing ...", false},
        Case{"abcc|ab[^c]$", "abcc ...", true}, Case{"abcc|ab[^c]$", "aba", true},
        Case{"abcc|ab[^c]$", "aac ...", false}, Case{"\\[.\\]", "[@]", true},
        Case{"\\[.\\]", "[ab]", false}, Case{"10\\.10\\.0\\.1", "10.10.0.1", true},
        Case{"10\\.10\\.0\\.1", "10010,051", false}, Case{"10.10.0.1", "10010,051", true},
        Case{"^ab*c$", "ac", true}, Case{"^ab*c$", "abbbc", true}, Case{"ab[0-9]*", "ab129", true},
        Case{"ab+c", "ac", false}, Case{"ab+c", "abbc", true}, Case{"^.at$", "#at", true},
        Case{"^\\d\\D$", "1a", true}, Case{"^\\d\\D$", "11", false}, Case{"^\\s\\S$", "\tx", true},
        Case{"^\\w\\W$", "_-", true}, Case{"^\\w\\W$", "ab", false}, Case{"\\x3A", "a:b", true},
        Case{"\\x28", "f(", true}, Case{"/service/resource/[0-9]+$", "/service/resource/67", true},
        Case{"/service/resource/[0-9]+$", "/service/resource/67/part/111", false},
        // One character each, however many bytes it has.
        Case{"^.{3}$", "a\xe2\x82\xac\xc3\xa9", true},
        Case{"^[^a]{2}$", "\xe2\x82\xac\xc3\xa9", true}, Case{"[a-z]", "\xe2\x82\xac", false},
        // Everything may be missing.
        Case{"^a?b?c?$", "", true}, Case{"^a?b?c?$", "ac", true}, Case{"^a?b?c?$", "ca", false},
        Case{"^$", "x", false}, Case{"|x", "anything", true}}) {
    const auto regex = Regex::parse(test.regex);
    ASSERT_TRUE(regex) << test.regex << ": " << regex.error().message;
    EXPECT_EQ(regex->is_in(test.text), test.matches) << test.regex << " | " << test.text;
  }
}

TEST(Regex, CarriesOptionalCharactersAcrossItsWords) {
  // Places 64 and 128 are in words of their own.
  for (const std::string count : {"63", "64", "65", "127", "128", "200"}) {
    const auto regex = Regex::parse("^xa{0," + count + "}y$").value();
    const auto most = std::stoul(count);
    EXPECT_TRUE(regex.is_in("xy")) << count;
    EXPECT_TRUE(regex.is_in("x" + std::string(most, 'a') + "y")) << count;
    EXPECT_FALSE(regex.is_in("x" + std::string(most + 1, 'a') + "y")) << count;
  }
}

TEST(Regex, RefusesWhatIsNotSupported) {
  for (const char* text :
       {"",           "something!", "(a)",    "a(b",     "a)",           "*a",       "a|*",
        "+",          "?",          "a**",    "a+*",     "{2}",          "a{x}",     "a{2",
        "a{}",        "a{,}",       "a{3,2}", "a{1001}", "a{500}b{501}", "a{99999}", "[a",
        "[z-a]",      "[\\d-z]",    "a^b",    "a$b",     "$$",           "\\",       "\\q",
        "\\x",        "\\x4",       "\\xG1",  "\\xFF",   "caf\xc3\xa9",  "]",        "}",
        "[\xc3\xa9]", "\"",         "%"}) {
    const auto regex = Regex::parse(text);
    ASSERT_FALSE(regex) << text;
    EXPECT_EQ(regex.error().aws_type, "InvalidParameterException") << text;
  }
}

RC_GTEST_PROP(RegexProperty, AgreesWithTheStandardLibrary, ()) {
  const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "a", "b", ".", "[ab]", "[^a]", "a*", "b+", "a?", "[ab]*", "b{2}", "a{1,3}", "|", "c"));
  std::string text;
  for (const auto& piece : pieces) text += piece;
  RC_PRE(!text.empty());
  if (*rc::gen::arbitrary<bool>()) text = "^" + text;
  const auto subject = *rc::gen::container<std::string>(rc::gen::element('a', 'b', 'c'));
  const auto regex = Regex::parse(text);
  RC_ASSERT(static_cast<bool>(regex));
  RC_ASSERT(regex->is_in(subject) == std::regex_search(subject, std::regex(text)));
}

RC_GTEST_PROP(RegexProperty, AnyTextIsReadOrRefused, (const std::string& text)) {
  const auto regex = Regex::parse(text);
  if (regex) RC_ASSERT(regex->is_in(text) == regex->is_in(text));
}

}  // namespace
}  // namespace stator::logs::patterns
