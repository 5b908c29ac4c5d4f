#pragma once

#include <string>

namespace stator::apigateway {

/// Where an API lives.
struct Scope {
  std::string account;
  std::string region;
};

}  // namespace stator::apigateway
