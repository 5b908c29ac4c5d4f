#include <string>

#include "core/local.hpp"
#include "core/log.hpp"
#include "core/outcome.hpp"
#include "core/runtime_api.hpp"
#include "core/shutdown.hpp"
#include "core/stack.hpp"
#include "core/text.hpp"

namespace stator::sdk {
namespace {

constexpr int kNextFailuresMax = 8;

class ApiStream final : public StreamSink {
 public:
  ApiStream(RuntimeApi& api, std::string_view request_id) : api_(api), request_id_(request_id) {}
  Outcome<void> begin(std::string_view content_type) override {
    return api_.begin_stream(request_id_, content_type);
  }
  Outcome<void> write(std::string_view bytes) override { return api_.write_stream(bytes); }
  Outcome<void> end(const Fault* fault) override { return api_.end_stream(fault); }

 private:
  RuntimeApi& api_;
  const std::string_view request_id_;
};

void handle(RuntimeApi& api, const HttpAnswer& next, stator1_handler handler, void* user) {
  const std::string request_id(next.header("lambda-runtime-aws-request-id"));
  std::uint64_t deadline_ms = 0;
  if (!parse_unsigned(next.header("lambda-runtime-deadline-ms"), &deadline_ms)) deadline_ms = 0;
  const stator1_invocation invocation{sizeof(stator1_invocation),
                                      text_of(request_id),
                                      text_of(next.header("lambda-runtime-invoked-function-arn")),
                                      text_of(next.header("lambda-runtime-trace-id")),
                                      text_of(next.header("lambda-runtime-client-context")),
                                      text_of(next.header("lambda-runtime-cognito-identity")),
                                      text_of(next.header("lambda-runtime-aws-tenant-id")),
                                      static_cast<std::int64_t>(deadline_ms),
                                      text_of(next.body)};
  ApiStream stream(api, request_id);
  stator1_outcome outcome(stream);
  run_handler(invocation, outcome, handler, user);
  if (outcome.is_stream) {
    if (auto ended = stream.end(outcome.failed ? &outcome.fault : nullptr); !ended) {
      complain("the streamed answer to " + request_id + " broke off: " + ended.error().message);
    }
  } else if (outcome.failed) {
    api.respond(request_id, outcome.fault);
  } else {
    api.respond(request_id, std::move(outcome.body), std::move(outcome.content_type));
  }
}

// Until the API answers anything but an invocation, which is its way to say that it is over, or
// cannot be reached for several seconds.
int serve(RuntimeApi& api, stator1_handler handler, void* user) {
  for (int failures = 0; failures < kNextFailuresMax;) {
    auto next = api.next();
    if (!next) {
      complain("GET /invocation/next failed: " + next.error().message);
      pause_after(++failures);
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

bool is_inside_lambda() {
  return !environment("AWS_LAMBDA_RUNTIME_API").empty();
}

}  // namespace
}  // namespace stator::sdk

using namespace stator::sdk;  // NOLINT: the functions below are these functions' C names

extern "C" {

int stator1_run(stator1_handler handler, void* user) noexcept {
  report_fatal_signals();
  watch_for_shutdown();
  if (!is_inside_lambda()) return run_locally(process_arguments(), handler, user);
  auto api = RuntimeApi::find();
  if (!api) {
    complain(api.error().message);
    return 1;
  }
  return serve(*api, handler, user);
}

int stator1_init_failed(stator1_text type, stator1_text message, stator1_stack stack) noexcept {
  const Fault fault = fault_of(type, message, stack);
  log_fault(fault);
  if (!is_inside_lambda()) return 1;
  auto api = RuntimeApi::find();
  if (!api) {
    complain(api.error().message);
  } else {
    api->init_failed(fault);
  }
  return 1;
}

}  // extern "C"
