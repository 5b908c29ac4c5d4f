#include "base/bytes.hpp"
#include "lambda/errors.hpp"
#include "lambda/events/event.hpp"
#include "lambda/ops/invoke_input.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

/// What the older InvokeAsync takes.
constexpr std::size_t kInvokeAsyncBytesMax = 256u << 10;

enum class Kind { kRequestResponse, kEvent, kDryRun };

struct Parsed : InvokeTarget {
  Kind kind = Kind::kRequestResponse;
};

Result<Kind> read_kind(const http::Request& request) {
  const auto type = request.headers.find("X-Amz-Invocation-Type").value_or("RequestResponse");
  if (type == "RequestResponse" || type.empty()) return Kind::kRequestResponse;
  if (type == "Event") return Kind::kEvent;
  if (type == "DryRun") return Kind::kDryRun;
  return validation_failed("1 validation error detected: Value '" + std::string(type) +
                           "' at 'invocationType' failed to satisfy constraint: Member must "
                           "satisfy enum value set: [Event, RequestResponse, DryRun]");
}

Error event_too_large(std::size_t bytes, std::size_t bytes_max) {
  return request_too_large(std::to_string(bytes) +
                           " byte payload is too large for the Event invocation type (limit " +
                           std::to_string(bytes_max) + " bytes)");
}

Result<void> check_size(std::string_view payload, Kind kind) {
  if (kind == Kind::kEvent && payload.size() > events::kEventPayloadBytesMax) {
    return event_too_large(payload.size(), events::kEventPayloadBytesMax);
  }
  return check_payload(payload, "InvokeFunction");
}

Result<Parsed> parse(Functions& functions, const aws::Call& call, const aws::RawRequest& raw) {
  Parsed parsed;
  STATOR_TRY(static_cast<InvokeTarget&>(parsed), read_target(functions.catalog(), call, raw));
  STATOR_TRY(parsed.kind, read_kind(raw.http));
  STATOR_TRY(parsed.invocation.client_context, read_client_context(raw.http));
  STATOR_TRY(parsed.invocation.wants_log_tail, read_log_type(raw.http));
  parsed.invocation.trace_id = read_trace_id(raw.http);
  STATOR_TRY_VOID(check_size(raw.http.body, parsed.kind));
  return parsed;
}

Result<Parsed> parse_async(Functions& functions, const aws::Call& call,
                           const aws::RawRequest& raw) {
  Parsed parsed;
  STATOR_TRY(static_cast<InvokeTarget&>(parsed), read_target(functions.catalog(), call, raw));
  parsed.kind = Kind::kEvent;
  if (raw.http.body.size() > kInvokeAsyncBytesMax) {
    return event_too_large(raw.http.body.size(), kInvokeAsyncBytesMax);
  }
  STATOR_TRY_VOID(check_payload(raw.http.body, "InvokeAsync"));
  return parsed;
}

Result<aws::Needs> needs(const aws::Call&, const Parsed& parsed) {
  return invoke_needs(parsed);
}

/// The older operation has an action of its own.
/// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
Result<aws::Needs> needs_async(const aws::Call& call, const Parsed& parsed) {
  STATOR_TRY(auto all, needs(call, parsed));
  all.front().action = "lambda:InvokeAsync";
  return all;
}

http::Response respond(InvokeResult result, bool wants_log_tail) {
  http::Response response;
  response.headers.add("Content-Type", "application/json");
  response.headers.add("X-Amz-Executed-Version", std::move(result.executed_version));
  if (!result.function_error.empty()) {
    response.headers.add("X-Amz-Function-Error", std::move(result.function_error));
  }
  if (wants_log_tail) {
    response.headers.add("X-Amz-Log-Result", base64_encode(result.log_tail));
  }
  response.body = std::move(result.payload);
  return response;
}

/// An event is answered when it is on disk.
void handle_event(Functions& functions, aws::Call& call, Parsed parsed, const aws::Reply& reply) {
  const auto queued = functions.invoke_later(std::move(parsed.invocation));
  if (!queued) return reply(queued.error());
  call.durable_after = *queued;
  reply(http::Response{.status = 202});
}

void handle_dry_run(Functions& functions, const Parsed& parsed, const aws::Reply& reply) {
  if (functions.resolve(parsed.reference) == nullptr) {
    return reply(function_missing(parsed.reference.invoked_arn()));
  }
  reply(http::Response{.status = 204});
}

void handle(Functions& functions, aws::Call& call, Parsed parsed, aws::Reply reply) {
  // By itself an invocation reveals which function stands; what the function read or wrote was made
  // durable by the services that it called.
  call.durable_after = functions.catalog().last_write();
  if (parsed.kind == Kind::kDryRun) return handle_dry_run(functions, parsed, reply);
  if (parsed.kind == Kind::kEvent) {
    return handle_event(functions, call, std::move(parsed), reply);
  }
  if (auto followed = follow_chain(functions.catalog(), parsed.reference, parsed.invocation);
      !followed) {
    return reply(std::move(followed).error());
  }
  const bool wants_log_tail = parsed.invocation.wants_log_tail;
  functions.invoke(std::move(parsed.invocation),
                   [reply = std::move(reply), wants_log_tail](Result<InvokeResult> result) {
                     if (!result) return reply(std::move(result).error());
                     reply(respond(std::move(*result), wants_log_tail));
                   });
}

}  // namespace

aws::Operation invoke(Functions& functions) {
  return aws::Operation::raw_later<Parsed>(
      "Invoke",
      aws::ByPath{.method = "POST", .path = "/2015-03-31/functions/{FunctionName}/invocations"},
      [&functions](const aws::Call& call, const aws::RawRequest& raw) {
        return parse(functions, call, raw);
      },
      needs,
      [&functions](aws::Call& call, Parsed parsed, aws::Reply reply) {
        handle(functions, call, std::move(parsed), std::move(reply));
      });
}

aws::Operation invoke_async(Functions& functions) {
  return aws::Operation::raw<Parsed>(
      "InvokeAsync",
      aws::ByPath{.method = "POST", .path = "/2014-11-13/functions/{FunctionName}/invoke-async"},
      [&functions](const aws::Call& call, const aws::RawRequest& raw) {
        return parse_async(functions, call, raw);
      },
      needs_async,
      [&functions](aws::Call& call, Parsed parsed) -> Result<http::Response> {
        STATOR_TRY(call.durable_after, functions.invoke_later(std::move(parsed.invocation)));
        return http::Response{.status = 202};
      });
}

}  // namespace stator::lambda::ops
