#include "iam/condition.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "iam/policy_elements.hpp"
#include "json/json.hpp"

namespace stator::iam {
namespace {

using Given = std::optional<ConditionValues>;
const Given kAbsent = std::nullopt;

/// One operator over one key: what the policy wants, what the request has, whether it holds.
struct Case {
  std::string operation;
  std::string_view wanted;  ///< JSON
  Given given;
  bool holds;
};

void expect(const std::vector<Case>& cases) {
  for (const auto& c : cases) {
    const std::string text =
        R"({")" + std::string(c.operation) + R"(":{"aws:Key":)" + std::string(c.wanted) + "}}";
    const auto value = json::parse(text);
    ASSERT_TRUE(value) << text;
    const auto conditions = parse_conditions(*value, PolicyDialect::k2012, "");
    ASSERT_TRUE(conditions) << text << conditions.error().message;
    GivenContext context;
    context.set("aws:name", {"ann"});
    context.set("aws:star", {"*"});
    context.set("aws:many", {"a", "b"});
    if (c.given) context.set("AWS:KEY", *c.given);
    std::string given = c.given ? "" : "(absent)";
    if (c.given) {
      for (const auto& one : *c.given) given += "'" + one + "' ";
    }
    EXPECT_EQ(conditions->front().holds(context), c.holds) << text << " with " << given;
  }
}

TEST(Condition, ComparesStrings) {
  expect({
      {"StringEquals", R"("a")", {{"a"}}, true},
      {"StringEquals", R"("a")", {{"A"}}, false},
      {"StringEquals", R"("a")", {{"ab"}}, false},
      {"StringEquals", R"("a")", {{""}}, false},
      {"StringEquals", R"("")", {{""}}, true},
      {"StringEquals", R"(["a","b"])", {{"b"}}, true},
      {"StringEquals", R"(["a","b"])", {{"c"}}, false},
      {"StringEquals", "[]", {{"a"}}, false},
      {"StringEquals", R"("a*")", {{"ab"}}, false},
      {"StringEquals", R"("a*")", {{"a*"}}, true},
      {"StringEquals", "7", {{"7"}}, true},
      {"StringEquals", "true", {{"true"}}, true},
      {"StringEquals", R"("\u00e9")", {{"\xc3\xa9"}}, true},
      {"stringequals", R"("a")", {{"a"}}, true},
      {"STRINGEQUALS", R"("a")", {{"b"}}, false},
      {"StringEquals", R"("a")", kAbsent, false},
      {"StringEquals", R"("a")", {ConditionValues{}}, false},
      {"StringNotEquals", R"("a")", {{"b"}}, true},
      {"StringNotEquals", R"("a")", {{"a"}}, false},
      {"StringNotEquals", R"("a")", {{"A"}}, true},
      {"StringNotEquals", R"(["a","b"])", {{"b"}}, false},
      {"StringNotEquals", R"(["a","b"])", {{"c"}}, true},
      {"StringNotEquals", "[]", {{"c"}}, true},
      {"StringNotEquals", R"("a")", kAbsent, true},
      {"StringNotEquals", R"("a")", {ConditionValues{}}, true},
      {"StringEqualsIgnoreCase", R"("aB")", {{"Ab"}}, true},
      {"StringEqualsIgnoreCase", R"("aB")", {{"abc"}}, false},
      {"StringEqualsIgnoreCase", R"("a*")", {{"ab"}}, false},
      {"StringEqualsIgnoreCase", R"(["x","Y"])", {{"y"}}, true},
      {"StringEqualsIgnoreCase", R"("a")", kAbsent, false},
      {"StringNotEqualsIgnoreCase", R"("aB")", {{"Ab"}}, false},
      {"StringNotEqualsIgnoreCase", R"("aB")", {{"x"}}, true},
      {"StringNotEqualsIgnoreCase", R"("aB")", kAbsent, true},
      {"StringEquals", R"("${aws:name}")", {{"ann"}}, true},
      {"StringEquals", R"("${aws:name}")", {{"${aws:name}"}}, false},
      {"StringEqualsIgnoreCase", R"("x-${aws:name}")", {{"X-ANN"}}, true},
  });
}

TEST(Condition, ComparesStringsWithWildcards) {
  expect({
      {"StringLike", R"("a*")", {{"a"}}, true},
      {"StringLike", R"("a*")", {{"abc"}}, true},
      {"StringLike", R"("a*")", {{"ba"}}, false},
      {"StringLike", R"("*")", {{""}}, true},
      {"StringLike", R"("*a")", {{"bca"}}, true},
      {"StringLike", R"("*a")", {{"bcab"}}, false},
      {"StringLike", R"("a?c")", {{"abc"}}, true},
      {"StringLike", R"("a?c")", {{"ac"}}, false},
      {"StringLike",
       R"("a?c")",
       {{"a\xc3\xa9"
         "c"}},
       true},
      {"StringLike",
       R"("a??c")",
       {{"a\xc3\xa9"
         "c"}},
       false},
      {"StringLike",
       R"("*?c")",
       {{"\xc3\xa9"
         "c"}},
       true},
      {"StringLike",
       R"("*??c")",
       {{"\xc3\xa9"
         "c"}},
       false},
      {"StringLike", R"("?")", {{""}}, false},
      {"StringLike", R"("a*b*c")", {{"aXbYc"}}, true},
      {"StringLike", R"("a*b*c")", {{"aXcYb"}}, false},
      {"StringLike", R"("a*bc*bc")", {{"abc"}}, false},
      {"StringLike", R"("a*bc*bc")", {{"abcbc"}}, true},
      {"StringLike", R"("*b?*")", {{"aab"}}, false},
      {"StringLike", R"("*b?*")", {{"abbb"}}, true},
      {"StringLike", R"("A*")", {{"abc"}}, false},
      {"StringLike", R"(["x*","a*"])", {{"abc"}}, true},
      {"StringLike", R"("home/${aws:name}/*")", {{"home/ann/x"}}, true},
      {"StringLike", R"("home/${aws:name}/*")", {{"home/bob/x"}}, false},
      {"StringLike", R"("${aws:star}")", {{"anything"}}, false},
      {"StringLike", R"("${aws:star}")", {{"*"}}, true},
      {"StringLike", R"("a${*}")", {{"abc"}}, false},
      {"StringLike", R"("a${*}")", {{"a*"}}, true},
      {"StringLike", R"("a${*}*")", {{"a*bc"}}, true},
      {"StringLike", R"("a${?}")", {{"ab"}}, false},
      {"StringLike", R"("a${?}")", {{"a?"}}, true},
      {"StringLike", R"("a${$}{b}")", {{"a${b}"}}, true},
      {"StringLike", R"("a*")", kAbsent, false},
      {"StringNotLike", R"("a*")", {{"abc"}}, false},
      {"StringNotLike", R"("a*")", {{"b"}}, true},
      {"StringNotLike", R"(["a*","b*"])", {{"bc"}}, false},
      {"StringNotLike", R"(["a*","b*"])", {{"cb"}}, true},
      {"StringNotLike", R"("a*")", kAbsent, true},
  });
}

TEST(Condition, KeepsAVariableWithoutAValueFromHolding) {
  expect({
      {"StringEquals", R"("${aws:none}")", {{""}}, false},
      {"StringEquals", R"("${aws:none}")", {{"${aws:none}"}}, false},
      {"StringEquals", R"(["${aws:none}","a"])", {{"a"}}, true},
      {"StringEquals", R"("${aws:none, 'a'}")", {{"a"}}, true},
      {"StringEquals", R"("${aws:none,'a'}")", {{"a"}}, true},
      {"StringEquals", R"("${aws:none, ''}")", {{""}}, true},
      {"StringEquals", R"("${aws:none, 'a}b'}")", {{"a}b"}}, true},
      {"StringLike", R"("${aws:none, '*'}")", {{"a"}}, false},
      {"StringEquals", R"("${aws:name, 'a'}")", {{"ann"}}, true},
      {"StringEquals", R"("${aws:name, 'a'}")", {{"a"}}, false},
      {"StringEquals", R"("${aws:none, a}")", {{"a"}}, false},
      {"StringEquals", R"("${aws:many}")", {{"a"}}, false},
      {"StringEquals", R"("${aws:many, 'a'}")", {{"a"}}, false},
      {"StringEquals", R"("${AWS:Name}")", {{"ann"}}, true},
      {"StringEquals", R"("${ aws:name }")", {{"ann"}}, false},
      {"StringEquals", R"("${}")", {{""}}, false},
      {"StringEquals", R"("${aws:name")", {{"${aws:name"}}, false},
      {"StringNotEquals", R"("${aws:none}")", {{"a"}}, false},
      {"StringNotEquals", R"(["${aws:none}","b"])", {{"a"}}, false},
      {"StringNotEquals", R"("${aws:none}")", kAbsent, true},
      {"StringNotLike", R"("${aws:none}*")", {{"a"}}, false},
      {"StringNotEqualsIfExists", R"("${aws:none}")", {{"a"}}, false},
      {"ArnLike", R"("arn:aws:s3:::${aws:none}")", {{"arn:aws:s3:::b"}}, false},
      {"ArnNotLike", R"("arn:aws:s3:::${aws:none}")", {{"arn:aws:s3:::b"}}, false},
      {"Bool", R"("${aws:none, 'true'}")", {{"true"}}, false},
      {"NumericEquals", R"("${aws:none, '1'}")", {{"1"}}, false},
  });
}

TEST(Condition, ComparesNumbers) {
  expect({
      {"NumericEquals", R"("7")", {{"7"}}, true},
      {"NumericEquals", "7", {{"7"}}, true},
      {"NumericEquals", R"("7")", {{"7.0"}}, true},
      {"NumericEquals", R"("7")", {{"+7"}}, true},
      {"NumericEquals", R"("7")", {{"8"}}, false},
      {"NumericEquals", R"("0.1")", {{"0.10"}}, true},
      {"NumericEquals", R"("1e3")", {{"1000"}}, true},
      {"NumericEquals", R"("-1")", {{"-1"}}, true},
      {"NumericEquals", R"("9007199254740993")", {{"9007199254740992"}}, false},
      {"NumericEquals", R"(["1","2"])", {{"2"}}, true},
      {"NumericEquals", R"("seven")", {{"seven"}}, false},
      {"NumericEquals", R"("7")", {{"seven"}}, false},
      {"NumericEquals", R"("7")", {{"7 "}}, false},
      {"NumericEquals", R"("7")", {{""}}, false},
      {"NumericEquals", R"("7")", {{"nan"}}, false},
      {"NumericEquals", R"("7")", kAbsent, false},
      {"NumericNotEquals", R"("7")", {{"8"}}, true},
      {"NumericNotEquals", R"("7")", {{"7.0"}}, false},
      {"NumericNotEquals", R"(["7","8"])", {{"8"}}, false},
      {"NumericNotEquals", R"("seven")", {{"7"}}, true},
      {"NumericNotEquals", R"("7")", {{"seven"}}, true},
      {"NumericNotEquals", R"("7")", kAbsent, true},
      {"NumericLessThan", R"("10")", {{"9"}}, true},
      {"NumericLessThan", R"("10")", {{"10"}}, false},
      {"NumericLessThan", R"("10")", {{"11"}}, false},
      {"NumericLessThan", R"("10")", {{"-11"}}, true},
      {"NumericLessThan", R"(["1","10"])", {{"9"}}, true},
      {"NumericLessThanEquals", R"("10")", {{"10"}}, true},
      {"NumericLessThanEquals", R"("10")", {{"10.5"}}, false},
      {"NumericGreaterThan", R"("10")", {{"11"}}, true},
      {"NumericGreaterThan", R"("10")", {{"10"}}, false},
      {"NumericGreaterThan", R"("10")", {{"9"}}, false},
      {"NumericGreaterThanEquals", R"("10")", {{"10"}}, true},
      {"NumericGreaterThanEquals", R"("10")", {{"9.99"}}, false},
      {"NumericGreaterThanEquals", R"("10")", kAbsent, false},
      {"NumericLessThanIfExists", R"("10")", kAbsent, true},
      {"NumericLessThanIfExists", R"("10")", {{"11"}}, false},
  });
}

TEST(Condition, ComparesDates) {
  const Given noon = {{"2026-01-02T12:00:00Z"}};
  expect({
      {"DateEquals", R"("2026-01-02T12:00:00Z")", noon, true},
      {"DateEquals", R"("2026-01-02t12:00:00z")", noon, true},
      {"DateEquals", R"("2026-01-02T13:00:00+01:00")", noon, true},
      {"DateEquals", R"("2026-01-02T06:30:00-05:30")", noon, true},
      {"DateEquals", R"("2026-01-02T12:00Z")", noon, true},
      {"DateEquals", R"("2026-01-02T12:00:00.000Z")", noon, true},
      {"DateEquals", R"("2026-01-02T12:00:00.001Z")", noon, false},
      {"DateEquals", R"("2026-01-02T12:00:00")", noon, true},
      {"DateEquals", R"("1767355200")", noon, true},
      {"DateEquals", "1767355200", noon, true},
      {"DateEquals", R"("2026-01-02T12:00:00Z")", {{"1767355200"}}, true},
      {"DateEquals", R"("2026-01-02")", {{"2026-01-02T00:00:00Z"}}, true},
      {"DateEquals", R"("2026-01")", {{"2026-01-01T00:00:00Z"}}, true},
      {"DateEquals", R"("2026")", {{"1970-01-01T00:33:46Z"}}, true},
      {"DateEquals", R"("1969-12-31T23:59:59Z")", {{"1969-12-31T23:59:59Z"}}, true},
      {"DateEquals", R"("2024-02-29")", {{"2024-02-29T00:00:00Z"}}, true},
      {"DateEquals", R"("2026-01-02T12:00:00Z")", {{"now"}}, false},
      {"DateEquals", R"("2026-01-02T12:00:00Z")", kAbsent, false},
      {"DateNotEquals", R"("2026-01-02T12:00:00Z")", noon, false},
      {"DateNotEquals", R"("2026-01-02T12:00:01Z")", noon, true},
      {"DateNotEquals", R"("2026-01-02T12:00:01Z")", {{"now"}}, true},
      {"DateNotEquals", R"("2026-01-02T12:00:01Z")", kAbsent, true},
      {"DateLessThan", R"("2026-01-02T12:00:01Z")", noon, true},
      {"DateLessThan", R"("2026-01-02T12:00:00Z")", noon, false},
      {"DateLessThan", R"("2026-01-02T11:59:59Z")", noon, false},
      {"DateLessThanEquals", R"("2026-01-02T12:00:00Z")", noon, true},
      {"DateLessThanEquals", R"("2026-01-02T11:59:59Z")", noon, false},
      {"DateGreaterThan", R"("2026-01-02T11:59:59Z")", noon, true},
      {"DateGreaterThan", R"("2026-01-02T12:00:00Z")", noon, false},
      {"DateGreaterThanEquals", R"("2026-01-02T12:00:00Z")", noon, true},
      {"DateGreaterThanEquals", R"("2027-01-01")", noon, false},
      {"DateGreaterThan", R"("2020-01-01")", kAbsent, false},
      {"DateLessThanIfExists", R"("2020-01-01")", kAbsent, true},
  });
  for (const auto* value :
       {R"("soon")", R"("")", R"("2026-13-01")", R"("2026-01-32")", R"("2026-01-02T24:00:00Z")",
        R"("2026-01-02T12:60:00Z")", R"("2026-01-02T12:00:60Z")", R"("2026-01-02-03")",
        R"("${aws:CurrentTime}")", R"(["2026-01-01","x"])", "true"}) {
    const auto json =
        json::parse(R"({"DateLessThan":{"aws:CurrentTime":)" + std::string(value) + "}}");
    const auto conditions = parse_conditions(*json, PolicyDialect::k2012, "");
    ASSERT_FALSE(conditions) << value;
    EXPECT_EQ(conditions.error().message, "The policy failed legacy parsing");
  }
}

TEST(Condition, ComparesAddresses) {
  expect({
      {"IpAddress", R"("203.0.113.0/24")", {{"203.0.113.7"}}, true},
      {"IpAddress", R"("203.0.113.0/24")", {{"203.0.114.7"}}, false},
      {"IpAddress", R"("203.0.113.99/24")", {{"203.0.113.7"}}, true},
      {"IpAddress", R"("203.0.113.7")", {{"203.0.113.7"}}, true},
      {"IpAddress", R"("203.0.113.7")", {{"203.0.113.8"}}, false},
      {"IpAddress", R"("203.0.113.6/31")", {{"203.0.113.7"}}, true},
      {"IpAddress", R"("203.0.113.6/31")", {{"203.0.113.8"}}, false},
      {"IpAddress", R"("128.0.0.0/1")", {{"203.0.113.8"}}, true},
      {"IpAddress", R"("128.0.0.0/1")", {{"127.0.0.1"}}, false},
      {"IpAddress", R"("0.0.0.0/0")", {{"203.0.113.8"}}, true},
      {"IpAddress", R"("0.0.0.0/0")", {{"2001:db8::1"}}, false},
      {"IpAddress", R"("::/0")", {{"2001:db8::1"}}, true},
      {"IpAddress", R"("::/0")", {{"203.0.113.8"}}, false},
      {"IpAddress", R"("2001:db8::/32")", {{"2001:0DB8:1::1"}}, true},
      {"IpAddress", R"("2001:db8::/32")", {{"2001:db9::1"}}, false},
      {"IpAddress", R"("2001:db8::1")", {{"2001:db8:0:0::1"}}, true},
      {"IpAddress", R"("2001:db8::/33")", {{"2001:db8:8000::1"}}, false},
      {"IpAddress", R"("10.0.0.0/8")", {{"::ffff:10.1.2.3"}}, true},
      {"IpAddress", R"("::ffff:10.0.0.0/104")", {{"10.1.2.3"}}, true},
      {"IpAddress", R"(["10.0.0.0/8","192.168.0.0/16"])", {{"192.168.1.1"}}, true},
      {"IpAddress", R"("10.0.0.0/33")", {{"10.0.0.0"}}, false},
      {"IpAddress", R"("10.0.0/8")", {{"10.0.0.1"}}, false},
      {"IpAddress", R"("everywhere")", {{"10.0.0.1"}}, false},
      {"IpAddress", R"("10.0.0.0/8")", {{"AWS Internal"}}, false},
      {"IpAddress", R"("10.0.0.0/8")", {{"10.0.0.0/8"}}, true},
      {"IpAddress", R"("10.0.0.0/8")", {{"10.0.0.0/7"}}, false},
      {"IpAddress", R"("10.0.0.0/8")", kAbsent, false},
      {"NotIpAddress", R"("10.0.0.0/8")", {{"10.0.0.1"}}, false},
      {"NotIpAddress", R"("10.0.0.0/8")", {{"11.0.0.1"}}, true},
      {"NotIpAddress", R"(["10.0.0.0/8","11.0.0.0/8"])", {{"11.0.0.1"}}, false},
      {"NotIpAddress", R"("10.0.0.0/8")", {{"::1"}}, true},
      {"NotIpAddress", R"("everywhere")", {{"10.0.0.1"}}, true},
      {"NotIpAddress", R"("10.0.0.0/8")", kAbsent, true},
      {"IpAddressIfExists", R"("10.0.0.0/8")", kAbsent, true},
  });
}

TEST(Condition, ComparesArns) {
  const Given topic = {{"arn:aws:sns:us-east-1:111122223333:team:topic"}};
  for (const std::string_view operation : {"ArnEquals", "ArnLike"}) {
    expect({
        {std::string(operation), R"("arn:aws:sns:us-east-1:111122223333:team:topic")", topic, true},
        {std::string(operation), R"("arn:aws:sns:us-east-1:111122223333:team:*")", topic, true},
        {std::string(operation), R"("arn:aws:sns:*:111122223333:team:topic")", topic, true},
        {std::string(operation), R"("arn:aws:sns:us-*-1:*:*")", topic, true},
        {std::string(operation), R"("arn:*:*:*:*:*")", topic, true},
        {std::string(operation), R"("*")", topic, true},
        {std::string(operation), R"("*")", {{"no arn"}}, false},
        {std::string(operation), R"("arn:aws:sns:us-east-?:111122223333:team:t?pic")", topic, true},
        {std::string(operation), R"("arn:aws:sns:us-east-1:111122223333:Team:topic")", topic,
         false},
        {std::string(operation), R"("arn:aws:sns:*:team:topic")", topic, false},
        {std::string(operation), R"("arn:aws:sns:*")", topic, false},
        {std::string(operation), R"("arn:aws:sns")", topic, false},
        {std::string(operation), R"("arn:aws:sqs:*:*:*")", topic, false},
        {std::string(operation),
         R"("arn:aws:sns:us-east-1:111122223333:team:topic")",
         {{"topic"}},
         false},
        {std::string(operation), R"(["arn:aws:s3:::b","arn:aws:sns:*:*:*"])", topic, true},
        {std::string(operation),
         R"("arn:aws:iam::1:user/${aws:name}")",
         {{"arn:aws:iam::1:user/ann"}},
         true},
        {std::string(operation),
         R"("arn:aws:iam::1:user/${aws:name}")",
         {{"arn:aws:iam::1:user/bob"}},
         false},
        {std::string(operation),
         R"("arn:aws:iam::1:user/${aws:star}")",
         {{"arn:aws:iam::1:user/bob"}},
         false},
        {std::string(operation), R"("arn:aws:s3:::b")", kAbsent, false},
    });
  }
  for (const std::string_view operation : {"ArnNotEquals", "ArnNotLike"}) {
    expect({
        {std::string(operation), R"("arn:aws:sns:*:*:team:*")", topic, false},
        {std::string(operation), R"("arn:aws:sns:*:*:other:*")", topic, true},
        {std::string(operation), R"(["arn:aws:s3:::b","arn:aws:sns:*:*:*"])", topic, false},
        {std::string(operation), R"("arn:aws:sns:*:*:*")", {{"topic"}}, true},
        {std::string(operation), R"("arn:aws:s3:::b")", kAbsent, true},
    });
  }
}

TEST(Condition, ComparesBooleansBytesAndAbsence) {
  expect({
      {"Bool", R"("true")", {{"true"}}, true},
      {"Bool", R"("true")", {{"TRUE"}}, true},
      {"Bool", "true", {{"true"}}, true},
      {"Bool", "false", {{"true"}}, false},
      {"Bool", R"("True")", {{"true"}}, true},
      {"Bool", R"("false")", {{"false"}}, true},
      {"Bool", R"(["true","false"])", {{"false"}}, true},
      {"Bool", R"("yes")", {{"yes"}}, false},
      {"Bool", R"("true")", {{"1"}}, false},
      {"Bool", R"("false")", {{""}}, false},
      {"Bool", R"("false")", kAbsent, false},
      {"BoolIfExists", R"("false")", kAbsent, true},
      {"BoolIfExists", R"("false")", {{"true"}}, false},
      {"BinaryEquals", R"("QUI=")", {{"QUI="}}, true},
      {"BinaryEquals", R"("QUI=")", {{"QUJD"}}, false},
      {"BinaryEquals", R"("QUI=")", {{"AB"}}, false},
      {"BinaryEquals", R"("not base64")", {{"not base64"}}, false},
      {"BinaryEquals", R"(["QUI=","QUJD"])", {{"QUJD"}}, true},
      {"BinaryEquals", R"("QUI=")", kAbsent, false},
      {"BinaryEqualsIfExists", R"("QUI=")", kAbsent, true},
      {"Null", R"("true")", kAbsent, true},
      {"Null", R"("true")", {{"x"}}, false},
      {"Null", R"("false")", {{"x"}}, true},
      {"Null", R"("false")", kAbsent, false},
      {"Null", "true", kAbsent, true},
      {"Null", R"("True")", kAbsent, true},
      {"Null", R"("true")", {ConditionValues{}}, true},
      {"Null", R"(["true","false"])", {{"x"}}, true},
      {"Null", R"("maybe")", kAbsent, false},
      {"Null", R"("false")", {{"x", "y"}}, true},
  });
}

TEST(Condition, ComparesSetsOfValues) {
  const Given ab = {{"a", "b"}}, none = {ConditionValues{}};
  expect({
      {"ForAnyValue:StringEquals", R"("a")", ab, true},
      {"ForAnyValue:StringEquals", R"("c")", ab, false},
      {"ForAnyValue:StringEquals", R"(["b","c"])", ab, true},
      {"ForAnyValue:StringEquals", R"("a")", {{"a"}}, true},
      {"ForAnyValue:StringEquals", R"("a")", none, false},
      {"ForAnyValue:StringEquals", R"("a")", kAbsent, false},
      {"ForAnyValue:StringEqualsIfExists", R"("a")", kAbsent, true},
      {"ForAnyValue:StringEqualsIfExists", R"("c")", ab, false},
      {"ForAnyValue:StringLike", R"("b*")", ab, true},
      {"forANYvalue:stringlike", R"("c*")", ab, false},
      {"ForAnyValue:StringNotEquals", R"("a")", ab, true},
      {"ForAnyValue:StringNotEquals", R"(["a","b"])", ab, false},
      {"ForAnyValue:StringNotEquals", R"("a")", kAbsent, false},
      {"ForAnyValue:NumericLessThan", R"("5")", {{"9", "4"}}, true},
      {"ForAnyValue:NumericLessThan", R"("5")", {{"9", "x"}}, false},
      {"ForAnyValue:IpAddress", R"("10.0.0.0/8")", {{"1.1.1.1", "10.1.1.1"}}, true},
      {"ForAnyValue:ArnLike", R"("arn:aws:s3:::*")", {{"x", "arn:aws:s3:::b"}}, true},
      {"ForAnyValue:Bool", R"("true")", {{"false", "true"}}, true},
      {"ForAllValues:StringEquals", R"(["a","b","c"])", ab, true},
      {"ForAllValues:StringEquals", R"(["a","c"])", ab, false},
      {"ForAllValues:StringEquals", R"("a")", {{"a", "a"}}, true},
      {"ForAllValues:StringEquals", R"("a")", none, true},
      {"ForAllValues:StringEquals", R"("a")", kAbsent, true},
      {"ForAllValues:StringEquals", R"("a")", {{""}}, true},
      {"ForAllValues:StringEquals", R"("a")", {{"", "b"}}, false},
      {"ForAllValues:StringEqualsIfExists", R"("a")", kAbsent, true},
      {"ForAllValues:StringLike", R"("?")", ab, true},
      {"ForAllValues:StringNotEquals", R"("c")", ab, true},
      {"ForAllValues:StringNotEquals", R"("b")", ab, false},
      {"ForAllValues:StringNotEquals", R"("b")", kAbsent, true},
      {"ForAllValues:NumericLessThan", R"("5")", {{"1", "4"}}, true},
      {"ForAllValues:NumericLessThan", R"("5")", {{"1", "x"}}, false},
      {"ForAllValues:StringEquals", R"(["${aws:name}","b"])", {{"ann", "b"}}, true},
      {"ForAllValues:StringNotEquals", R"("${aws:none}")", ab, false},
      // Several values need one of the two.
      {"StringEquals", R"("a")", ab, false},
      {"StringEquals", R"(["a","b"])", ab, false},
      {"StringEqualsIfExists", R"("a")", ab, false},
      {"StringNotEquals", R"("a")", ab, false},
      {"StringNotEquals", R"("c")", ab, true},
      {"StringNotLike", R"("a*")", ab, false},
  });
}

TEST(Condition, LetsIfExistsPassWhatIsAbsent) {
  for (const std::string_view operation : {"StringEquals",
                                           "StringNotEquals",
                                           "StringEqualsIgnoreCase",
                                           "StringNotEqualsIgnoreCase",
                                           "StringLike",
                                           "StringNotLike",
                                           "NumericEquals",
                                           "NumericNotEquals",
                                           "NumericLessThan",
                                           "NumericLessThanEquals",
                                           "NumericGreaterThan",
                                           "NumericGreaterThanEquals",
                                           "DateEquals",
                                           "DateNotEquals",
                                           "DateLessThan",
                                           "DateLessThanEquals",
                                           "DateGreaterThan",
                                           "DateGreaterThanEquals",
                                           "Bool",
                                           "BinaryEquals",
                                           "IpAddress",
                                           "NotIpAddress",
                                           "ArnEquals",
                                           "ArnLike",
                                           "ArnNotEquals",
                                           "ArnNotLike"}) {
    const bool is_negated = operation.find("Not") != std::string_view::npos;
    const std::string name(operation);
    expect({{name, R"("2026-01-01")", kAbsent, is_negated},
            {name + "IfExists", R"("2026-01-01")", kAbsent, true},
            {"ForAllValues:" + name, R"("2026-01-01")", kAbsent, true},
            {"ForAnyValue:" + name, R"("2026-01-01")", kAbsent, false},
            {"ForAnyValue:" + name + "IfExists", R"("2026-01-01")", kAbsent, true}});
  }
}

TEST(Condition, TakesVariablesLiterallyInTheOldLanguage) {
  const auto json = json::parse(R"({"StringLike":{"aws:Key":"${aws:name}*"}})");
  const auto conditions = parse_conditions(*json, PolicyDialect::k2008, "");
  ASSERT_TRUE(conditions);
  GivenContext context;
  context.set("aws:name", {"ann"});
  context.set("aws:key", {"ann"});
  EXPECT_FALSE(conditions->front().holds(context));
  context.set("aws:key", {"${aws:name}x"});
  EXPECT_TRUE(conditions->front().holds(context));
}

TEST(Condition, RefusesOperatorsThatDoNotExist) {
  for (const std::string_view name :
       {"Equals", "StringMatches", "NullIfExists", "ForAnyValue:", "IfExists", "",
        "ForSomeValues:StringEquals", "ForAnyValue:ForAllValues:StringEquals",
        "StringEqualsIfExistsIfExists", "StringEquals ", "NumericLike", "BoolNot"}) {
    EXPECT_FALSE(Condition::is_operator(name)) << name;
  }
}

}  // namespace
}  // namespace stator::iam
