#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/server.hpp"
#include "lambda/invocation.hpp"
#include "lambda/settings.hpp"

namespace stator::lambda::urls {

/// What every answer to a request has beside what the function says.
struct Decoration {
  std::string request_id;
  std::string trace_id;
  std::string origin;  ///< of the request, or ""
  std::optional<UrlCors> cors;
};

/// One request on its way to its answer, which comes as a whole or in pieces. One thread at a time,
/// as ResponseStream is called.
///
/// A streamed answer of type "application/vnd.awslambda.http-integration-response" begins with its
/// status, headers and cookies as JSON and eight zero bytes; the response starts when they are
/// there. Any other is the body of a 200. What breaks off before the response has started is 502;
/// later the connection is cut, so that the client sees that the body is not whole.
class Exchange final : public ResponseStream {
 public:
  Exchange(http::Responder responder, Decoration decoration);

  void begin(std::string_view content_type) override;
  [[nodiscard]] bool write(std::string_view piece) override;
  [[nodiscard]] bool is_behind(std::function<void()> caught_up) override;
  /// The invocation has ended.
  void finish(const Result<InvokeResult>& result);
  /// Answers with a whole response. Once, and not after begin().
  void answer(http::Response response);

 private:
  enum class State { kOpen, kPrelude, kBody, kDone };
  void decorate(http::Headers& headers) const;
  void start(http::Response head);
  [[nodiscard]] bool add_to_prelude(std::string_view piece);

  std::optional<http::Responder> responder_;
  Decoration decoration_;
  State state_ = State::kOpen;
  std::string prelude_;
  std::optional<http::BodyWriter> writer_;
};

}  // namespace stator::lambda::urls
