#include "core/outcome.hpp"

#include <cxxabi.h>
#include <stdlib.h>

#include <cstdlib>
#include <memory>
#include <utility>

#include "core/log.hpp"
#include "core/stack.hpp"
#include "core/text.hpp"
#include "core/trace.hpp"
#include "stator/json.hpp"

namespace stator::sdk {
namespace {

void set_trace(std::string_view trace_id) {
  if (trace_id.empty()) {
    unsetenv("_X_AMZN_TRACE_ID");
  } else {
    setenv("_X_AMZN_TRACE_ID", std::string(trace_id).c_str(), 1);
  }
  set_trace_id(trace_id);
}

}  // namespace

std::string Fault::json() const {
  JsonWriter json;
  json.begin_object();
  json.member("errorMessage", message);
  json.member("errorType", type);
  json.key("stackTrace");
  json.begin_array();
  for (const std::string& frame : stack) json.string(frame);
  json.end_array();
  json.end_object();
  return json.take();
}

Fault fault_of(stator1_text type, stator1_text message, stator1_stack stack) {
  Fault fault{std::string(view(type)), std::string(view(message)), {}};
  for (std::size_t i = 0; i < stack.size && i < STATOR1_STACK_MAX; ++i) {
    fault.stack.push_back(frame_text(stack.data[i]));
  }
  return fault;
}

void run_handler(const stator1_invocation& invocation, stator1_outcome& outcome,
                 stator1_handler handler, void* user) {
  set_trace(view(invocation.trace_id));
  set_logged_request(view(invocation.request_id), view(invocation.tenant_id));
  handler(&invocation, &outcome, user);
  if (!outcome.is_set && !outcome.is_stream) {
    outcome.failed = true;
    outcome.fault = {"Runtime.NoResponse", "the handler answered nothing", {}};
  }
  if (outcome.failed) log_fault(outcome.fault);
  set_logged_request({}, {});
  set_trace_id({});
}

}  // namespace stator::sdk

using namespace stator::sdk;  // NOLINT: the functions below are these functions' C names

extern "C" {

void stator1_succeed(stator1_outcome* outcome, stator1_text body,
                     stator1_text content_type) noexcept {
  outcome->is_set = true;
  outcome->failed = false;
  outcome->content_type = view(content_type);
  outcome->body = view(body);
}

void stator1_fail(stator1_outcome* outcome, stator1_text type, stator1_text message,
                  stator1_stack stack) noexcept {
  outcome->is_set = true;
  outcome->failed = true;
  outcome->fault = fault_of(type, message, stack);
}

size_t stator1_type_name(const char* mangled, char* out, size_t out_size) noexcept {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(mangled, nullptr, nullptr, &status), &std::free);
  const std::string_view text = status == 0 ? name.get() : mangled;
  return text.copy(out, out_size);
}

int32_t stator1_stream_begin(stator1_outcome* outcome, stator1_text content_type) noexcept {
  if (outcome->is_stream) return 0;
  outcome->is_stream = true;
  return outcome->sink.begin(view(content_type)).has_value() ? 1 : 0;
}

int32_t stator1_stream_write(stator1_outcome* outcome, stator1_text bytes) noexcept {
  if (!outcome->is_stream) return 0;
  return bytes.size == 0 || outcome->sink.write(view(bytes)).has_value() ? 1 : 0;
}

}  // extern "C"
