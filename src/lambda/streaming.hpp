#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/body_sink.hpp"
#include "lambda/pool.hpp"

/// Answers that a runtime sends piece by piece.
/// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming
namespace stator::lambda {

/// What one answer may stream; past it the invocation fails with Function.ResponseSizeTooLarge.
inline constexpr std::size_t kStreamedBytesMax = 200u << 20;

/// Puts a gate before `work.stream` and `work.done`, so that pieces and the end, which come from
/// different threads when a timeout or a death cuts in, reach the caller one at a time and in
/// order. For work with a stream.
void gate_stream(Work& work);

/// Takes the body of a streamed POST .../response. Pieces go to the invocation's stream, or are
/// gathered where its caller wants the whole; the trailers tell of an error on the way. A
/// connection that breaks leaves the invocation to what comes next: the exit of the program, its
/// next question, or the timeout.
class ResponseSink final : public http::BodySink {
 public:
  /// Null when the invocation is not there to be answered: then the request is refused as a
  /// buffered one is.
  [[nodiscard]] static std::shared_ptr<ResponseSink> open(std::shared_ptr<Pool> pool, InstanceId id,
                                                          std::string request_id,
                                                          std::string_view content_type);

  bool write(std::string_view piece, const Resume& resume) override;
  void end(http::Headers trailers, http::Responder responder) override;
  void broken() override;

 private:
  ResponseSink(std::shared_ptr<Pool> pool, InstanceId id, std::string request_id,
               std::shared_ptr<ResponseStream> stream)
      : pool_(std::move(pool)),
        id_(id),
        request_id_(std::move(request_id)),
        stream_(std::move(stream)) {}

  [[nodiscard]] std::size_t bytes_max() const;

  const std::shared_ptr<Pool> pool_;
  const InstanceId id_;
  const std::string request_id_;
  const std::shared_ptr<ResponseStream> stream_;  ///< null: gathered
  std::string gathered_;
  std::size_t bytes_ = 0;
  bool has_reader_ = true;
  bool is_too_large_ = false;
};

/// What the caller gets of an answer above its bound.
[[nodiscard]] InvokeResult too_large_result(std::size_t bytes_max);

}  // namespace stator::lambda
