#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "lambda/http.hpp"
#include "stator/abi_lambda.h"

namespace lambda {

/// The answer of a handler that gives it in pieces. What is written is on its way: an exception
/// after the first piece breaks the answer off, and the caller is told. For function URLs in the
/// invoke mode RESPONSE_STREAM and for InvokeWithResponseStream.
class ResponseStream {
 public:
  explicit ResponseStream(stator1_outcome& outcome) : outcome_(outcome) {}
  ResponseStream(const ResponseStream&) = delete;
  ResponseStream& operator=(const ResponseStream&) = delete;

  /// Before the first piece, or left out for application/octet-stream.
  void begin(std::string_view content_type) {
    if (is_begun_) throw std::logic_error("the answer has begun already");
    is_begun_ = true;
    check(stator1_stream_begin(&outcome_, stator::sdk::borrow(content_type)));
  }
  /// The same for an answer over HTTP: status, headers and cookies, and what body there is.
  void begin(const HttpResponse& head) {
    begin("application/vnd.awslambda.http-integration-response");
    stator::sdk::JsonWriter prelude;
    prelude.begin_object();
    prelude.raw_member("statusCode", stator::sdk::number_text(head.status));
    detail::write_headers(prelude, head);
    prelude.end_object();
    // Eight NUL bytes end the prelude.
    write(prelude.take() + std::string(8, '\0'));
    if (!head.body.empty()) write(head.body);
  }
  /// Throws std::runtime_error when nobody takes it any more.
  void write(std::string_view bytes) {
    if (!is_begun_) begin("application/octet-stream");
    check(stator1_stream_write(&outcome_, stator::sdk::borrow(bytes)));
  }

 private:
  static void check(std::int32_t good) {
    if (good == 0) throw std::runtime_error("the streamed answer is broken off");
  }

  stator1_outcome& outcome_;
  bool is_begun_ = false;
};

}  // namespace lambda
