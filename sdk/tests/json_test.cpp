#include "stator/json.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "stator/json_codec.hpp"

namespace stator::sdk {
namespace {

using namespace std::string_literals;

bool is_valid(std::string_view text) {
  JsonReader reader(text);
  return reader.skip() && reader.finish();
}

TEST(JsonReader, AcceptsWhatRfc8259Allows) {
  for (const std::string_view text :
       {"0", "-0", "1.5e+3", "1E-2", "true", " false ", "null", "\"\"", "[]", "{}", "[1,2]",
        R"({"a":[{"b":null},"c"]})", R"("\u00e9\ud83d\ude00\n\/")", "\"\xC3\xA9\""}) {
    EXPECT_TRUE(is_valid(text)) << text;
  }
}

TEST(JsonReader, RefusesEverythingElse) {
  for (const std::string_view text : {"",
                                      " ",
                                      "01",
                                      "1.",
                                      ".5",
                                      "+1",
                                      "1e",
                                      "-",
                                      "tru",
                                      "nul",
                                      "[",
                                      "{",
                                      "[1,]",
                                      "[1 2]",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\":1,}",
                                      "{a:1}",
                                      "[1}",
                                      "{\"a\":1]",
                                      "1 2",
                                      "\"",
                                      "\"\\x\"",
                                      "\"\\u12\"",
                                      "\"\\ud800\"",
                                      "\"\\udc00\"",
                                      "\"\\ud800\\u0041\"",
                                      "\"\n\"",
                                      "\"\xFF\"",
                                      "\"\xC0\x80\"",
                                      "\"\xED\xA0\x80\"",
                                      "\"\xF4\x90\x80\x80\"",
                                      "]",
                                      ",",
                                      "{,}",
                                      "[,]"}) {
    EXPECT_FALSE(is_valid(text)) << text;
  }
}

TEST(JsonReader, BoundsItsDepth) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(is_valid(nested(STATOR1_JSON_DEPTH_MAX)));
  EXPECT_FALSE(is_valid(nested(STATOR1_JSON_DEPTH_MAX + 1)));
}

TEST(JsonReader, KeepsArraysAndObjectsApartAtEveryDepth) {
  std::string text;
  std::string end;
  for (int i = 0; i < 100; ++i) {
    text += i % 3 == 0 ? "[" : "{\"k\":";
    end.insert(0, i % 3 == 0 ? "]" : "}");
  }
  EXPECT_TRUE(is_valid(text + "1" + end));
  std::swap(end[50], end[51]);
  EXPECT_EQ(is_valid(text + "1" + end), end[50] == end[51]);
}

TEST(JsonReader, SlicesWhatItSkips) {
  JsonReader reader(R"({"a": {"x":[1,2]} , "b":"t\"u","c":-1.5,"d":false,"e":null})");
  std::string slices;
  EXPECT_TRUE(reader.object([&](std::string_view) {
    std::string_view slice;
    const bool good = reader.skip(&slice);
    slices += std::string(slice) + "|";
    return good;
  }));
  EXPECT_EQ(slices, R"({"x":[1,2]}|"t\"u"|-1.5|false|null|)");
}

TEST(Json, StringsSurviveARoundTrip) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (auto i = random() % 40; i != 0; --i) {
      static const std::string kPieces[] = {"a",
                                            "\"",
                                            "\\",
                                            "\n",
                                            "\0"s,
                                            "\x1F",
                                            "\x7F",
                                            "/",
                                            "\xC3\xA9",
                                            "\xE2\x82\xAC",
                                            "\xF0\x9F\x98\x80"};
      text += kPieces[random() % std::size(kPieces)];
    }
    JsonWriter writer;
    writer.string(text);
    EXPECT_FALSE(writer.has_replaced());
    JsonReader reader(writer.text());
    std::string back;
    ASSERT_TRUE(reader.read(back) && reader.finish()) << writer.text();
    ASSERT_EQ(back, text);
  }
}

TEST(Json, LongStringsAreEscapedPieceByPiece) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += i % 3 == 0 ? "\x01" : "\xE2\x82\xAC";
  JsonWriter writer;
  writer.string(text);
  JsonReader reader(writer.text());
  std::string back;
  EXPECT_TRUE(reader.read(back));
  EXPECT_EQ(back, text);
}

TEST(Json, BytesThatAreNotUtf8AreReplacedAndNoted) {
  JsonWriter writer;
  writer.string("caf\xE9!");
  EXPECT_EQ(writer.text(), "\"caf\xEF\xBF\xBD!\"");
  EXPECT_TRUE(writer.has_replaced());
}

struct Part {
  std::string city{};
  int zip = 0;
  friend bool operator==(const Part&, const Part&) = default;
};
struct Whole {
  std::string name{};
  bool flag = false;
  std::int64_t big = 0;
  double real = 0;
  Number exact{};
  std::optional<std::string> note{};
  std::vector<Part> parts{};
  std::set<std::string> tags{};
  std::map<std::string, int> counts{};
  friend bool operator==(const Whole&, const Whole&) = default;
};

TEST(JsonCodec, StructsSurviveARoundTrip) {
  const Whole whole{
      "n",        true,      INT64_MIN, 0.1, Number("12.50"s), "x", {{"a", 1}, {"b", -2}},
      {"t", "u"}, {{"k", 3}}};
  const std::string text = to_json(whole);
  EXPECT_EQ(text,
            R"({"name":"n","flag":true,"big":-9223372036854775808,"real":0.1,"exact":12.50,)"
            R"("note":"x","parts":[{"city":"a","zip":1},{"city":"b","zip":-2}],"tags":["t","u"],)"
            R"("counts":{"k":3}})");
  JsonReader reader(text);
  Whole back;
  EXPECT_TRUE(read_json(reader, back) && reader.finish()) << reader.problem();
  EXPECT_EQ(back, whole);
}

TEST(JsonCodec, NamesWhatIsWrong) {
  struct In {
    std::string name{};
    std::optional<int> count{};
    std::optional<std::vector<Part>> parts{};
    std::optional<std::set<std::string>> tags{};
  };
  const auto problem = [](std::string_view text) {
    JsonReader reader(text);
    In in;
    return read_json(reader, in) && reader.finish() ? "" : reader.problem();
  };
  EXPECT_EQ(problem(R"({"name":"x"})"), "");
  EXPECT_EQ(problem(R"({"name":"x","count":null})"), "");
  EXPECT_EQ(problem(R"({})"), "name: is required");
  EXPECT_EQ(problem(R"({"name":5})"), "name: must be a string");
  EXPECT_EQ(problem(R"({"name":null})"), "name: must be a string");
  EXPECT_EQ(problem(R"({"name":"x","name":"y"})"), "name: is given twice");
  EXPECT_EQ(problem(R"({"name":"x","colour":1})"), "colour: is not expected");
  EXPECT_EQ(problem(R"({"name":"x","count":1.5})"),
            "count: must be a whole number within its range");
  EXPECT_EQ(problem(R"({"name":"x","count":99999999999})"),
            "count: must be a whole number within its range");
  EXPECT_EQ(problem(R"({"name":"x","parts":[{"city":"a","zip":1},{"city":"b","zip":"2"}]})"),
            "parts[1].zip: must be a whole number within its range");
  EXPECT_EQ(problem(R"({"name":"x","tags":["a","a"]})"), "tags[1]: is in the set already");
  EXPECT_EQ(problem("[]"), "must be an object");
  EXPECT_EQ(problem("{"), "is not JSON: the text ends too early");
  EXPECT_EQ(problem(R"({"name":"x"} x)"), "is not JSON: something after the value");
}

}  // namespace
}  // namespace stator::sdk
