#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "apigateway/apis.hpp"
#include "apigateway/traffic/watch.hpp"
#include "aws/call.hpp"
#include "base/clock.hpp"
#include "cloudformation/custom_responses.hpp"
#include "http/server.hpp"

namespace stator::server {

/// What the pages work with; all outlive them.
struct OwnPagesParts {
  const apigateway::Apis& apis;
  apigateway::Watch& watch;
  aws::Authenticator& authenticator;
  aws::Authorizer& authorizer;
  const Clock& clock;
  std::string default_region;
  /// Makes the JSON that /_stator/health answers with.
  std::function<std::string()> health;
  /// Takes what a custom resource's function answers.
  cloudformation::CustomResponses& custom_responses;
};

/// The server's own pages, GET below /_stator/. Any loop.
///
/// health   whether it is up; open to all, and says nothing of what it holds
/// metrics  the figures of the caller's APIs, in Prometheus' text format
/// requests?api=ID  each request of that API as it is answered, a line of JSON each, until the
///          client goes
///
/// metrics and requests tell what APIs there are and what is asked of them, so they are signed as
/// calls of API Gateway are and need apigateway:GET on /apis and on /apis/ID.
///
/// And PUT /_stator/cloudformation/TOKEN, by which the function of a custom resource answers:
/// whoever knows the token may.
class OwnPages {
 public:
  explicit OwnPages(OwnPagesParts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] static bool owns(const http::Request& request);
  void handle(http::Request&& request, http::Responder responder);

 private:
  [[nodiscard]] http::Response answer(const http::Request& request);
  [[nodiscard]] http::Response take_response(const http::Request& request);
  [[nodiscard]] http::Response metrics(const http::Request& request);
  [[nodiscard]] http::Response requests(const http::Request& request);
  /// Who calls, when they may read what `resource` names below "arn:aws:apigateway:REGION::".
  [[nodiscard]] Result<aws::Call> admit(const http::Request& request, const std::string& resource);

  const OwnPagesParts parts_;
};

}  // namespace stator::server
