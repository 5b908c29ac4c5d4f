#pragma once

#include <string_view>

#include "http/message.hpp"

namespace stator::apigateway {

/// The HTTP response that a function's payload stands for under format 2.0.
///
/// An object with `statusCode` is taken at its word: headers, cookies, body, isBase64Encoded. Any
/// other JSON is the body of a 200 of type application/json, a bare string without its quotes. What
/// breaks the format (not JSON, a status that is none, a header that is no scalar, a body that is
/// no text, malformed base64) is 500 {"message":"Internal Server Error"}.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
[[nodiscard]] http::Response read_answer(std::string_view payload);

/// {"message": …} with a status, as the gateway itself answers.
[[nodiscard]] http::Response gateway_message(int status, std::string_view message);

}  // namespace stator::apigateway
