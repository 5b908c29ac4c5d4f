#include "base/result.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "base/ids.hpp"

namespace stator {
namespace {

Result<int> half(int value) {
  if (value % 2 != 0) return invalid("odd");
  return value / 2;
}

Result<int> quarter(int value) {
  STATOR_TRY(const int halved, half(value));
  return half(halved);
}

Result<void> only_even(int value) {
  STATOR_TRY_VOID(half(value));
  return {};
}

TEST(Result, CarriesAValueOrAnError) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(6).error().message, "odd");
  EXPECT_TRUE(only_even(2));
  EXPECT_EQ(only_even(3).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(quarter(6).value_or(7), 7);
}

TEST(Result, MovesWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(4);
  const std::unique_ptr<int> owned = std::move(result).value();
  EXPECT_EQ(*owned, 4);
}

TEST(Result, TheWrongSideIsABug) {
  EXPECT_THROW((void)half(3).value(), BugError);
  EXPECT_THROW((void)half(2).error(), BugError);
}

TEST(Ids, ComeFromTheSeedAlone) {
  SeededRandom a(7), b(7);
  EXPECT_EQ(uuid4(a), uuid4(b));
  const std::string id = uuid4(a);
  EXPECT_EQ(id.size(), 36u);
  EXPECT_EQ(id[14], '4');
  EXPECT_EQ(random_text(a, kUpperAlnum, 52).size(), 52u);
}

}  // namespace
}  // namespace stator
