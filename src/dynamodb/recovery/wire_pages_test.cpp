#include "dynamodb/recovery/wire_pages.hpp"

#include <gtest/gtest.h>

#include "dynamodb/recovery/import_lines.hpp"

namespace stator::dynamodb::recovery {
namespace {

std::string nested(int levels) {
  std::string value = R"({"S":"x"})";
  for (int i = 0; i < levels; ++i) value = R"({"L":[)" + value + "]}";
  return value;
}

TEST(WirePages, CarryItemsAsDeepAsTheyMayBe) {
  const std::string item = R"({"k":{"S":"a"},"deep":)" + nested(31) + "}";
  const auto page =
      read_scan_page(R"({"Items":[)" + item + R"(],"Count":1,"LastEvaluatedKey":{"k":{"S":"a"}}})");
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->items.size(), 1u);
  EXPECT_EQ(page->last_key, R"({"k":{"S":"a"}})");
  const std::string batch = put_batch("ta\"b", page->items);
  EXPECT_NE(batch.find(nested(31)), std::string::npos);
  EXPECT_EQ(batch.find(R"({"RequestItems":{"ta\"b":[{"PutRequest":{"Item":{)"), 0u) << batch;
}

TEST(WirePages, TheLastPageHasNoKey) {
  const auto page = read_scan_page(R"({"Items":[],"Count":0})");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->last_key, "");
  EXPECT_FALSE(read_scan_page(R"({"Count":0})"));
  EXPECT_FALSE(read_scan_page(R"({"Items":[{"k":{"Q":"a"}}]})"));
  EXPECT_FALSE(read_scan_page(R"({"Items":[)"));
}

TEST(WirePages, WhatWasNotProcessedIsSentAgain) {
  EXPECT_EQ(next_batch(R"({"UnprocessedItems":{}})").value(), "");
  EXPECT_EQ(next_batch("{}").value(), "");
  const std::string left = R"({"t":[{"PutRequest":{"Item":{"k":{"S":"a"}}}}]})";
  EXPECT_EQ(next_batch(R"({"UnprocessedItems":)" + left + "}").value(),
            R"({"RequestItems":)" + left + "}");
  EXPECT_FALSE(next_batch("nonsense"));
}

}  // namespace
}  // namespace stator::dynamodb::recovery
