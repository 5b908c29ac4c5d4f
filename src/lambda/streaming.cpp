#include "lambda/streaming.hpp"

#include <mutex>
#include <utility>

#include "base/bytes.hpp"
#include "base/limits.hpp"
#include "http/server.hpp"
#include "json/json.hpp"
#include "lambda/runtime_api.hpp"

namespace stator::lambda {
namespace {

class Gate final : public ResponseStream {
 public:
  explicit Gate(std::shared_ptr<ResponseStream> stream) : stream_(std::move(stream)) {}

  void begin(std::string_view content_type) override {
    const std::lock_guard lock(mutex_);
    if (stream_ != nullptr) stream_->begin(content_type);
  }
  bool write(std::string_view piece) override {
    const std::lock_guard lock(mutex_);
    return stream_ != nullptr && stream_->write(piece);
  }
  bool is_behind(std::function<void()> caught_up) override {
    const std::lock_guard lock(mutex_);
    return stream_ != nullptr && stream_->is_behind(std::move(caught_up));
  }
  /// Waits for the call that is under way; later ones do nothing.
  void close() {
    const std::lock_guard lock(mutex_);
    stream_ = nullptr;
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<ResponseStream> stream_;  ///< null once closed
};

/// The error that a runtime reports behind the pieces: its type and, in base64, its document.
InvokeResult trailing_error(const http::Headers& trailers) {
  const auto body = base64_decode(trailers.get("Lambda-Runtime-Function-Error-Body"));
  if (body && !body->empty()) return {*body, "Unhandled"};
  return {"{\"errorType\":" + json::quote(trailers.get("Lambda-Runtime-Function-Error-Type")) + "}",
          "Unhandled"};
}

}  // namespace

void gate_stream(Work& work) {
  auto gate = std::make_shared<Gate>(std::move(work.stream));
  work.stream = gate;
  work.done = [gate, done = std::move(work.done)](Result<InvokeResult> result) {
    gate->close();
    done(std::move(result));
  };
}

InvokeResult too_large_result(std::size_t bytes_max) {
  return {R"({"errorMessage":"Response payload size exceeded maximum allowed payload size ()" +
              std::to_string(bytes_max) +
              R"( bytes).","errorType":"Function.ResponseSizeTooLarge"})",
          "Unhandled"};
}

std::shared_ptr<ResponseSink> ResponseSink::open(std::shared_ptr<Pool> pool, InstanceId id,
                                                 std::string request_id,
                                                 std::string_view content_type) {
  auto opened = pool->open_stream(id, request_id);
  if (opened.answered != Pool::Answered::kAccepted) return nullptr;
  if (opened.stream != nullptr) {
    opened.stream->begin(content_type.empty() ? "application/octet-stream" : content_type);
  }
  return std::shared_ptr<ResponseSink>(
      new ResponseSink(std::move(pool), id, std::move(request_id), std::move(opened.stream)));
}

std::size_t ResponseSink::bytes_max() const {
  return stream_ == nullptr ? limits::kInvokeResponseBytesMax : kStreamedBytesMax;
}

bool ResponseSink::write(std::string_view piece, const Resume& resume) {
  if (is_too_large_) return true;
  bytes_ += piece.size();
  if (bytes_ > bytes_max()) {
    is_too_large_ = true;
    gathered_ = {};
    // Refused, the invocation has ended meanwhile.
    (void)pool_->end_stream(id_, request_id_, too_large_result(bytes_max()));
    return true;
  }
  if (stream_ == nullptr) {
    gathered_ += piece;
    return true;
  }
  has_reader_ = has_reader_ && stream_->write(piece);
  return !has_reader_ || !stream_->is_behind(resume);
}

void ResponseSink::end(http::Headers trailers, http::Responder responder) {
  if (is_too_large_) {
    return std::move(responder).send(runtime_api::too_large(bytes_max()));
  }
  const bool is_error = trailers.find("Lambda-Runtime-Function-Error-Type") ||
                        trailers.find("Lambda-Runtime-Function-Error-Body");
  InvokeResult result;
  if (is_error) {
    result = trailing_error(trailers);
  } else {
    result.payload = std::move(gathered_);
  }
  const auto answered = pool_->end_stream(id_, request_id_, std::move(result));
  std::move(responder).send(runtime_api::acknowledgement(answered));
}

void ResponseSink::broken() {
  if (!is_too_large_) pool_->break_stream(id_, request_id_);
}

}  // namespace stator::lambda
