#include "archive/gzip.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace stator::archive {
namespace {

std::string zipped(std::string_view bytes) {
  GzipWriter writer;
  writer.append(bytes);
  return writer.finish();
}

Result<std::string> unzipped(std::string_view gzip) {
  std::string out;
  STATOR_TRY_VOID(gunzip(gzip, [&](std::string_view piece) -> Result<void> {
    EXPECT_LE(piece.size(), 64u << 10);
    out.append(piece);
    return {};
  }));
  return out;
}

TEST(Gzip, ReadsWhatOthersWrote) {
  // printf 'hello' | gzip -n
  const std::string hello(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00"
      "\x00\x00",
      25);
  EXPECT_EQ(unzipped(hello).value(), "hello");
  EXPECT_EQ(unzipped(hello + hello).value(), "hellohello");
}

TEST(Gzip, SmallFilesMayHoldMuch) {
  const std::string zeros(10u << 20, '\0');
  const std::string small = zipped(zeros);
  EXPECT_LT(small.size(), 20'000u);
  EXPECT_EQ(unzipped(small).value(), zeros);
  std::size_t seen = 0;
  const auto stopped = gunzip(small, [&](std::string_view piece) -> Result<void> {
    seen += piece.size();
    return invalid("enough");
  });
  EXPECT_EQ(stopped.error().message, "enough");
  EXPECT_LE(seen, 64u << 10);
}

TEST(Gzip, DamageIsAnError) {
  EXPECT_FALSE(unzipped(""));
  EXPECT_FALSE(unzipped("hello"));
  const std::string text = "some text that is long enough to be worth it";
  const std::string good = zipped(text);
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(unzipped(good.substr(0, size))) << size;
  }
  EXPECT_FALSE(unzipped(good + "tail"));
  for (std::size_t at = 10; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x20);
    // A bit that only fills up the last byte of the data means nothing.
    const auto read = unzipped(bad);
    EXPECT_TRUE(!read || *read == text) << at;
  }
}

RC_GTEST_PROP(Gzip, RoundTrips, (const std::vector<std::string>& pieces)) {
  GzipWriter writer;
  std::string all;
  for (const std::string& piece : pieces) {
    writer.append(piece);
    all += piece;
  }
  RC_ASSERT(unzipped(writer.finish()).value() == all);
}

}  // namespace
}  // namespace stator::archive
