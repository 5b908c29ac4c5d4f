#pragma once

#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>

#include "stator/abi_lambda.h"
#include "stator/json.hpp"

namespace lambda {

/// What is known of the invocation at hand. Its texts are valid while the handler runs.
class Context {
 public:
  explicit Context(const stator1_invocation& invocation) : invocation_(invocation) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

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
  /// Is asked to stop that long before the deadline, so that there is time left to answer. The
  /// first call decides on the margin and starts a thread, which ends with the invocation.
  [[nodiscard]] std::stop_token stop_token(std::int64_t margin_ms = 100) const {
    if (!stop_) stop_ = std::make_unique<Stop>(invocation_.deadline_ms - margin_ms);
    return stop_->source.get_token();
  }

 private:
  struct Stop {
    explicit Stop(std::int64_t epoch_ms)
        : alarm(stator1_alarm_new(epoch_ms, &ring, this), &stator1_alarm_free) {
      if (!alarm) throw std::runtime_error("no thread to watch the deadline");
    }
    static void ring(void* self) { static_cast<Stop*>(self)->source.request_stop(); }

    std::stop_source source;
    std::unique_ptr<stator1_alarm, void (*)(stator1_alarm*)> alarm;
  };

  static std::string_view text(stator1_text borrowed) { return {borrowed.data, borrowed.size}; }

  const stator1_invocation& invocation_;
  mutable std::unique_ptr<Stop> stop_;
};

/// What a handler throws to name the error's type itself: a caller sees it as errorType.
class Error : public std::runtime_error {
 public:
  Error(std::string type, const std::string& message)
      : std::runtime_error(message), type_(std::move(type)) {}
  [[nodiscard]] const std::string& type() const { return type_; }

 private:
  std::string type_;
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

}  // namespace lambda
