#pragma once

#include <functional>
#include <optional>
#include <string>

#include "http/message.hpp"

namespace stator::apigateway {

/// Why a request may not pass: the gateway's own answer.
struct Refusal {
  int status = 403;
  std::string message = "Forbidden";
  http::Headers headers = {};
};

/// Told once, from any thread; nothing lets the request pass.
using Authorized = std::function<void(std::optional<Refusal>)>;

}  // namespace stator::apigateway
