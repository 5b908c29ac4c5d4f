#include "server/front_door.hpp"

#include <memory>

namespace stator::server {
namespace {

constexpr std::string_view kTrace = "x-amzn-trace-id";

}  // namespace

void FrontDoor::handle(http::Request&& request, http::Responder responder) {
  if (parts_.gateway.serves(request)) {
    return parts_.gateway.handle(std::move(request), std::move(responder));
  }
  if (lambda::urls::FunctionUrls::owns(request)) {
    return parts_.function_urls.handle(std::move(request), std::move(responder));
  }
  if (OwnPages::owns(request)) {
    return parts_.pages.handle(std::move(request), std::move(responder));
  }
  if (is_followed(request)) return call_and_count(std::move(request), std::move(responder));
  parts_.router.handle(std::move(request), std::move(responder));
}

bool FrontDoor::is_followed(const http::Request& request) const {
  return parts_.gateway.watch().followers().any() && request.headers.find(kTrace) &&
         request.headers.get("x-amz-target").starts_with("DynamoDB_");
}

void FrontDoor::call_and_count(http::Request&& request, http::Responder responder) {
  const SteadyTime begun = parts_.clock.steady();
  const auto to_client = std::make_shared<http::Responder>(std::move(responder));
  std::string trace_id(request.headers.get(kTrace));
  aws::Router::Send send = [this, begun, to_client,
                            trace_id = std::move(trace_id)](http::Response response) {
    const auto took = parts_.clock.steady() - begun;
    parts_.gateway.watch().table_times().add(
        trace_id, std::chrono::duration_cast<std::chrono::microseconds>(took));
    std::move(*to_client).send(std::move(response));
  };
  parts_.router.handle(std::move(request), std::move(send));
}

}  // namespace stator::server
