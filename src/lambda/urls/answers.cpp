#include "lambda/urls/answers.hpp"

#include <string>
#include <utility>

#include "base/limits.hpp"
#include "json/json.hpp"

namespace stator::lambda::urls {
namespace {

http::Response page(int status, std::string_view type, std::string body) {
  http::Response response;
  response.status = status;
  response.headers.add("content-type", "application/json");
  if (!type.empty()) response.headers.add("x-amzn-errortype", std::string(type));
  response.body = std::move(body);
  return response;
}

std::string message(std::string_view name, std::string_view text) {
  return "{" + json::quote(name) + ":" + json::quote(text) + "}";
}

http::Response throttled(const Error& error) {
  json::Object body;
  if (auto detail = json::parse_object(error.detail_json.empty() ? "{}" : error.detail_json)) {
    body = *std::move(detail);
  }
  body["Type"] = "User";
  body["message"] = error.message;
  return page(429, "TooManyRequestsException", json::dump(body));
}

}  // namespace

http::Response no_such_url() {
  return page(403, "AccessDeniedException", R"({"Message":null})");
}

http::Response refuse_caller(const Error& error) {
  // What is wrong with a signature is told; what is missing in a policy is not.
  if (error.code == ErrorCode::kUnauthenticated &&
      error.aws_type != "MissingAuthenticationTokenException") {
    return page(403, error.aws_type, message("message", error.message));
  }
  return page(403, "AccessDeniedException",
              message("Message",
                      "Forbidden. For troubleshooting Function URL authorization issues, see: "
                      "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"));
}

http::Response bad_request() {
  return page(400, "InvalidRequestContentException", message("Message", "Bad Request"));
}

http::Response too_large() {
  return page(413, "RequestEntityTooLargeException",
              message("Message", "Request must be smaller than " +
                                     std::to_string(limits::kInvokePayloadBytesMax) +
                                     " bytes for the InvokeFunction operation"));
}

http::Response function_failed() {
  http::Response response = page(502, "", "Internal Server Error");
  return response;
}

http::Response not_invoked(const Error& error) {
  switch (error.code) {
    case ErrorCode::kThrottled:
      return throttled(error);
    case ErrorCode::kUnavailable:
      return page(503, "ServiceUnavailableException", message("Message", "Service Unavailable"));
    case ErrorCode::kTooLarge:
      return too_large();
    case ErrorCode::kNotFound:
      return page(404, "ResourceNotFoundException", message("Message", error.message));
    default:
      return function_failed();
  }
}

}  // namespace stator::lambda::urls
