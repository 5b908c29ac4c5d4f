#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/local.hpp"
#include "lambda/lambda.hpp"
#include "model.hpp"

namespace {

std::vector<std::string> golden_events() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(STATOR_SDK_EVENTS)) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> events;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    events.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return events;
}

/// Cuts, doubles, swaps and overwrites parts of a text: most of what comes of it is nearly JSON.
class Spoiler {
 public:
  explicit Spoiler(unsigned seed) : random_(seed) {}

  std::string spoil(std::string text) {
    for (std::size_t changes = 1 + below(4); changes > 0 && !text.empty(); --changes) {
      const std::size_t at = below(text.size());
      const std::size_t size = 1 + below(std::min<std::size_t>(text.size() - at, 40));
      switch (below(5)) {
        case 0:
          text.erase(at, size);
          break;
        case 1:
          text.insert(at, text.substr(below(text.size()), size));
          break;
        case 2:
          text[at] = static_cast<char>(below(256));
          break;
        case 3:
          text.replace(at, size, kPieces[below(std::size(kPieces))]);
          break;
        default:
          text.resize(at);
      }
    }
    return text;
  }

 private:
  static constexpr const char* kPieces[] = {
      "null",        "{}",          "[]",          "\"\"",
      "true",        "-1e999",      "\"\\ud800\"", "{\"S\":\"a\"}",
      "\xFF",        "\"L\"",       "[[[",         "\"body\"",
      "\"Records\"", "\"\\u0000\"", ":",           ","};

  std::size_t below(std::size_t bound) { return random_() % bound; }

  std::mt19937 random_;
};

/// Reads; what it refuses it says so of. Anything else ends the test.
template <class Read>
bool reads(const Read& read) {
  try {
    read();
    return true;
  } catch (const std::invalid_argument& refused) {
    EXPECT_NE(std::string(refused.what()), "");
    return false;
  }
}

TEST(HostileEvents, AreReadOrRefusedAndNothingElse) {
  int read = 0;
  int tried = 0;
  const auto count = [&](bool good) {
    ++tried;
    read += good ? 1 : 0;
  };
  Spoiler spoiler(20'261);
  const auto events = golden_events();
  for (int round = 0; round < 3000; ++round) {
    const std::string event =
        spoiler.spoil(events[static_cast<std::size_t>(round) % events.size()]);
    count(reads([&] {
      const lambda::HttpRequest request(event);
      EXPECT_LE(request.cookies().size(), event.size());
      (void)request.path_parameter("id");
    }));
    count(reads([&] { (void)lambda::AuthorizerRequest(event).token(); }));
    count(reads([&] {
      for (const auto& record : lambda::StreamEvent(event)) {
        (void)record.new_item<shop::Order>();
        (void)record.old_item<shop::Counter>();
      }
    }));
    (void)lambda::parse<shop::Counter>(event).problem();
    // Whatever a handler answers, what goes out over HTTP is an answer.
    EXPECT_TRUE(
        stator::sdk::http_answer_of({false, "application/json", event}).starts_with("HTTP/1.1 "));
  }
  // The test would show nothing if all were refused, or none.
  EXPECT_GT(read, tried / 100);
  EXPECT_LT(read, tried);
}

TEST(HostileEvents, TargetsOfRequestsBecomeEventsThatAreRead) {
  Spoiler spoiler(7);
  for (int round = 0; round < 2000; ++round) {
    stator::sdk::LocalRequest request{"GET", "/", {{"cookie", "a=1; b"}}, ""};
    request.target += spoiler.spoil("items/a%20b?x=1&y=%zz&&z");
    request.body = spoiler.spoil("{\"a\":1}");
    const auto event = stator::sdk::http_event_of(request, {});
    ASSERT_TRUE(event);
    const lambda::HttpRequest read(*event);
    EXPECT_EQ(read.body(), request.body);
    EXPECT_EQ(read.method(), "GET");
  }
}

}  // namespace
