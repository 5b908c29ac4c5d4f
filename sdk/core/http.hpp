#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/sigv4.hpp"
#include "core/stream.hpp"

namespace stator::sdk {

struct HttpCall {
  std::string_view method;
  std::string_view target;
  const Headers& headers;  ///< Host among them; Content-Length is added
  std::string_view body;
};

struct HttpAnswer {
  int status = 0;
  Headers headers;  ///< names in lower case
  std::string body;

  /// Empty when absent.
  [[nodiscard]] std::string_view header(std::string_view lower_case_name) const;
};

/// HTTP/1.1 over one stream, one exchange at a time, or two that leave together. Strict: a length
/// that is wrong, doubled or missing where the connection lives on is an error and not a guess. One
/// thread at a time.
class HttpConnection {
 public:
  explicit HttpConnection(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {}

  /// A failure makes the connection unusable. With `then`, that call leaves in the same write, and
  /// its answer is taken by receive().
  [[nodiscard]] Outcome<HttpAnswer> exchange(const HttpCall& call, Deadline deadline,
                                             const HttpCall* then = nullptr);
  /// The answer to `then`.
  [[nodiscard]] Outcome<HttpAnswer> receive(Deadline deadline);
  /// Several requests in one write; as many receive()s take their answers, in this order.
  [[nodiscard]] Outcome<void> send_together(const std::vector<HttpCall>& calls, Deadline deadline);
  /// A request that the caller spells out: its head, then its body in as many pieces as it likes;
  /// receive() takes the answer.
  [[nodiscard]] Outcome<void> begin_upload(std::string_view head, Deadline deadline);
  [[nodiscard]] Outcome<void> upload(std::string_view bytes, Deadline deadline);
  /// Whether another exchange may be tried; asks the socket.
  [[nodiscard]] bool usable() { return open_ && owed_ == 0 && !stream_->is_stale(); }

 private:
  [[nodiscard]] Outcome<void> read_head(HttpAnswer& answer, Deadline deadline);
  [[nodiscard]] Outcome<void> read_body(HttpAnswer& answer, Deadline deadline);
  [[nodiscard]] Outcome<void> read_chunks(HttpAnswer& answer, Deadline deadline);
  [[nodiscard]] Outcome<std::string> read_line(Deadline deadline);
  [[nodiscard]] Outcome<void> read_exactly(std::string& out, std::size_t size, Deadline deadline);
  /// False at the end of the stream.
  [[nodiscard]] Outcome<bool> fill(Deadline deadline);

  std::unique_ptr<Stream> stream_;
  std::string buffer_;  ///< received and not yet taken
  int owed_ = 0;        ///< answers that are still to come
  bool open_ = true;
};

}  // namespace stator::sdk
