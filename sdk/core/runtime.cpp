#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "core/http.hpp"
#include "core/text.hpp"
#include "core/trace.hpp"
#include "stator/json.hpp"

// The Lambda Runtime API, as a client.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
struct stator1_outcome {
  bool is_set = false;
  bool failed = false;
  std::string type_or_content_type;
  std::string body_or_message;
};

namespace stator::sdk {
namespace {

constexpr std::string_view kBase = "/2018-06-01/runtime";
constexpr const char* kNext = "/invocation/next";
// stator's own: "on" in the answer to /next says that the API reads pipelined requests, "next" with
// a result that the next event is asked for right behind it.
constexpr const char* kPipelining = "stator-runtime-pipelining";
constexpr int kNextFailuresMax = 8;
constexpr int kPostTriesMax = 3;
constexpr std::int64_t kConnectTimeoutMs = 3000;
constexpr std::int64_t kPostTimeoutMs = 30'000;

// The request that this thread works on, for the lines it logs.
thread_local std::string_view current_request_id;

void complain(std::string_view what) {
  std::fprintf(stderr, "stator runtime: %.*s\n", static_cast<int>(what.size()), what.data());
}

void pause(int failures) {
  poll(nullptr, 0, std::min(1000, 10 << std::min(failures, 7)));
}

std::string error_body(std::string_view type, std::string_view message) {
  JsonWriter json;
  json.begin_object();
  json.member("errorMessage", message);
  json.member("errorType", type);
  json.key("stackTrace");
  json.begin_array();
  json.end_array();
  json.end_object();
  return json.take();
}

// A request to the API, as it may be sent more than once.
struct Call {
  std::string_view method;
  std::string path;
  Headers headers;
  std::string body;
};

class RuntimeApi {
 public:
  explicit RuntimeApi(Url url) : url_(std::move(url)) {}

  // The next event. Where the last result has asked for it already, it is only waited for.
  Outcome<HttpAnswer> next() {
    auto answer = std::exchange(is_next_asked_, false) ? connection_->receive(kNever)
                                                       : send({"GET", kNext, {}, {}}, kNever);
    if (!answer) {
      connection_.reset();
    } else {
      pipelines_ = answer->header(kPipelining) == "on";
    }
    return answer;
  }

  // Delivers a result. What the API refuses (a result too large, one too late) is its to report.
  bool post(const Call& result) {
    Failure last;
    for (int tries = 0; tries < kPostTriesMax; ++tries) {
      if (tries != 0) pause(tries);
      auto answer = send(result, kPostTimeoutMs);
      if (answer && answer->status < 500) {
        complain_if_refused(result, *answer);
        return true;
      }
      last = answer ? Failure{STATOR1_UNAVAILABLE, std::to_string(answer->status)} : answer.error();
    }
    complain("POST " + result.path + " failed: " + last.message);
    return false;
  }

  // Delivers an invocation's result and, to an API that says it reads pipelined requests, asks for
  // the next event in the same write, so that this process wakes up once an invocation.
  bool deliver(Call result) {
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
    complain_if_refused(result, *answer);
    return true;
  }

 private:
  // One exchange over the kept connection, or over a new one when that has gone.
  Outcome<HttpAnswer> send(const Call& call, std::int64_t timeout_ms, bool asks_next = false) {
    if (connection_ == nullptr || !connection_->usable()) {
      auto stream = connect(url_, after_ms(kConnectTimeoutMs));
      if (!stream) return stream.error();
      connection_ = std::make_unique<HttpConnection>(std::move(stream).value());
    }
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

  static void complain_if_refused(const Call& result, const HttpAnswer& answer) {
    if (answer.status < 300) return;
    complain("POST " + result.path + " was refused: " + std::to_string(answer.status) + " " +
             answer.body.substr(0, 500));
  }

  const Url url_;
  std::unique_ptr<HttpConnection> connection_;
  bool pipelines_ = false;      // the API reads pipelined requests
  bool is_next_asked_ = false;  // and the next event was asked for with the last result
};

Call error_post(const std::string& path, std::string_view kind, std::string_view type,
                std::string_view message) {
  return {"POST",
          path,
          {{"content-type", "application/json"},
           {"lambda-runtime-function-error-type", std::string(kind)}},
          error_body(type, message)};
}

Outcome<RuntimeApi> find_api() {
  const std::string address = environment("AWS_LAMBDA_RUNTIME_API");
  if (address.empty()) {
    return Failure{STATOR1_CONFIGURATION,
                   "AWS_LAMBDA_RUNTIME_API is not set: this program runs inside AWS Lambda or "
                   "stator, which set it"};
  }
  auto url = parse_url("http://" + address);
  if (!url) return url.error();
  return RuntimeApi(std::move(*url));
}

void handle(RuntimeApi& api, const HttpAnswer& next, stator1_handler handler, void* user) {
  const std::string request_id(next.header("lambda-runtime-aws-request-id"));
  const std::string trace_id(next.header("lambda-runtime-trace-id"));
  if (trace_id.empty()) {
    unsetenv("_X_AMZN_TRACE_ID");
  } else {
    setenv("_X_AMZN_TRACE_ID", trace_id.c_str(), 1);
  }
  set_trace_id(trace_id);
  std::uint64_t deadline_ms = 0;
  if (!parse_unsigned(next.header("lambda-runtime-deadline-ms"), &deadline_ms)) deadline_ms = 0;

  const stator1_invocation invocation{sizeof(stator1_invocation),
                                      text_of(request_id),
                                      text_of(next.header("lambda-runtime-invoked-function-arn")),
                                      text_of(trace_id),
                                      text_of(next.header("lambda-runtime-client-context")),
                                      text_of(next.header("lambda-runtime-cognito-identity")),
                                      text_of(next.header("lambda-runtime-aws-tenant-id")),
                                      static_cast<std::int64_t>(deadline_ms),
                                      text_of(next.body)};
  stator1_outcome outcome;
  current_request_id = request_id;
  handler(&invocation, &outcome, user);
  current_request_id = {};
  set_trace_id({});

  const std::string path = "/invocation/" + request_id;
  if (!outcome.is_set) {
    outcome = {true, true, "Runtime.NoResponse", "the handler answered nothing"};
  }
  if (outcome.failed) {
    api.deliver(error_post(path + "/error", "Function.Unhandled", outcome.type_or_content_type,
                           outcome.body_or_message));
  } else {
    api.deliver({"POST",
                 path + "/response",
                 {{"content-type", std::move(outcome.type_or_content_type)}},
                 std::move(outcome.body_or_message)});
  }
}

// Until the API answers anything but an invocation, which is its way to say that it is over, or
// cannot be reached for several seconds.
int serve(RuntimeApi& api, stator1_handler handler, void* user) {
  for (int failures = 0; failures < kNextFailuresMax;) {
    auto next = api.next();
    if (!next) {
      complain("GET /invocation/next failed: " + next.error().message);
      pause(++failures);
      continue;
    }
    if (next->status != 200 || next->header("lambda-runtime-aws-request-id").empty()) {
      complain("GET /invocation/next was answered " + std::to_string(next->status));
      return 1;
    }
    failures = 0;
    handle(api, *next, handler, user);
  }
  return 1;
}

std::string_view level_name(std::int32_t level) {
  constexpr std::string_view kNames[] = {"DEBUG", "INFO", "WARN", "ERROR"};
  return kNames[std::clamp(level, 1, 4) - 1];
}

bool is_wanted(std::int32_t level) {
  const std::string least = environment("AWS_LAMBDA_LOG_LEVEL");
  for (std::int32_t candidate = 1; candidate <= 4; ++candidate) {
    if (equals_ignoring_case(least, level_name(candidate))) return level >= candidate;
  }
  if (equals_ignoring_case(least, "FATAL")) return false;
  return level >= STATOR1_INFO || equals_ignoring_case(least, "TRACE");
}

}  // namespace
}  // namespace stator::sdk

using namespace stator::sdk;  // NOLINT: the functions below are these functions' C names

extern "C" {

int stator1_run(stator1_handler handler, void* user) noexcept {
  auto api = find_api();
  if (!api) {
    complain(api.error().message);
    return 1;
  }
  return serve(*api, handler, user);
}

void stator1_succeed(stator1_outcome* outcome, stator1_text body,
                     stator1_text content_type) noexcept {
  *outcome = {true, false, std::string(view(content_type)), std::string(view(body))};
}

void stator1_fail(stator1_outcome* outcome, stator1_text type, stator1_text message) noexcept {
  *outcome = {true, true, std::string(view(type)), std::string(view(message))};
}

int stator1_init_failed(stator1_text type, stator1_text message) noexcept {
  complain("initialisation failed: " + std::string(view(message)));
  auto api = find_api();
  if (!api) {
    complain(api.error().message);
  } else {
    api->post(error_post("/init/error", "Runtime.InitError", view(type), view(message)));
  }
  return 1;
}

void stator1_log(int32_t level, stator1_text message, stator1_pairs fields) noexcept {
  if (!is_wanted(level)) return;
  char time[24];
  stator1_format_time(stator1_now_ms(), time);
  JsonWriter json;
  json.begin_object();
  json.member("timestamp", {time, sizeof time});
  json.member("level", level_name(level));
  json.member("message", view(message));
  if (!current_request_id.empty()) json.member("requestId", current_request_id);
  for (std::size_t i = 0; i < fields.size; ++i) {
    json.member(view(fields.data[i].name), view(fields.data[i].value));
  }
  json.end_object();
  const std::string line = json.take() + "\n";
  // Nobody is left to tell when the log itself cannot be written.
  [[maybe_unused]] const ssize_t written = write(STDOUT_FILENO, line.data(), line.size());
}

}  // extern "C"
