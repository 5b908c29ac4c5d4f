#pragma once

#include <string_view>

#include "http/message.hpp"
#include "lambda/settings.hpp"

namespace stator::lambda::urls {

/// Whether a browser asks what it may send: OPTIONS with Origin and Access-Control-Request-Method.
[[nodiscard]] bool is_preflight(const http::Request& request);

/// The answer to a preflight request. The function is not asked, and needs no permission for it. An
/// origin that is not allowed gets a 200 that allows nothing.
[[nodiscard]] http::Response answer_preflight(const UrlCors& cors, const http::Request& request);

/// Adds to an answer what lets a page of `origin` read it. Headers of the function's own stay
/// beside these, doubled where it sets the same ones, as on AWS.
void add_cors(const UrlCors& cors, std::string_view origin, http::Headers& headers);

}  // namespace stator::lambda::urls
