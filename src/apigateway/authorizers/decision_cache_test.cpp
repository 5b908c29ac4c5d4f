#include "apigateway/authorizers/decision_cache.hpp"

#include <gtest/gtest.h>

namespace stator::apigateway {
namespace {

TEST(DecisionCache, KeepsUntilTheTime) {
  FakeClock clock;
  DecisionCache<int> cache(8);
  const auto until = clock.steady() + std::chrono::seconds(10);
  cache.put("a", std::make_shared<const int>(1), until);
  EXPECT_EQ(*cache.find("a", clock.steady()), 1);
  EXPECT_EQ(*cache.find("a", until - std::chrono::nanoseconds(1)), 1);
  EXPECT_EQ(cache.find("a", until), nullptr);
  EXPECT_EQ(cache.find("a", clock.steady()), nullptr) << "it is gone";
  cache.put("a", std::make_shared<const int>(2), until);
  cache.put("a", std::make_shared<const int>(3), until);
  EXPECT_EQ(*cache.find("a", clock.steady()), 3);
}

TEST(DecisionCache, ForgetsWhatWasAskedForLongestAgo) {
  FakeClock clock;
  DecisionCache<int> cache(2);
  const auto until = clock.steady() + std::chrono::seconds(10);
  for (const char* key : {"a", "b"}) cache.put(key, std::make_shared<const int>(0), until);
  EXPECT_NE(cache.find("a", clock.steady()), nullptr);
  cache.put("c", std::make_shared<const int>(0), until);
  EXPECT_NE(cache.find("a", clock.steady()), nullptr);
  EXPECT_EQ(cache.find("b", clock.steady()), nullptr);
  EXPECT_NE(cache.find("c", clock.steady()), nullptr);
}

}  // namespace
}  // namespace stator::apigateway
