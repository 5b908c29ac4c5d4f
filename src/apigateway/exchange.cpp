#include "apigateway/exchange.hpp"

#include "json/json.hpp"

namespace stator::apigateway {

http::Response gateway_message(int status, std::string_view message) {
  http::Response response;
  response.status = status;
  response.headers.add("content-type", "application/json");
  response.body = "{\"message\":" + json::quote(message) + "}";
  return response;
}

void Exchange::answer(http::Response response) {
  if (is_answered.exchange(true)) return;
  if (finish) finish(*this, response);
  std::move(responder).send(std::move(response));
}

void Exchange::refuse(int status, std::string_view message, http::Headers headers) {
  if (is_answered.exchange(true)) return;
  error_message = message;
  auto response = gateway_message(status, message);
  for (const auto& [name, value] : headers.fields()) response.headers.add(name, value);
  if (finish) finish(*this, response);
  std::move(responder).send(std::move(response));
}

}  // namespace stator::apigateway
