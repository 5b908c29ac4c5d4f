#include "cli/check/runtimes.hpp"

#include <algorithm>
#include <array>

namespace stator::cli {
namespace {

constexpr int kAmazonLinux2 = 26, kAmazonLinux2023 = 34;

constexpr std::array kRuntimes = {
    RuntimeFacts{"nodejs18.x", 20250901, 20260601, 20260701, kAmazonLinux2},
    RuntimeFacts{"nodejs20.x", 20260430, 20260601, 20260701, kAmazonLinux2023},
    RuntimeFacts{"nodejs22.x", 20270430, 20270601, 20270701, kAmazonLinux2023},
    RuntimeFacts{"nodejs24.x", 20280430, 20280601, 20280701, kAmazonLinux2023},
    RuntimeFacts{"provided.al2", 20260630, 20260731, 20260831, kAmazonLinux2},
    RuntimeFacts{"provided.al2023", 20290630, 20290731, 20290831, kAmazonLinux2023},
    RuntimeFacts{"python3.9", 20251215, 20260601, 20260701, kAmazonLinux2},
    RuntimeFacts{"python3.10", 20260630, 20260731, 20260831, kAmazonLinux2},
    RuntimeFacts{"python3.11", 20260630, 20260731, 20260831, kAmazonLinux2},
    RuntimeFacts{"python3.12", 20281031, 20281130, 20290110, kAmazonLinux2023},
    RuntimeFacts{"python3.13", 20290630, 20290731, 20290831, kAmazonLinux2023},
    RuntimeFacts{"python3.14", 20290630, 20290731, 20290831, kAmazonLinux2023},
};

}  // namespace

std::span<const RuntimeFacts> runtime_facts() {
  return kRuntimes;
}

const RuntimeFacts* find_runtime(std::string_view identifier) {
  const auto* found = std::find_if(kRuntimes.begin(), kRuntimes.end(), [&](const auto& facts) {
    return facts.identifier == identifier;
  });
  return found == kRuntimes.end() ? nullptr : &*found;
}

}  // namespace stator::cli
