#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/http.hpp"
#include "core/outcome.hpp"
#include "core/url.hpp"

namespace stator::sdk {

/// The Lambda Runtime API, as a client, over one kept-alive connection. One thread.
/// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
class RuntimeApi {
 public:
  /// At AWS_LAMBDA_RUNTIME_API.
  [[nodiscard]] static Outcome<RuntimeApi> find();

  /// The next event. Where the last result has asked for it already, it is only waited for.
  [[nodiscard]] Outcome<HttpAnswer> next();
  /// Delivers an invocation's result. What the API refuses (a result too large, one too late) is
  /// its to report.
  void respond(std::string_view request_id, std::string body, std::string content_type);
  void respond(std::string_view request_id, const Fault& fault);
  void init_failed(const Fault& fault);

  /// An answer in pieces to that invocation.
  [[nodiscard]] Outcome<void> begin_stream(std::string_view request_id,
                                           std::string_view content_type);
  [[nodiscard]] Outcome<void> write_stream(std::string_view bytes);
  [[nodiscard]] Outcome<void> end_stream(const Fault* fault);

 private:
  // A request to the API, as it may be sent more than once.
  struct Call {
    std::string_view method;
    std::string path;
    Headers headers;
    std::string body;
  };

  explicit RuntimeApi(Url url) : url_(std::move(url)) {}
  static Call error_call(std::string path, std::string_view kind, const Fault& fault);
  void post(const Call& result);
  void deliver(Call result);
  [[nodiscard]] Outcome<void> connected();
  [[nodiscard]] Outcome<HttpAnswer> send(const Call& call, std::int64_t timeout_ms,
                                         bool asks_next = false);

  Url url_;
  std::unique_ptr<HttpConnection> connection_;
  bool pipelines_ = false;      // the API reads pipelined requests
  bool is_next_asked_ = false;  // and the next event was asked for with the last result
};

/// Waits longer the more often it failed, a second at most.
void pause_after(int failures);

}  // namespace stator::sdk
