#include <memory>
#include <utility>

#include "aws/eventstream.hpp"
#include "base/bytes.hpp"
#include "http/body_pipe.hpp"
#include "json/json.hpp"
#include "lambda/errors.hpp"
#include "lambda/ops/invoke_input.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

struct Parsed : InvokeTarget {
  bool is_dry_run = false;
};

/// Answers with a stream of events: a PayloadChunk for each piece, and InvokeComplete at the end.
/// The head leaves with the first piece or with the end, so that what fails before the function
/// runs is an ordinary error.
class EventStreamAnswer final : public ResponseStream {
 public:
  EventStreamAnswer(aws::Reply reply, bool wants_log_tail)
      : reply_(std::move(reply)), wants_log_tail_(wants_log_tail) {}

  void executes(std::string_view version) override { version_ = version; }
  void begin(std::string_view) override { open(); }
  bool write(std::string_view piece) override {
    return pipe_->write(aws::encode_event("PayloadChunk", "application/octet-stream", piece));
  }
  bool is_behind(std::function<void()> caught_up) override {
    return pipe_->is_behind(std::move(caught_up));
  }

  void end(Result<InvokeResult> result) {
    if (!result) {
      if (!is_open_) return reply_(std::move(result).error());
      return pipe_->cut();
    }
    const bool is_whole = !is_open_ && result->function_error.empty();
    open();
    // A client that has gone is told nothing.
    if (is_whole && !result->payload.empty()) (void)write(result->payload);
    (void)pipe_->write(aws::encode_event("InvokeComplete", "application/json", complete(*result)));
    pipe_->finish();
  }

 private:
  void open() {
    if (std::exchange(is_open_, true)) return;
    http::Response head;
    head.headers.add("Content-Type", "application/vnd.amazon.eventstream");
    head.headers.add("X-Amz-Executed-Version", version_);
    head.stream = http::body_of(pipe_);
    reply_(std::move(head));
  }
  [[nodiscard]] std::string complete(const InvokeResult& result) const {
    json::Object members;
    if (!result.function_error.empty()) {
      members["ErrorCode"] = result.function_error;
      members["ErrorDetails"] = result.payload;
    }
    if (wants_log_tail_) members["LogResult"] = base64_encode(result.log_tail);
    return json::dump(members);
  }

  const aws::Reply reply_;
  const bool wants_log_tail_;
  const std::shared_ptr<http::BodyPipe> pipe_ = std::make_shared<http::BodyPipe>();
  std::string version_;
  bool is_open_ = false;
};

Result<bool> read_is_dry_run(const http::Request& request) {
  const auto type = request.headers.get("X-Amz-Invocation-Type");
  if (type.empty() || type == "RequestResponse") return false;
  if (type == "DryRun") return true;
  return validation_failed("1 validation error detected: Value '" + std::string(type) +
                           "' at 'invocationType' failed to satisfy constraint: Member must "
                           "satisfy enum value set: [RequestResponse, DryRun]");
}

Result<Parsed> parse(Functions& functions, const aws::Call& call, const aws::RawRequest& raw) {
  Parsed parsed;
  STATOR_TRY(static_cast<InvokeTarget&>(parsed), read_target(functions.catalog(), call, raw));
  STATOR_TRY(parsed.is_dry_run, read_is_dry_run(raw.http));
  STATOR_TRY_VOID(check_payload(raw.http.body, "InvokeWithResponseStream"));
  auto& invocation = parsed.invocation;
  STATOR_TRY(invocation.client_context, read_client_context(raw.http));
  invocation.trace_id = read_trace_id(raw.http);
  STATOR_TRY(invocation.wants_log_tail, read_log_type(raw.http));
  return parsed;
}

Result<aws::Needs> needs(const aws::Call&, const Parsed& parsed) {
  return invoke_needs(parsed);
}

void handle(Functions& functions, aws::Call& call, Parsed parsed, aws::Reply reply) {
  // As for Invoke: the answer reveals no more than which function stands.
  call.durable_after = functions.catalog().last_write();
  if (parsed.is_dry_run) {
    const auto found = find_function(functions, parsed.reference);
    if (!found) return reply(found.error());
    return reply(http::Response{.status = 204});
  }
  auto followed = follow_chain(functions.catalog(), parsed.reference, parsed.invocation);
  if (!followed) return reply(std::move(followed).error());
  auto answer =
      std::make_shared<EventStreamAnswer>(std::move(reply), parsed.invocation.wants_log_tail);
  parsed.invocation.stream = answer;
  functions.invoke(std::move(parsed.invocation),
                   [answer](Result<InvokeResult> result) { answer->end(std::move(result)); });
}

}  // namespace

aws::Operation invoke_with_response_stream(Functions& functions) {
  return aws::Operation::raw_later<Parsed>(
      "InvokeWithResponseStream",
      aws::ByPath{.method = "POST",
                  .path = "/2021-11-15/functions/{FunctionName}/response-streaming-invocations"},
      [&functions](const aws::Call& call, const aws::RawRequest& raw) {
        return parse(functions, call, raw);
      },
      needs,
      [&functions](aws::Call& call, Parsed parsed, aws::Reply reply) {
        handle(functions, call, std::move(parsed), std::move(reply));
      });
}

}  // namespace stator::lambda::ops
