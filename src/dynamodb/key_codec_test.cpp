#include "dynamodb/key_codec.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "dynamodb/test_generators.hpp"

namespace stator::dynamodb {
namespace {

std::string key(const std::string& partition, const std::string& sort) {
  return partition_prefix(7, partition) + sort;
}

TEST(KeyCodec, KeepsPartitionsApartEvenWithZeroBytes) {
  using namespace std::string_literals;
  EXPECT_NE(key("a", "b\0\1c"s), key("a\0\1b"s, "c"));
  EXPECT_FALSE(key("a\0"s, "").starts_with(partition_prefix(7, "a")));
}

TEST(KeyCodec, HashIsPartOfTheFormat) {
  // These values must never change: data on disk lies by them.
  EXPECT_EQ(partition_hash(""), 0xefd01f60ba992926u);
  EXPECT_EQ(partition_hash("a"), 0x82a2a958a9bece5bu);
}

TEST(KeyCodec, SegmentsCoverTheTableWithoutOverlap) {
  for (const std::uint32_t total : {1u, 2u, 3u, 7u, 1'000'000u}) {
    const auto whole = table_range(7);
    EXPECT_EQ(segment_range(7, 0, total).begin.substr(0, 8), whole.begin);
    EXPECT_EQ(segment_range(7, total - 1, total).end, whole.end);
    for (std::uint32_t i = 0; i + 1 < std::min(total, 10u); ++i) {
      EXPECT_EQ(segment_range(7, i, total).end, segment_range(7, i + 1, total).begin);
    }
  }
}

TEST(KeyCodec, AfterPrefixSkipsTrailingOnes) {
  EXPECT_EQ(after_prefix("ab"), "ac");
  EXPECT_EQ(after_prefix("a\xff\xff"), "b");
  EXPECT_EQ(after_prefix("\xff"), "");
  EXPECT_EQ(after_prefix("\x7f"), "\x80");
}

RC_GTEST_PROP(KeyCodecProperty, SortKeysKeepTheOrderOfTheirValues, ()) {
  const bool is_number = *rc::gen::arbitrary<bool>();
  const auto draw = [&]() -> Value {
    if (is_number) return *testing::number();
    return Binary{*testing::bytes()};
  };
  const Value a = draw();
  const Value b = draw();
  const auto order = compare(a, b);
  RC_ASSERT(order.has_value());
  RC_ASSERT((key("p", key_bytes(a)) <=> key("p", key_bytes(b))) == *order);
}

RC_GTEST_PROP(KeyCodecProperty, NoPartitionBeginsLikeAnother, ()) {
  const std::string a = *testing::bytes();
  const std::string b = *testing::bytes();
  RC_PRE(a != b);
  RC_ASSERT(!partition_prefix(1, a).starts_with(partition_prefix(1, b)));
}

RC_GTEST_PROP(KeyCodecProperty, EveryPartitionLiesInOneSegment, ()) {
  const std::string prefix = partition_prefix(9, *testing::bytes());
  const auto total = *rc::gen::inRange<std::uint32_t>(1, 50);
  int inside = 0;
  for (std::uint32_t i = 0; i < total; ++i) {
    const auto range = segment_range(9, i, total);
    inside += prefix >= range.begin && prefix < range.end ? 1 : 0;
  }
  RC_ASSERT(inside == 1);
}

}  // namespace
}  // namespace stator::dynamodb
