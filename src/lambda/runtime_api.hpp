#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"
#include "lambda/pool.hpp"

/// The wire form of the Runtime API, version 2018-06-01, without any state.
/// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
namespace stator::lambda::runtime_api {

enum class Route { kNext, kResponse, kError, kInitError, kUnknown };

struct Target {
  Route route = Route::kUnknown;
  std::string_view request_id;  ///< of kResponse and kError; a view into the path
};

[[nodiscard]] Target parse_target(std::string_view method, std::string_view path);

/// The answer to /next: the event and what goes with it.
[[nodiscard]] http::Response invocation(Delivery delivery);

/// Runtimes may send a result and the question for the next event in one write, and say so by the
/// header Stator-Runtime-Pipelining: next. The answers then leave together too. That stator reads
/// this is in each event's header of that name; AWS's API sends none, and runtimes keep to one
/// request at a time there.
[[nodiscard]] bool is_pipelined(const http::Request& request);

/// 202 {"status":"OK"}
[[nodiscard]] http::Response accepted();
/// 413 to a runtime whose answer is above `bytes_max`.
[[nodiscard]] http::Response too_large(std::size_t bytes_max);
/// accepted(), or why the pool did not take an answer.
[[nodiscard]] http::Response acknowledgement(Pool::Answered answered);
/// What this instance lacks, by name: 403 to the Telemetry and Logs APIs, 404 to the rest.
[[nodiscard]] http::Response unknown(const http::Request& request);
/// `status` with {"errorMessage": ..., "errorType": ...}
[[nodiscard]] http::Response refusal(int status, std::string_view type, std::string_view message);

/// What the caller of a failed invocation gets: the runtime's own error document, or one made of
/// the header Lambda-Runtime-Function-Error-Type where the runtime sent none.
[[nodiscard]] std::string error_payload(http::Request&& request);

/// "Root=1-…;Parent=…;Sampled=0", taken from the request id and the time.
[[nodiscard]] std::string trace_id(std::string_view request_id, WallTime time);

}  // namespace stator::lambda::runtime_api
