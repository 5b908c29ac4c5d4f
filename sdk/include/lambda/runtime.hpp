#pragma once

#include <cxxabi.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "lambda/http.hpp"
#include "stator/json.hpp"

namespace lambda {

/// What is known of the invocation at hand. Its texts are valid while the handler runs.
class Context {
 public:
  explicit Context(const stator1_invocation& invocation) : invocation_(invocation) {}

  [[nodiscard]] std::string_view request_id() const { return text(invocation_.request_id); }
  [[nodiscard]] std::string_view function_arn() const { return text(invocation_.function_arn); }
  /// Of X-Ray; empty when the invocation is not traced. Also in _X_AMZN_TRACE_ID.
  [[nodiscard]] std::string_view trace_id() const { return text(invocation_.trace_id); }
  [[nodiscard]] std::string_view client_context() const { return text(invocation_.client_context); }
  [[nodiscard]] std::string_view cognito_identity() const {
    return text(invocation_.cognito_identity);
  }
  [[nodiscard]] std::string_view tenant_id() const { return text(invocation_.tenant_id); }
  /// Milliseconds since 1970 at which the function is killed.
  [[nodiscard]] std::int64_t deadline_ms() const { return invocation_.deadline_ms; }
  [[nodiscard]] std::int64_t remaining_ms() const {
    return invocation_.deadline_ms - stator1_now_ms();
  }

 private:
  static std::string_view text(stator1_text borrowed) { return {borrowed.data, borrowed.size}; }

  const stator1_invocation& invocation_;
};

/// An environment variable that the function cannot do without: throws where it is missing.
[[nodiscard]] inline std::string env(const char* name) {
  const char* const value = std::getenv(name);
  if (value == nullptr || *value == '\0') {
    throw std::runtime_error("environment variable " + std::string(name) + " is not set");
  }
  return value;
}

/// A random (version 4) UUID.
[[nodiscard]] inline std::string uuid() {
  std::array<unsigned char, 16> bytes;
  stator1_random(bytes.data(), bytes.size());
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kHex[bytes[i] >> 4];
    text += kHex[bytes[i] & 15];
  }
  return text;
}

/// A handler takes an HttpRequest and gives an HttpResponse, or takes the event's bytes
/// (std::string_view) and gives the answer's (std::string, JSON). It may take a Context as well.
template <class H>
concept HttpHandler = std::is_invocable_r_v<HttpResponse, H&, const HttpRequest&> ||
    std::is_invocable_r_v<HttpResponse, H&, const HttpRequest&, const Context&>;
template <class H>
concept RawHandler =
    !HttpHandler<H> && (std::is_invocable_r_v<std::string, H&, std::string_view> ||
                        std::is_invocable_r_v<std::string, H&, std::string_view, const Context&>);

namespace detail {

template <class H, class Event>
decltype(auto) call(H& handler, const Event& event, const Context& context) {
  if constexpr (std::is_invocable_v<H&, const Event&, const Context&>) {
    return handler(event, context);
  } else {
    return handler(event);
  }
}

template <class H>
std::string answer(H& handler, const stator1_invocation& invocation) {
  const Context context(invocation);
  const std::string_view event{invocation.payload.data, invocation.payload.size};
  if constexpr (HttpHandler<H>) {
    const HttpRequest request(event);
    const HttpResponse response = call(handler, request, context);
    return to_event_json(response);
  } else {
    return call(handler, event, context);
  }
}

inline std::string type_of(const std::exception& error) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(typeid(error).name(), nullptr, nullptr, &status), &std::free);
  return status == 0 ? name.get() : "std::exception";
}

/// Runs `work`; what it throws goes to `fail(type, message)`.
template <class Work, class Fail>
bool guarded(const Work& work, const Fail& fail) {
  using stator::sdk::borrow;
  try {
    work();
    return true;
  } catch (const std::exception& error) {
    const std::string type = type_of(error);
    fail(borrow(type), borrow(error.what()));
  } catch (...) {
    fail(borrow("UnknownException"), borrow("the handler threw something that is no exception"));
  }
  return false;
}

template <class H>
void handle(const stator1_invocation* invocation, stator1_outcome* outcome, void* user) {
  guarded(
      [&] {
        const std::string body = answer(*static_cast<H*>(user), *invocation);
        stator1_succeed(outcome, stator::sdk::borrow(body),
                        stator::sdk::borrow("application/json"));
      },
      [&](stator1_text type, stator1_text message) { stator1_fail(outcome, type, message); });
}

}  // namespace detail

/// Handles invocations, one after the other, for as long as the process lives. An exception of the
/// handler becomes the invocation's error. Answers the process's exit status.
template <class H>
int run(H handler) {
  static_assert(HttpHandler<H> || RawHandler<H>,
                "lambda: a handler is HttpResponse(const HttpRequest&) or "
                "std::string(std::string_view), each optionally with a const Context&");
  return stator1_run(&detail::handle<H>, &handler);
}

/// The same for the handler that `make` makes, once, before the first invocation. What `make`
/// throws is reported as a failed initialisation.
template <class Make>
int start(const Make& make) {
  int status = 1;
  using H = std::invoke_result_t<const Make&>;
  std::unique_ptr<H> handler;
  const bool made = detail::guarded([&] { handler = std::make_unique<H>(make()); },
                                    [&](stator1_text type, stator1_text message) {
                                      status = stator1_init_failed(type, message);
                                    });
  return made ? run(std::ref(*handler)) : status;
}

}  // namespace lambda
