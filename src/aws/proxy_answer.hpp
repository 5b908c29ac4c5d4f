#pragma once

#include <optional>
#include <string_view>

#include "http/message.hpp"
#include "json/json.hpp"

namespace stator::aws {

/// The HTTP response that a function's payload stands for under format 2.0.
///
/// An object with `statusCode` is taken at its word: headers, cookies, body, isBase64Encoded. Any
/// other JSON is the body of a 200 of type application/json, a bare string without its quotes.
/// Nothing for what breaks the format: not JSON, a status that is none, a header that is no scalar,
/// a body that is no text, malformed base64.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
/// https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
[[nodiscard]] std::optional<http::Response> read_proxy_answer(std::string_view payload);

/// The same under format 1.0: an object with `statusCode`, headers, multiValueHeaders, body and
/// isBase64Encoded; anything else breaks the format. A name in both kinds of headers has the values
/// of both.
[[nodiscard]] std::optional<http::Response> read_proxy_answer_v1(std::string_view payload);

/// Status, headers and cookies of an object in format 2.0, without its body: the prelude of a
/// streamed answer. The status is 200 where it says none. Nothing where one of them breaks the
/// format.
[[nodiscard]] std::optional<http::Response> read_proxy_head(const json::Object& answer);

}  // namespace stator::aws
