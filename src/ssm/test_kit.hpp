#pragma once

#include <memory>
#include <string>

#include "base/bytes.hpp"
#include "crypto/crypto.hpp"
#include "ssm/parameters.hpp"

/// What the tests of Parameter Store stand on.
namespace stator::ssm {

/// Seals with a key and a nonce that never change.
struct FakeSealer final : Sealer {
  std::string seal(std::string_view context, std::string_view plain) override {
    return base64_encode(crypto::seal(std::string(32, 'k'), std::string(12, 'n'), plain, context));
  }
  std::optional<std::string> open(std::string_view context, std::string_view sealed) override {
    return crypto::open(std::string(32, 'k'), base64_decode(sealed).value_or(""), context);
  }
};

inline const Place kPlace{"000000000000", "us-east-1"};

}  // namespace stator::ssm
