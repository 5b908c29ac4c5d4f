#pragma once

#include <string_view>

#include "base/error.hpp"
#include "http/message.hpp"

/// What a function URL answers where the function does not. Bodies and X-Amzn-ErrorType are AWS's.
namespace stator::lambda::urls {

/// 403 for an id that no function has.
[[nodiscard]] http::Response no_such_url();
/// 403 for a caller who may not, or whose signature is not good.
[[nodiscard]] http::Response refuse_caller(const Error& error);
/// 400 for what no event can carry.
[[nodiscard]] http::Response bad_request();
/// 413 for more than an invocation takes.
[[nodiscard]] http::Response too_large();
/// 502 "Internal Server Error" for a function that fails, times out or answers what is no response.
[[nodiscard]] http::Response function_failed();
/// For an invocation that did not happen: 429 when throttled, 503 while the server stops, ...
[[nodiscard]] http::Response not_invoked(const Error& error);

}  // namespace stator::lambda::urls
