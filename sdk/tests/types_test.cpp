#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <new>
#include <random>
#include <string>

#include "ddb/ddb.hpp"

// Every allocation of this program is counted; what is in between is compared.
namespace {
thread_local std::size_t allocations = 0;
}
void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace kinds {

enum class Colour { kRed, kGreen, kBlue };
enum class Size { kSmall, kLarge };
struct Point {
  double x = 0, y = 0;
  friend bool operator==(const Point&, const Point&) = default;
};
struct Part {
  std::string name{};
  int price = 0;
  friend bool operator==(const Part&, const Part&) = default;
};

/// A member of each type that can be stored.
struct Everything {
  std::string id{};
  double real = 0;
  ddb::Number number{};
  ddb::Binary bytes{};
  bool yes = false;
  ddb::Null nothing{};
  std::set<std::string> texts{};
  std::unordered_set<int> numbers{};
  std::set<ddb::Binary> binaries{};
  std::vector<Part> parts{};
  std::array<int, 3> three{};
  std::tuple<std::string, int, bool> mixed{};
  std::map<std::string, Part> by_name{};
  std::unordered_map<std::string, double> rates{};
  std::optional<Part> part{};
  std::variant<std::string, std::int64_t, Part> either{};
  ddb::Json<Part> json{};
  ddb::DateTime when{};
  ddb::Ttl until{};
  Colour colour = Colour::kRed;
  Size size = Size::kSmall;
  Point point{};
  ddb::Value any{};
  ddb::Extra rest{};
  friend bool operator==(const Everything&, const Everything&) = default;
};

}  // namespace kinds

template <>
inline constexpr auto ddb::schema<kinds::Everything> = table<"t">(hash<&kinds::Everything::id>);
template <>
inline constexpr auto ddb::texts<kinds::Size> = ddb::enum_texts("small", "large");
template <>
struct ddb::Converter<kinds::Point> {
  using As = std::vector<double>;
  static As to(const kinds::Point& point) { return {point.x, point.y}; }
  static bool from(const As& stored, kinds::Point& out) {
    if (stored.size() != 2) return false;
    out = {stored[0], stored[1]};
    return true;
  }
};

namespace {

using kinds::Colour;
using kinds::Everything;
using kinds::Part;

template <class V>
std::string json_of(const V& value) {
  return ddb::Value::of(value).json;
}

TEST(Types, AreWrittenAsDynamoDbHasThem) {
  EXPECT_EQ(json_of(Colour::kBlue), R"({"S":"kBlue"})");
  EXPECT_EQ(json_of(kinds::Size::kLarge), R"({"S":"large"})");
  EXPECT_EQ(json_of(ddb::Null()), R"({"NULL":true})");
  EXPECT_EQ(json_of(std::tuple(std::string("a"), 1, true)),
            R"({"L":[{"S":"a"},{"N":"1"},{"BOOL":true}]})");
  EXPECT_EQ(json_of(std::variant<std::string, int>(5)), R"({"N":"5"})");
  EXPECT_EQ(json_of(ddb::Json<Part>{{"a", 1}}), R"({"S":"{\"name\":\"a\",\"price\":1}"})");
  EXPECT_EQ(json_of(std::set<ddb::Binary>{ddb::Binary("a")}), R"({"BS":["YQ=="]})");
  EXPECT_EQ(json_of(kinds::Point{1, 2.5}), R"({"L":[{"N":"1"},{"N":"2.5"}]})");
  EXPECT_EQ(json_of(ddb::Ttl(5)), R"({"N":"5"})");
  EXPECT_EQ(json_of(std::vector<std::optional<int>>{1, std::nullopt}),
            R"({"L":[{"N":"1"},{"NULL":true}]})");
}

TEST(DateTime, IsWrittenAsPynamoDbWritesIt) {
  const auto time = ddb::DateTime(1'767'323'045'678'900);
  EXPECT_EQ(time.text(), "2026-01-02T03:04:05.678900+0000");
  EXPECT_EQ(ddb::DateTime(-1).text(), "1969-12-31T23:59:59.999999+0000");
  EXPECT_EQ(ddb::DateTime(ddb::detail::days_of(33, 4, 3) * 86'400'000'000).text(),
            "0033-04-03T00:00:00.000000+0000");
  EXPECT_EQ(ddb::DateTime(std::chrono::sys_days(std::chrono::year(2000) / 2 / 29)).text(),
            "2000-02-29T00:00:00.000000+0000");
  for (const std::string_view bad :
       {"2026-01-02T03:04:05.678900Z", "2026-02-30T03:04:05.678900+0000",
        "2026-01-02T24:04:05.678900+0000", "2026-1-02T03:04:05.678900+00000",
        "2026-01-02 03:04:05.678900+0000", "", "2026-01-02T03:04:05.67890x+0000"}) {
    EXPECT_FALSE(ddb::DateTime::parse(bad)) << bad;
  }
  std::mt19937_64 random(5);
  for (int i = 0; i < 1000; ++i) {
    const ddb::DateTime any(static_cast<std::int64_t>(random() % 250'000'000'000'000'000) -
                            60'000'000'000'000'000);
    ASSERT_EQ(ddb::DateTime::parse(any.text()), any) << any.text();
  }
}

Everything random_everything(std::mt19937& random) {
  const auto text = [&] {
    std::string made;
    for (auto i = random() % 6; i != 0; --i) made += random() % 3 == 0 ? "\xC3\xA9\n" : "a\"";
    return made;
  };
  const auto part = [&] { return Part{text(), static_cast<int>(random() % 100)}; };
  Everything all;
  all.id = text();
  all.real = static_cast<double>(random()) / 3.0;
  all.number = ddb::Number(std::to_string(random()) + "." + std::to_string(random()));
  for (auto i = random() % 9; i != 0; --i) all.bytes.bytes += static_cast<char>(random());
  all.yes = random() % 2 != 0;
  for (auto i = random() % 3; i != 0; --i) all.texts.insert(text());
  for (auto i = random() % 3; i != 0; --i) all.numbers.insert(static_cast<int>(random()));
  for (auto i = random() % 3; i != 0; --i) all.binaries.insert(ddb::Binary(text()));
  for (auto i = random() % 3; i != 0; --i) all.parts.push_back(part());
  all.three = {1, static_cast<int>(random()), 3};
  all.mixed = {text(), static_cast<int>(random()), random() % 2 != 0};
  for (auto i = random() % 3; i != 0; --i) all.by_name[text()] = part();
  for (auto i = random() % 3; i != 0; --i) all.rates[text()] = static_cast<double>(random());
  if (random() % 2 != 0) all.part = part();
  if (random() % 3 == 0) all.either = std::int64_t{5};
  if (random() % 3 == 1) all.either = part();
  all.json.value = part();
  all.when = ddb::DateTime(static_cast<std::int64_t>(random()) * 1'000'003);
  all.until = ddb::Ttl(static_cast<std::int64_t>(random() % 3));
  all.colour = static_cast<Colour>(random() % 3);
  all.size = static_cast<kinds::Size>(random() % 2);
  all.point = {static_cast<double>(random()), 0.5};
  all.any = ddb::Value::of(part());
  for (auto i = random() % 3; i != 0; --i) {
    all.rest.attributes["unknown" + std::to_string(i)] = ddb::Value::of(text());
  }
  return all;
}

TEST(Types, SurviveARoundTrip) {
  std::mt19937 random(12);
  for (int round = 0; round < 1000; ++round) {
    const Everything all = random_everything(random);
    ddb::JsonWriter writer;
    ddb::encode_attributes(writer, all);
    ASSERT_EQ(writer.problem(), "");
    ddb::JsonReader reader(writer.text());
    Everything back;
    ASSERT_TRUE(ddb::decode_attributes(reader, back) && reader.finish())
        << reader.problem() << writer.text();
    ASSERT_EQ(back, all) << writer.text();
  }
}

TEST(Types, RefuseWhatTheyCannotHold) {
  const auto problem = [](std::string_view attributes) {
    ddb::JsonReader reader(attributes);
    Everything all;
    EXPECT_FALSE(ddb::decode_attributes(reader, all)) << attributes;
    return reader.problem();
  };
  EXPECT_EQ(problem(R"({"colour":{"S":"kPink"}})"),
            "colour.S: is none of the enum's values: kPink");
  EXPECT_EQ(problem(R"({"colour":{"S":""}})"), "colour.S: is none of the enum's values: ");
  EXPECT_EQ(problem(R"({"three":{"L":[{"N":"1"}]}})"), "three.L: has too few elements");
  EXPECT_EQ(problem(R"({"mixed":{"L":[{"S":"a"},{"N":"1"},{"BOOL":true},{"N":"1"}]}})"),
            "mixed.L[3]: is one element too many");
  EXPECT_EQ(problem(R"({"either":{"BOOL":true}})"),
            "either.BOOL: is of none of the variant's types: BOOL");
  EXPECT_EQ(problem(R"({"when":{"S":"yesterday"}})"), "when.S: does not convert");
  EXPECT_EQ(problem(R"({"json":{"S":"{"}})"), "json.S: does not convert");
  EXPECT_EQ(problem(R"({"point":{"L":[]}})"), "point.L: does not convert");
  EXPECT_EQ(problem(R"({"texts":{"NS":["1"]}})"), "texts.NS: must be of type SS, is NS");
}

TEST(Types, WhatHasNoJsonFormIsNotSent) {
  const ddb::Client offline({.endpoint = "http://127.0.0.1:1", .region = "eu-west-1"});
  const auto table = offline.table<Everything>();
  Everything all{.id = "a"};
  all.real = 1 / 0.0;
  EXPECT_EQ(ddb::put(table, all).params().error().message, "a number that is not finite");
  all.real = 0;
  all.colour = static_cast<Colour>(9);
  EXPECT_EQ(ddb::put(table, all).params().error().message, "an enum's value has no name");
  EXPECT_EQ(ddb::update(table, "a", set(ddb::col<&Everything::colour>, static_cast<Colour>(9)))
                .params()
                .error()
                .message,
            "an enum's value has no name");
}

TEST(Value, IsReadAsWhatItIs) {
  const auto value = ddb::Value::of(std::vector<int>{1, 2});
  EXPECT_EQ(value.as<std::vector<int>>(), (std::vector<int>{1, 2}));
  EXPECT_FALSE(value.as<std::string>());
  EXPECT_FALSE(ddb::Value{"junk"}.as<std::string>());
}

TEST(Types, BrokenAnswersAreRefusedAndNothingWorse) {
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    const std::string item = ddb::Value::of(random_everything(random)).json;
    std::string answer = R"({"Items":[)" + item.substr(5, item.size() - 6) +
                         R"(],"Count":1,"LastEvaluatedKey":{"id":{"S":"a"}}})";
    if (random() % 2 == 0) answer.resize(random() % answer.size());
    for (auto i = random() % 4; i != 0 && !answer.empty(); --i) {
      answer[random() % answer.size()] = static_cast<char>(random() % 128);
    }
    const auto page = ddb::Query<Everything>({std::string(), {}}).read(answer);
    EXPECT_TRUE(page || page.error().code == ddb::ErrorCode::kDecode);
    EXPECT_LE(page ? page->items.size() : 0, 1u);
  }
}

struct Texts {
  std::string a_name_too_long_for_its_own_object{}, b{}, c{};
  std::int64_t number = 0;
  ddb::Binary bytes{};
};

TEST(Codec, AllocatesOnceForEachTextThatItKeeps) {
  const std::string item =
      R"({"a_name_too_long_for_its_own_object":{"S":"a text that does not fit into its object"},)"
      R"("b":{"S":"another text that does not fit into its object"},"c":{"S":"short"},)"
      R"("number":{"N":"1234567890123456789"},"other_that_is_not_kept_and_has_a_long_name":)"
      R"({"L":[{"S":"a text that is not kept, however long it may be"}]},)"
      R"("bytes":{"B":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}})";
  Texts out;
  const std::size_t before = allocations;
  ddb::JsonReader reader(item);
  const bool good = ddb::decode_attributes(reader, out) && reader.finish();
  const std::size_t made = allocations - before;
  EXPECT_TRUE(good) << reader.problem();
  EXPECT_EQ(made, 3u);
}

TEST(Number, IsExactAndComparedByValue) {
  using stator::sdk::canonical;
  using stator::sdk::compare;
  EXPECT_EQ(canonical("1.50"), "1.5");
  EXPECT_EQ(canonical("-0"), "0");
  EXPECT_EQ(canonical("12e3"), "12000");
  EXPECT_EQ(canonical("0.001"), "0.001");
  EXPECT_EQ(canonical("1e100"), "1E+100");
  EXPECT_EQ(canonical("12345e-130"), "1.2345E-126");
  EXPECT_EQ(canonical("x"), "x");
  EXPECT_TRUE(stator::sdk::is_number(ddb::Number("12345678901234567890123456789012345678")));
  for (const char* bad : {"", "-", "1.2.3", "1e", "e5", "1e126", "1e-131", " 1",
                          "123456789012345678901234567890123456789"}) {
    EXPECT_FALSE(stator::sdk::is_number(ddb::Number(bad))) << bad;
  }
  EXPECT_EQ(compare(ddb::Number("1.0"), ddb::Number("1")), 0);
  EXPECT_EQ(compare(ddb::Number("-2"), ddb::Number("1")), -1);
  EXPECT_EQ(compare(ddb::Number("-2"), ddb::Number("-10")), 1);
  EXPECT_EQ(compare(ddb::Number("9"), ddb::Number("10")), -1);
  EXPECT_EQ(compare(ddb::Number("0"), ddb::Number("0.001")), -1);
  EXPECT_EQ(compare(ddb::Number("x"), ddb::Number("1")), STATOR1_NO_NUMBER);
}

TEST(Number, IsCalculatedExactly) {
  using ddb::Number;
  using stator::sdk::minus;
  using stator::sdk::plus;
  using stator::sdk::times;
  EXPECT_EQ(plus(Number("0.1"), Number("0.2"))->digits, "0.3");
  EXPECT_EQ(plus(Number("999"), Number("1"))->digits, "1000");
  EXPECT_EQ(minus(Number("1"), Number("1.001"))->digits, "-0.001");
  EXPECT_EQ(minus(Number("5"), Number("-5"))->digits, "10");
  EXPECT_EQ(minus(Number("5"), Number("5"))->digits, "0");
  EXPECT_EQ(times(Number("1.5"), Number("-4"))->digits, "-6");
  EXPECT_EQ(times(Number("0"), Number("-4"))->digits, "0");
  EXPECT_FALSE(plus(Number("1e38"), Number("1")));
  EXPECT_FALSE(times(Number("1e100"), Number("1e100")));
  std::mt19937 random(3);
  for (int i = 0; i < 2000; ++i) {
    const std::int64_t a = static_cast<std::int64_t>(random()) - 2'000'000'000;
    const std::int64_t b = static_cast<std::int64_t>(random() % 100'000) - 50'000;
    ASSERT_EQ(plus(Number(a), Number(b))->digits, std::to_string(a + b));
    ASSERT_EQ(minus(Number(a), Number(b))->digits, std::to_string(a - b));
    ASSERT_EQ(times(Number(a), Number(b))->digits, std::to_string(a * b));
    ASSERT_EQ(stator::sdk::compare(Number(a), Number(b)), a < b ? -1 : a > b ? 1 : 0);
  }
}

}  // namespace
