#include "dynamodb/number.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "dynamodb/test_generators.hpp"

namespace stator::dynamodb {
namespace {

const std::string kNines(38, '9');

TEST(Number, ReadsAndWritesPlainDecimals) {
  const std::pair<std::string, std::string> cases[] = {
      {"0", "0"},
      {"-0", "0"},
      {"0.000", "0"},
      {"0e500", "0"},
      {"1", "1"},
      {"+1", "1"},
      {"-1", "-1"},
      {"007", "7"},
      {"1.50", "1.5"},
      {".5", "0.5"},
      {"5.", "5"},
      {"100", "100"},
      {"1e3", "1000"},
      {"1E+3", "1000"},
      {"12.5e-3", "0.0125"},
      {"-123.456", "-123.456"},
      {"1" + std::string(100, '0'), "1" + std::string(100, '0')},
      {kNines, kNines},
      {"0." + std::string(129, '0') + "1", "0." + std::string(129, '0') + "1"},
      {"9.9999999999999999999999999999999999999E+125", kNines + std::string(88, '0')},
      {"1" + std::string(300, '0') + "e-200", "1" + std::string(100, '0')},
  };
  for (const auto& [text, plain] : cases) {
    const auto number = Number::parse(text);
    ASSERT_TRUE(number) << text << ": " << number.error().message;
    EXPECT_EQ(number->to_string(), plain) << text;
  }
}

TEST(Number, RefusesWhatIsNoNumber) {
  for (const std::string text : {"a", "1a", "1 ", " 1", "1,5", "1.2.3", "e5", "1e", "1e+", "--1",
                                 "NaN", "Infinity", "-", ".", "0x10", "1e1.5"}) {
    const auto number = Number::parse(text);
    ASSERT_FALSE(number) << text;
    EXPECT_EQ(number.error().message,
              "The parameter cannot be converted to a numeric value: " + text);
    EXPECT_EQ(number.error().aws_type, "ValidationException");
  }
  EXPECT_EQ(Number::parse("").error().message,
            "The parameter cannot be converted to a numeric value");
}

TEST(Number, RefusesWhatDoesNotFit) {
  const std::pair<std::string, std::string> cases[] = {
      {kNines + "1", "Attempting to store more than 38 significant digits in a Number"},
      {"1" + std::string(37, '0') + "01",
       "Attempting to store more than 38 significant digits in a Number"},
      {"1e126",
       "Number overflow. Attempting to store a number with magnitude larger than supported range"},
      {"1e99999999999999999999",
       "Number overflow. Attempting to store a number with magnitude larger than supported range"},
      {"-1e-131",
       "Number underflow. Attempting to store a number with magnitude smaller than supported "
       "range"},
  };
  for (const auto& [text, message] : cases) {
    const auto number = Number::parse(text);
    ASSERT_FALSE(number) << text;
    EXPECT_EQ(number.error().message, message) << text;
  }
}

TEST(Number, AddsExactlyOrRefuses) {
  const auto sum = [](const std::string& a, const std::string& b) {
    const auto result = Number::add(Number::parse(a).value(), Number::parse(b).value());
    return result ? result->to_string() : "refused";
  };
  EXPECT_EQ(sum("0.1", "0.2"), "0.3");
  EXPECT_EQ(sum("1", "-1"), "0");
  EXPECT_EQ(sum("-5", "3"), "-2");
  EXPECT_EQ(sum("99", "1"), "100");
  EXPECT_EQ(sum(kNines, "1"), "1" + std::string(38, '0'));
  EXPECT_EQ(sum("1e38", "-1"), kNines);
  EXPECT_EQ(sum("1e50", "1"), "refused");
  EXPECT_EQ(sum("1e50", "-1"), "refused");
  EXPECT_EQ(sum("1e125", "1e-130"), "refused");
  EXPECT_EQ(sum("4e38", "1"), "refused");
  EXPECT_EQ(sum("9e125", "9e125"), "refused");
}

TEST(Number, CountsBytesAsAwsBills) {
  const auto size = [](const char* text) { return Number::parse(text).value().size_bytes(); };
  EXPECT_EQ(size("0"), 1u);
  EXPECT_EQ(size("5"), 2u);
  EXPECT_EQ(size("42"), 2u);
  EXPECT_EQ(size("123"), 3u);
  EXPECT_EQ(size("-42"), 3u);
  EXPECT_EQ(Number::parse(kNines).value().size_bytes(), 20u);
}

RC_GTEST_PROP(NumberProperty, TextRoundTrips, ()) {
  const Number number = *testing::number();
  RC_ASSERT(Number::parse(number.to_string()).value() == number);
}

RC_GTEST_PROP(NumberProperty, SortableRoundTripsAndKeepsOrder, ()) {
  const Number a = *testing::number();
  // A neighbour at a distance of one digit finds what two random numbers never do.
  const Number step = *testing::number();
  const auto near = Number::add(a, step);
  const Number b = near && *rc::gen::arbitrary<bool>() ? *near : *testing::number();
  std::string sortable_a;
  std::string sortable_b;
  a.append_sortable(sortable_a);
  b.append_sortable(sortable_b);
  RC_ASSERT(Number::from_sortable(sortable_a).value() == a);
  RC_ASSERT((sortable_a <=> sortable_b) == (a <=> b));
  RC_ASSERT(a == b || !sortable_b.starts_with(sortable_a));
  RC_ASSERT(sortable_a.size() <= 22u);
}

RC_GTEST_PROP(NumberProperty, AddingIsExact, ()) {
  const Number a = *testing::number();
  const Number b = *testing::number();
  const auto ab = Number::add(a, b);
  const auto ba = Number::add(b, a);
  RC_ASSERT(ab.has_value() == ba.has_value());
  if (!ab) return;
  RC_ASSERT(*ab == *ba);
  const auto back = Number::subtract(*ab, b);
  if (back) RC_ASSERT(*back == a);
}

RC_GTEST_PROP(NumberProperty, AgreesWithIntegers, (std::int32_t a, std::int32_t b)) {
  const auto x = Number::from_integer(a);
  const auto y = Number::from_integer(b);
  RC_ASSERT((x <=> y) == (a <=> b));
  RC_ASSERT(Number::add(x, y).value() == Number::from_integer(std::int64_t{a} + b));
  RC_ASSERT(Number::subtract(x, y).value() == Number::from_integer(std::int64_t{a} - b));
  RC_ASSERT(x.to_string() == std::to_string(a));
}

RC_GTEST_PROP(NumberProperty, ReadsAnyBytesSafely, ()) {
  const std::string bytes = *testing::bytes();
  const auto number = Number::from_sortable(bytes);
  if (!number) return;
  std::string again;
  number->append_sortable(again);
  RC_ASSERT(again == bytes);
}

}  // namespace
}  // namespace stator::dynamodb
