#include "logs/filter_pattern.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace stator::logs {
namespace {

struct Case {
  std::string pattern;
  std::string message;
  bool matches;
};

void check(const std::vector<Case>& cases) {
  for (const Case& test : cases) {
    const auto pattern = FilterPattern::parse(test.pattern);
    ASSERT_TRUE(pattern) << test.pattern << ": " << pattern.error().message;
    EXPECT_EQ(pattern->matches(test.message), test.matches)
        << test.pattern << " | " << test.message;
  }
}

TEST(FilterPattern, MatchesTerms) {
  check({{"", "anything", true},
         {"  ", "", true},
         {"\" \"", "anything", true},
         {"ERROR", "[ERROR 400] BAD REQUEST", true},
         {"ERROR", "Exiting with ERRORCODE: -1", true},
         {"ERROR", "error", false},
         {"ERROR Exception", "[ERROR] Caught IllegalArgumentException", true},
         {"ERROR ARGUMENTS", "[ERROR 419] MISSING ARGUMENTS", true},
         {"ERROR ARGUMENTS", "[ERROR 401] UNAUTHORIZED REQUEST", false},
         {"?ERROR ?ARGUMENTS", "[ERROR 401] UNAUTHORIZED REQUEST", true},
         {"?ERROR ?WARN", "INFO", false},
         {"?ERROR ?ARGUMENTS REQUEST", "[INFO] REQUEST FAILED", true},
         {"?ERROR ?ARGUMENTS REQUEST", "[ERROR] ARGUMENTS", false},
         {"\"INTERNAL SERVER ERROR\"", "[ERROR 500] INTERNAL SERVER ERROR", true},
         {"\"INTERNAL SERVER ERROR\"", "INTERNAL ERROR SERVER", false},
         {"ERROR -ARGUMENTS", "[ERROR 400] BAD REQUEST", true},
         {"ERROR -ARGUMENTS", "[ERROR 419] MISSING ARGUMENTS", false},
         {"\"ERROR\" -\"Exiting\"", "Exiting with ERRORCODE: -1", false},
         {"-\"a b\"", "a b", false},
         {"\"say \\\"x\\\"\"", "say \"x\"", true},
         {"\"a.b:c\"", "a.b:c", true}});
}

TEST(FilterPattern, MatchesARegularExpression) {
  check({{"%AUTHORIZED%", "[ERROR 401] UNAUTHORIZED REQUEST", true},
         {" %[Ee]rror|[Ff]ail% ", "it Failed", true},
         {"%\\d{1,3}\\.\\d{1,3}%", "no numbers", false}});
}

const std::string kTrail =
    R"({"eventType":"UpdateTrail","sourceIPAddress":"111.111.111.111",)"
    R"("arrayKey":["value","another value"],"objectList":[{"name":"a","id":1},{"name":"b","id":2}],)"
    R"("SomeObject":null,"cluster.name":"c","ThisFlag":true,"Other":false,)"
    R"("account":"123456789012","empty":"","quoted":"error \"x\"","latency":640,"rate":12.34,)"
    R"("whole":12.0,"large":9007199254740993,"coordinates":[[0,1,2],[4,5,6]]})"
    "\n";

void check_trail(const std::vector<std::pair<std::string, bool>>& cases) {
  for (const auto& [pattern, matches] : cases) check({{pattern, kTrail, matches}});
}

TEST(FilterPattern, ComparesStringsOfJson) {
  check_trail({{R"({ $.eventType = "UpdateTrail" })", true},
               {R"({$.eventType=UpdateTrail})", true},
               {R"({ $.eventType != "UpdateTrail" })", false},
               {R"({ $.eventType = %Trail% })", true},
               {R"({ $.eventType != %Trail% })", false},
               {R"({ $.sourceIPAddress != 123.123.* })", true},
               {R"({ $.sourceIPAddress = 111.111.* })", true},
               {R"({ $.sourceIPAddress = "*.111.111" })", true},
               {R"({ $.sourceIPAddress = *111* })", true},
               {R"({ $.sourceIPAddress = 111*111 })", false},
               {R"({ $.sourceIPAddress != 111*111 })", true},
               {R"({ $.empty = "*" })", true},
               {R"({ $.empty = "" })", true},
               {R"({ $.quoted = "error \"x\"" })", true},
               {R"({ $.arrayKey[0] = "value" })", true},
               {R"({ $.arrayKey[2] = "value" })", false},
               {R"({ $.arrayKey[*] = %val.{2}% })", true},
               {R"({ $.* = %111\.111\.111\.1[0-9]{1,2}% })", true},
               {R"({ $.objectList[*].name = "b" })", true},
               {R"({ $.objectList[*].name = "c" })", false},
               {R"({ $.['cluster.name'] = "c" })", true},
               {R"({ $.account = 123456789012 })", true},
               // What is missing, an array, an object, null or a truth is not compared.
               {R"({ $.missing != "x" })", false},
               {R"({ $.arrayKey != "x" })", false},
               {R"({ $.objectList[0] != 1 })", false},
               {R"({ $.SomeObject != "x" })", false},
               {R"({ $.ThisFlag = "*" })", false}});
}

TEST(FilterPattern, ComparesNumbersOfJson) {
  check_trail({{"{ $.latency > 75 }", true},
               {"{ $.latency < 640 }", false},
               {"{ $.latency <= 640 }", true},
               {"{ $.latency >= +6.4e2 }", true},
               {"{ $.latency = 640.0 }", true},
               {"{ $.latency != 641 }", true},
               {"{ $.latency = \"640\" }", true},
               {"{ $.latency != \"640.0\" }", true},
               {"{ $.latency = 6* }", true},
               {"{ $.latency = *40 }", true},
               {"{ $.latency = * }", true},
               {"{ $.latency = %^6% }", true},
               {"{ $.rate = 12.34 }", true},
               {"{ $.rate = \"12.*\" }", true},
               {"{ $.rate > -1 }", true},
               {"{ $.whole = 12 }", true},
               {"{ $.whole != \"12\" }", true},
               {"{ $.objectList[1].id = 2 }", true},
               {"{ $.coordinates[1][0] = 4 }", true},
               {"{ $.eventType > 1 }", false},
               {"{ $.eventType = 1 }", false},
               {"{ $.eventType != 1 }", true},
               {"{ $.large = 9007199254740993 }", true},
               {"{ $.large = 9007199254740992 }", false}});
}

TEST(FilterPattern, AsksWhatAValueIs) {
  check_trail({{"{ $.SomeObject IS NULL }", true},
               {"{ $.missing IS NULL }", false},
               {"{ $.ThisFlag IS TRUE }", true},
               {"{ $.ThisFlag IS FALSE }", false},
               {"{ $.Other IS FALSE }", true},
               {"{ $.SomeOtherObject NOT EXISTS }", true},
               {"{ $.SomeObject NOT EXISTS }", false},
               {"{ $.latency IS TRUE }", false}});
}

TEST(FilterPattern, JoinsConditions) {
  const std::string user = R"({"user":{"id":1,"email":"John.Stiles@example.com"},"users":[{"id":2,)"
                           R"("email":"John.Doe@example.com"}],"actions":["GET","PUT","DELETE"]})";
  check(
      {{R"({ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") })", user, true},
       {R"({ $.user.email = "John.Stiles@example.com" || $.actions[0] = "x" && $.actions[2] = "y" })",
        user, true},
       {R"({ ($.user.email = "John.Stiles@example.com" || $.actions[0] = "x") && $.actions[2] = "y" })",
        user, false},
       {R"({ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" })", user,
        false},
       {R"({(($.user.id=1))&&$.user.id<2})", user, true},
       {R"({ $.user.id = 1 })", "no JSON", false},
       {R"({ $.user NOT EXISTS })", "no JSON", false},
       {R"({ $.user NOT EXISTS })", "[1]", false},
       {R"({ $.user NOT EXISTS })", "{\"broken\":", false}});
}

const std::string kApache =
    R"(127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534)"
    "\n";

TEST(FilterPattern, MatchesColumns) {
  const auto apache = [](const std::string& pattern, bool matches) {
    return Case{pattern, kApache, matches};
  };
  check({apache(R"([ip=%127\.0\.0\.[1-9]%, user, username, timestamp, request =*.html*, )"
                R"(status_code = 4*, bytes])",
                true),
         apache("[..., request =*.html*, status_code = 4*, bytes]", true),
         apache("[..., request=*.html*, status_code=4*,]", true),
         apache("[ip, user, ..., status_code, bytes > 1000]", true),
         apache("[ip, user, ..., status_code, bytes > 2000]", false),
         apache("[ip, user = Prod, ...]", true),
         apache("[..., bytes = 404]", false),
         apache("[ip, user, name, time = \"10/Oct/2000*\", request, status, bytes]", true),
         apache("[ip, user, name, time, request, status = 404 || status = 410, bytes]", true),
         apache("[ip, user, name, time, request, status = 4* && status != 403, bytes]", true),
         apache("[ip, user, name, time, request, (status = 4* || status = 5*) && status != 404, b]",
                false),
         apache("[a, b, c, d, e, f, g, h]", false),
         apache("[a, b, c, d, e, f, g, ...]", true),
         apache("[a, b, c, d, e, f, g, h, ...]", false),
         apache("[...]", true),
         {"[w1=ERROR, w2]", "ERROR 09/25/2014 12:00:02 Failed to process request", true},
         {"[w1=ERROR, w2]", "WARNING 09/25/2014 12:00:02 Invalid user request", false},
         {"[w1=ERROR, w2]", "ERROR", false},
         {"[w1=ERROR || w1=WARNING, w2]", "WARNING 09/25/2014 Invalid", true},
         {"[w1!=ERROR && w1!=WARNING, w2]", "INFO 09/25/2014 GET", true},
         {"[w1!=ERROR && w1!=WARNING, w2]", "ERROR 09/25/2014 GET", false},
         {"[level, rest = *process*]", "ERROR failed to process it", true},
         {"[level, date, time, method, url=%/service/resource/[0-9]+$%, response_time]",
          "INFO 09/25/2014 12:00:00 GET /service/resource/67 1200", true},
         {"[level, date, time, method, url=%/service/resource/[0-9]+$%, response_time]",
          "INFO 09/25/2014 12:00:01 POST /service/resource/67/part/111 1310", false},
         {"[a, b, c]", "[not closed", false},
         {"[a, b]", "[not closed] b", true}});
}

TEST(FilterPattern, RefusesWhatIsNoPattern) {
  std::string deep = "$.a = 1";
  for (int i = 0; i < 40; ++i) deep = "(" + deep + ")";
  for (const std::string& text :
       {std::string("a:b"),
        std::string("\"open"),
        std::string("\"\""),
        std::string("?"),
        std::string("-"),
        std::string("a\"b\""),
        std::string("\"a\"b"),
        std::string("a.b"),
        std::string("--a"),
        std::string("%a"),
        std::string("%a% b"),
        std::string("%(a)%"),
        std::string("{"),
        std::string("{}"),
        std::string("{ $.a }"),
        std::string("{ $.a = }"),
        std::string("{ $.a = 1"),
        std::string("{ $.a = 1 } x"),
        std::string("{ a = 1 }"),
        std::string("{ $ = 1 }"),
        std::string("{ $[0] = 1 }"),
        std::string("{ $.a. = 1 }"),
        std::string("{ $.a[x] = 1 }"),
        std::string("{ $.a[1 = 1 }"),
        std::string("{ $.a[99999999999999999999] = 1 }"),
        std::string("{ $.['a] = 1 }"),
        std::string("{ $.a == 1 }"),
        std::string("{ $.a > abc }"),
        std::string("{ $.a > \"1\" }"),
        std::string("{ $.a < %1% }"),
        std::string("{ $.a = b@c }"),
        std::string("{ $.a EXISTS }"),
        std::string("{ $.a IS NOT NULL }"),
        std::string("{ $.a IS 1 }"),
        std::string("{ $.a = 1 && }"),
        std::string("{ ($.a = 1 }"),
        std::string("{ $.*.* = 1 }"),
        std::string("{ $.a[*] = 1 && $.b[*] = 1 && $.c[*] = 1 && $.d[*] = 1 }"),
        std::string("{ $.a = %1% && $.b = %2% && $.c = %3% }"),
        "{ " + deep + " }",
        std::string("["),
        std::string("[a"),
        std::string("[a] b"),
        std::string("[a b]"),
        std::string("[a = ]"),
        std::string("[..., a, ...]"),
        std::string("[a = 1 && b = 2]"),
        std::string("[a > x]"),
        std::string("[= 1]")}) {
    const auto pattern = FilterPattern::parse(text);
    ASSERT_FALSE(pattern) << text;
    EXPECT_EQ(pattern.error().aws_type, "InvalidParameterException") << text;
  }
  EXPECT_FALSE(FilterPattern::parse(std::string(1'025, 'a')));
  std::string wide;
  for (int i = 0; i < 1'024; ++i) wide += "\xc3\xa9";
  EXPECT_TRUE(FilterPattern::parse(wide)) << "characters are counted, not bytes";
}

RC_GTEST_PROP(FilterPatternProperty, AnyTextIsReadOrRefused, ()) {
  const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "{", "}", "[", "]", "(", ")", " ", "$.a", "$.", "=", "!=", "<", "&&", "||", "1", "\"x\"",
      "%a%", "%", "\"", "*", "...", ",", "a", "IS", "NULL", "NOT EXISTS", "?", "-", "'", "\\"));
  std::string text;
  for (const auto& piece : pieces) text += piece;
  for (const char* before : {"", "{", "[", "%", "\"", "{ $.a = ", "[a = "}) {
    const auto pattern = FilterPattern::parse(before + text);
    if (pattern) static_cast<void>(pattern->matches("{\"a\":[1,\"x\"]} [a b] " + text));
  }
}

}  // namespace
}  // namespace stator::logs
