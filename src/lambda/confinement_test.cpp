#include "lambda/confinement.hpp"

#include <gtest/gtest.h>

namespace stator::lambda {
namespace {

FunctionRecord function_of(int memory_mb) {
  FunctionRecord function;
  function.memory_mb = memory_mb;
  function.ephemeral_mb = 1'024;
  return function;
}

TEST(Confinement, GivesProcessorsInProportionToMemory) {
  const std::pair<int, std::uint32_t> cases[] = {
      {128, 72}, {1'769, 1'000}, {3'538, 2'000}, {10'240, 5'788}};
  for (const auto& [memory_mb, expected] : cases) {
    sandbox::Spec spec;
    ASSERT_TRUE(confine(function_of(memory_mb), {}, spec));
    EXPECT_EQ(spec.cpu_millis, expected);
    EXPECT_EQ(spec.memory_bytes_max, static_cast<std::uint64_t>(memory_mb) << 20);
    EXPECT_EQ(spec.tmp_bytes_max, 1u << 30);
    EXPECT_FALSE(spec.is_cpu_capped);
  }
  sandbox::Spec spec;
  ASSERT_TRUE(confine(function_of(128), {.is_cpu_capped = true}, spec));
  EXPECT_TRUE(spec.is_cpu_capped);
}

TEST(Confinement, TakesTheNetworkFromTheTagElseFromTheServer) {
  using sandbox::Network;
  FunctionRecord function = function_of(128);
  for (const Network network : {Network::kNone, Network::kInternet, Network::kHost}) {
    EXPECT_EQ(network_of(function, {.network = network}).value(), network);
  }
  function.tags["stator:network"] = "internet";
  EXPECT_EQ(network_of(function, {}).value(), Network::kInternet);
  EXPECT_EQ(network_tag(function), "internet");
  function.tags["stator:network"] = "none";
  EXPECT_EQ(network_of(function, {.network = Network::kHost}).value(), Network::kNone);
}

TEST(Confinement, RefusesATagThatNamesNoNetwork) {
  for (const char* value : {"", "Internet", "lan", "none "}) {
    FunctionRecord function = function_of(128);
    function.tags["stator:network"] = value;
    EXPECT_FALSE(check_network_tag(function.tags)) << value;
    sandbox::Spec spec;
    EXPECT_FALSE(confine(function, {}, spec)) << value;
  }
  EXPECT_TRUE(check_network_tag({{"team", "a"}, {"stator:network", "host"}}));
}

}  // namespace
}  // namespace stator::lambda
