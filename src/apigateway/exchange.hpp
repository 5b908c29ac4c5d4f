#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "apigateway/address.hpp"
#include "apigateway/caller.hpp"
#include "apigateway/compiled.hpp"
#include "base/clock.hpp"
#include "http/server.hpp"

namespace stator::apigateway {

/// {"message": ...} with a status, as the gateway itself answers.
[[nodiscard]] http::Response gateway_message(int status, std::string_view message);

/// One request on its way through the gateway. Its steps take turns, so that one thread at a time
/// writes to it; answer() alone may be called by several, and the first counts.
struct Exchange {
  http::Request request;
  http::Responder responder;
  std::string request_id;
  std::string trace_id;  ///< "Root=1-…"
  WallTime received;
  SteadyTime started;

  // Where it leads, known step by step.
  Address address;
  std::shared_ptr<const CompiledStage> stage;
  const CompiledRoute* route = nullptr;  ///< of `stage`
  Variables path_parameters;             ///< decoded
  Caller caller;

  // How it went, for those who watch.
  std::optional<std::chrono::microseconds> authorizer_latency;
  std::optional<std::chrono::microseconds> integration_latency;
  std::optional<int> integration_status;  ///< of a function: Lambda's own, not what it answered
  std::optional<int> function_status;     ///< that the function answered with
  std::string error_message;              ///< of the gateway's own answer
  std::string integration_error;
  std::string authorizer_error;

  /// What every answer passes on its way out; set before the first step.
  std::function<void(Exchange&, http::Response&)> finish;
  std::atomic<bool> is_answered = false;

  /// Sends the answer, unless one was sent.
  void answer(http::Response response);
  /// Sends the gateway's own words, and keeps them for the log.
  void refuse(int status, std::string_view message, http::Headers headers = {});
};
using ExchangePtr = std::shared_ptr<Exchange>;

}  // namespace stator::apigateway
