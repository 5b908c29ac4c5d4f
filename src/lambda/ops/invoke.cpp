#include "base/bytes.hpp"
#include "lambda/errors.hpp"
#include "lambda/needs.hpp"
#include "lambda/ops/invoke_input.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

struct Parsed {
  FunctionReference reference;
  Catalog::FunctionPtr record;  ///< for its policy; null when there is none
  Invocation invocation;
  bool is_dry_run = false;
};

Result<bool> read_type(const http::Request& request) {
  const auto type = request.headers.find("X-Amz-Invocation-Type").value_or("RequestResponse");
  if (type == "RequestResponse" || type.empty()) return false;
  if (type == "DryRun") return true;
  if (type == "Event") {
    return unsupported("Lambda's InvocationType Event is not supported.");
  }
  return validation_failed("1 validation error detected: Value '" + std::string(type) +
                           "' at 'invocationType' failed to satisfy constraint: Member must "
                           "satisfy enum value set: [Event, RequestResponse, DryRun]");
}

Result<Parsed> parse(Functions& functions, const aws::Call& call, const aws::RawRequest& raw) {
  Parsed parsed;
  STATOR_TRY(const auto qualifier, read_qualifier(raw.http));
  STATOR_TRY(parsed.reference,
             parse_function_name(call.account, call.region, raw.label("FunctionName"), qualifier));
  parsed.record = functions.catalog().find(parsed.reference.key.view());
  STATOR_TRY(parsed.is_dry_run, read_type(raw.http));
  auto& invocation = parsed.invocation;
  invocation.account = call.account;
  invocation.region = call.region;
  invocation.function = parsed.reference.key.name;
  invocation.qualifier = parsed.reference.qualifier;
  invocation.request_id = call.request_id;
  STATOR_TRY(invocation.client_context, read_client_context(raw.http));
  invocation.trace_id = read_trace_id(raw.http);
  invocation.wants_log_tail = raw.http.headers.get("X-Amz-Log-Type") == "Tail";
  STATOR_TRY_VOID(check_payload(raw.http.body, "InvokeFunction"));
  invocation.payload = raw.http.body.empty() ? "{}" : raw.http.body;
  return parsed;
}

Result<aws::Needs> needs(const aws::Call&, const Parsed& parsed) {
  return aws::Needs{invoke_need(parsed.reference, parsed.record.get())};
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

void handle(Functions& functions, aws::Call& call, Parsed parsed, aws::Reply reply) {
  // By itself an invocation reveals which function stands; what the function read or wrote was made
  // durable by the services that it called.
  call.durable_after = functions.catalog().last_write();
  if (parsed.is_dry_run) {
    if (functions.catalog().find(parsed.reference.key.view()) == nullptr) {
      return reply(function_missing(parsed.reference.arn() + ":$LATEST"));
    }
    return reply(http::Response{.status = 204});
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

}  // namespace stator::lambda::ops
