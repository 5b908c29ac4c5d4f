#include "storage/key.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace stator::storage {
namespace {

using namespace std::string_view_literals;

std::string key_of(const std::vector<std::string>& parts) {
  std::string key;
  for (const auto& part : parts) append_part(key, part);
  return key;
}

/// Parts full of the bytes that the encoding treats specially.
rc::Gen<std::vector<std::string>> tuples() {
  const auto byte = rc::gen::element('\x00', '\x01', '\x02', 'a', '\xfe', '\xff');
  return rc::gen::container<std::vector<std::string>>(rc::gen::container<std::string>(byte));
}

TEST(PathKey, KeepsPartsApartEvenWithZeroBytes) {
  // Left unescaped, both tuples would become the bytes a 00 01 b 00 01 c 00 01.
  EXPECT_NE(path_key({"a", "b\0\1c"sv}), path_key({"a\0\1b"sv, "c"}));
  EXPECT_EQ(path_key({"a", "b"}), "a\0\1b\0\1"sv);
  EXPECT_EQ(path_key({"a\0"sv}), "a\0\xff\0\1"sv);
}

TEST(PathKey, RefusesWhatItDidNotWrite) {
  EXPECT_FALSE(split_path_key("a"));
  EXPECT_FALSE(split_path_key("a\0"sv));
  EXPECT_FALSE(split_path_key("a\0\2"sv));
  EXPECT_FALSE(split_path_key("a\0\1b"sv));
  EXPECT_FALSE(split_path_key("\0\xff"sv));
  EXPECT_EQ(split_path_key(""), std::vector<std::string>{});
}

RC_GTEST_PROP(PathKeyProperty, SplitUndoesJoin, ()) {
  const auto parts = *tuples();
  RC_ASSERT(split_path_key(key_of(parts)) == parts);
}

RC_GTEST_PROP(PathKeyProperty, ByteOrderIsTupleOrder, ()) {
  const auto a = *tuples();
  const auto b = *tuples();
  RC_ASSERT((key_of(a) < key_of(b)) == (a < b));
}

RC_GTEST_PROP(PrefixRangeProperty, HoldsExactlyTheKeysWithThePrefix, ()) {
  const auto byte = rc::gen::element('\x00', 'a', '\xfe', '\xff');
  const auto prefix = *rc::gen::container<std::string>(byte);
  const auto key = *rc::gen::container<std::string>(byte);
  const auto range = prefix_range(prefix);
  const bool inside = key >= range.begin && (range.end.empty() || key < range.end);
  RC_ASSERT(inside == (key.compare(0, prefix.size(), prefix) == 0));
}

}  // namespace
}  // namespace stator::storage
