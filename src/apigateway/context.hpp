#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "apigateway/exchange.hpp"

namespace stator::apigateway {

/// What only whoever sees the answer leave can say.
struct Answered {
  int status = 0;
  std::size_t bytes = 0;  ///< of the body
  std::chrono::microseconds latency{0};
};

/// The value of a $context variable, named without "$context." ("identity.sourceIp"). Nothing for a
/// name that is none and for what this request does not have. `answered` null: the variables about
/// the answer have no value yet.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
[[nodiscard]] std::optional<std::string> context_variable(const Exchange& exchange,
                                                          std::string_view name,
                                                          const Answered* answered = nullptr);

/// Whether HTTP APIs have a variable of that name. Those of authorizers are named by whoever writes
/// the authorizer, so that every name below "authorizer." is one.
[[nodiscard]] bool is_context_variable(std::string_view name);

/// The path as the client asked for it: with the stage in front unless that is $default.
[[nodiscard]] std::string full_path(const Exchange& exchange);

}  // namespace stator::apigateway
