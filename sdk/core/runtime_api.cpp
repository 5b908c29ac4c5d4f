#include "core/runtime_api.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "core/log.hpp"
#include "core/text.hpp"

namespace stator::sdk {
namespace {

constexpr std::string_view kBase = "/2018-06-01/runtime";
constexpr const char* kNext = "/invocation/next";
// stator's own: "on" in the answer to /next says that the API reads pipelined requests, "next" with
// a result that the next event is asked for right behind it.
constexpr const char* kPipelining = "stator-runtime-pipelining";
constexpr int kPostTriesMax = 3;
constexpr std::int64_t kConnectTimeoutMs = 3000;
constexpr std::int64_t kPostTimeoutMs = 30'000;

void complain_if_refused(std::string_view path, const HttpAnswer& answer) {
  if (answer.status < 300) return;
  complain("POST " + std::string(path) + " was refused: " + std::to_string(answer.status) + " " +
           answer.body.substr(0, 500));
}

std::string result_path(std::string_view request_id, std::string_view what) {
  return "/invocation/" + std::string(request_id) + std::string(what);
}

std::string chunk(std::string_view bytes) {
  std::array<char, 20> size;
  const auto end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
  std::string text(size.data(), end);
  text.reserve(text.size() + bytes.size() + 4);
  text += "\r\n";
  text += bytes;
  text += "\r\n";
  return text;
}

}  // namespace

void pause_after(int failures) {
  poll(nullptr, 0, std::min(1000, 10 << std::min(failures, 7)));
}

Outcome<RuntimeApi> RuntimeApi::find() {
  auto url = parse_url("http://" + environment("AWS_LAMBDA_RUNTIME_API"));
  if (!url) return url.error();
  return RuntimeApi(std::move(*url));
}

Outcome<HttpAnswer> RuntimeApi::next() {
  auto answer = std::exchange(is_next_asked_, false) ? connection_->receive(kNever)
                                                     : send({"GET", kNext, {}, {}}, kNever);
  if (!answer) {
    connection_.reset();
  } else {
    pipelines_ = answer->header(kPipelining) == "on";
  }
  return answer;
}

void RuntimeApi::respond(std::string_view request_id, std::string body, std::string content_type) {
  deliver({"POST",
           result_path(request_id, "/response"),
           {{"content-type", std::move(content_type)}},
           std::move(body)});
}

void RuntimeApi::respond(std::string_view request_id, const Fault& fault) {
  deliver(error_call(result_path(request_id, "/error"), "Function.Unhandled", fault));
}

void RuntimeApi::init_failed(const Fault& fault) {
  post(error_call("/init/error", "Runtime.InitError", fault));
}

RuntimeApi::Call RuntimeApi::error_call(std::string path, std::string_view kind,
                                        const Fault& fault) {
  return {"POST",
          std::move(path),
          {{"content-type", "application/json"},
           {"lambda-runtime-function-error-type", std::string(kind)}},
          fault.json()};
}

void RuntimeApi::post(const Call& result) {
  Failure last;
  for (int tries = 0; tries < kPostTriesMax; ++tries) {
    if (tries != 0) pause_after(tries);
    auto answer = send(result, kPostTimeoutMs);
    if (answer && answer->status < 500) return complain_if_refused(result.path, *answer);
    last = answer ? Failure{STATOR1_UNAVAILABLE, std::to_string(answer->status)} : answer.error();
  }
  complain("POST " + result.path + " failed: " + last.message);
}

// To an API that says it reads pipelined requests, the next event is asked for in the same write,
// so that this process wakes up once an invocation.
void RuntimeApi::deliver(Call result) {
  if (!pipelines_) return post(result);
  result.headers.emplace_back(kPipelining, "next");
  // What was accepted is acknowledged with the next event, however long that takes.
  auto answer = send(result, kNever, true);
  if (!answer || answer->status >= 500) {
    connection_.reset();
    result.headers.pop_back();
    return post(result);
  }
  is_next_asked_ = true;
  complain_if_refused(result.path, *answer);
}

Outcome<void> RuntimeApi::connected() {
  if (connection_ != nullptr && connection_->usable()) return {};
  auto stream = connect(url_, after_ms(kConnectTimeoutMs));
  if (!stream) return stream.error();
  connection_ = std::make_unique<HttpConnection>(std::move(stream).value());
  return {};
}

// One exchange over the kept connection, or over a new one when that has gone.
Outcome<HttpAnswer> RuntimeApi::send(const Call& call, std::int64_t timeout_ms, bool asks_next) {
  if (auto ready = connected(); !ready) return ready.error();
  const Headers only_host{{"host", url_.authority()}};
  Headers headers = call.headers;
  headers.push_back(only_host.front());
  const std::string target = std::string(kBase) + call.path;
  const std::string next_target = std::string(kBase) + kNext;
  const HttpCall next{"GET", next_target, only_host, {}};
  const Deadline deadline = timeout_ms == kNever ? kNever : after_ms(timeout_ms);
  auto answer = connection_->exchange({call.method, target, headers, call.body}, deadline,
                                      asks_next ? &next : nullptr);
  if (!answer) connection_.reset();
  return answer;
}

// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming
Outcome<void> RuntimeApi::begin_stream(std::string_view request_id, std::string_view content_type) {
  if (auto ready = connected(); !ready) return ready;
  std::string head = "POST " + std::string(kBase) + result_path(request_id, "/response") +
                     " HTTP/1.1\r\nhost: " + url_.authority() + "\r\ncontent-type: ";
  head += content_type;
  head +=
      "\r\nlambda-runtime-function-response-mode: streaming\r\ntransfer-encoding: chunked\r\n"
      "trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n";
  return connection_->begin_upload(head, after_ms(kPostTimeoutMs));
}

Outcome<void> RuntimeApi::write_stream(std::string_view bytes) {
  if (connection_ == nullptr) return Failure{STATOR1_UNAVAILABLE, "the stream is broken"};
  // However slow the reader is: the function's own deadline is what ends the wait.
  auto sent = connection_->upload(chunk(bytes), kNever);
  if (!sent) connection_.reset();
  return sent;
}

Outcome<void> RuntimeApi::end_stream(const Fault* fault) {
  if (connection_ == nullptr) return Failure{STATOR1_UNAVAILABLE, "the stream is broken"};
  std::string end = "0\r\n";
  if (fault != nullptr) {
    const std::string json = fault->json();
    std::string encoded((json.size() + 2) / 3 * 4, '\0');
    encoded.resize(stator1_base64_encode(text_of(json), STATOR1_BASE64, encoded.data()));
    end +=
        "Lambda-Runtime-Function-Error-Type: Function.Unhandled\r\n"
        "Lambda-Runtime-Function-Error-Body: " +
        encoded + "\r\n";
  }
  end += "\r\n";
  auto sent = connection_->upload(end, after_ms(kPostTimeoutMs));
  if (sent) {
    auto answer = connection_->receive(after_ms(kPostTimeoutMs));
    if (answer) return complain_if_refused("the stream", *answer), Outcome<void>();
    sent = answer.error();
  }
  connection_.reset();
  return sent;
}

}  // namespace stator::sdk
