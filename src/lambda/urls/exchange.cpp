#include "lambda/urls/exchange.hpp"

#include <utility>

#include "aws/proxy_answer.hpp"
#include "json/json.hpp"
#include "lambda/urls/answers.hpp"
#include "lambda/urls/cors.hpp"

namespace stator::lambda::urls {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kIntegration = "application/vnd.awslambda.http-integration-response";
constexpr std::string_view kPreludeEnd = "\0\0\0\0\0\0\0\0"sv;
/// Status, headers and cookies; past it the answer is none.
constexpr std::size_t kPreludeBytesMax = 128u << 10;
constexpr const char* kBytes = "application/octet-stream";

http::Response response_of(const InvokeResult& result) {
  if (!result.function_error.empty()) return function_failed();
  auto response = aws::read_proxy_answer(result.payload);
  return response ? *std::move(response) : function_failed();
}

}  // namespace

Exchange::Exchange(http::Responder responder, Decoration decoration)
    : responder_(std::move(responder)), decoration_(std::move(decoration)) {}

void Exchange::decorate(http::Headers& headers) const {
  headers.add("x-amzn-requestid", decoration_.request_id);
  headers.add("x-amzn-trace-id", decoration_.trace_id);
  if (decoration_.cors) add_cors(*decoration_.cors, decoration_.origin, headers);
}

void Exchange::answer(http::Response response) {
  state_ = State::kDone;
  decorate(response.headers);
  std::move(*responder_).send(std::move(response));
  responder_.reset();
}

void Exchange::start(http::Response head) {
  state_ = State::kBody;
  if (!head.headers.find("content-type")) head.headers.add("content-type", kBytes);
  decorate(head.headers);
  writer_ = std::move(*responder_).stream(std::move(head));
  responder_.reset();
}

void Exchange::begin(std::string_view content_type) {
  if (content_type == kIntegration) {
    state_ = State::kPrelude;
    return;
  }
  http::Response head;
  if (!content_type.empty()) head.headers.add("content-type", std::string(content_type));
  start(std::move(head));
}

bool Exchange::write(std::string_view piece) {
  if (state_ == State::kPrelude) return add_to_prelude(piece);
  return state_ == State::kBody && writer_->write(piece);
}

bool Exchange::is_behind(std::function<void()> caught_up) {
  return state_ == State::kBody && writer_->is_behind(std::move(caught_up));
}

bool Exchange::add_to_prelude(std::string_view piece) {
  prelude_.append(piece);
  const auto end = prelude_.find(kPreludeEnd);
  if (end == std::string::npos && prelude_.size() <= kPreludeBytesMax) return true;
  const auto prelude = json::parse_object(std::string_view(prelude_).substr(0, end));
  auto head = end != std::string::npos && prelude ? aws::read_proxy_head(*prelude) : std::nullopt;
  if (!head) {
    answer(function_failed());
    return false;
  }
  start(*std::move(head));
  const std::string rest = prelude_.substr(end + kPreludeEnd.size());
  prelude_.clear();
  return rest.empty() || writer_->write(rest);
}

void Exchange::finish(const Result<InvokeResult>& result) {
  switch (state_) {
    case State::kOpen:
      return answer(result ? response_of(*result) : not_invoked(result.error()));
    case State::kPrelude:
      return answer(function_failed());
    case State::kBody:
      if (result && result->function_error.empty()) writer_->finish();
      writer_.reset();
      state_ = State::kDone;
      return;
    case State::kDone:
      return;
  }
}

}  // namespace stator::lambda::urls
