#include "core/log.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>

#include "core/text.hpp"
#include "stator/abi_lambda.h"
#include "stator/json.hpp"

// Lambda's log controls, for a runtime that honours them itself.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html
namespace stator::sdk {
namespace {

thread_local std::string_view current_request;
thread_local std::string_view current_tenant;
// A copy that a signal handler may read on any thread: at worst it is torn, never out of bounds.
char last_request_text[64];
std::size_t last_request_size = 0;

constexpr std::string_view kLevels[] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};

std::string_view level_name(std::int32_t level) {
  return kLevels[std::clamp(level, 0, 5)];
}

bool is_wanted(std::int32_t level) {
  const std::string least = environment("AWS_LAMBDA_LOG_LEVEL");
  for (std::int32_t candidate = STATOR1_TRACE; candidate <= STATOR1_FATAL; ++candidate) {
    if (equals_ignoring_case(least, level_name(candidate))) return level >= candidate;
  }
  return level >= STATOR1_INFO;
}

void write_line(std::string line) {
  line += '\n';
  // Nobody is left to tell when the log itself cannot be written.
  [[maybe_unused]] const ssize_t written = write(STDOUT_FILENO, line.data(), line.size());
}

std::string now_text() {
  std::string time(24, '\0');
  stator1_format_time(stator1_now_ms(), time.data());
  return time;
}

// In a text line a field must not look like a line of its own.
void append_flat(std::string& line, std::string_view text) {
  for (const char c : text) line += c == '\n' ? '\r' : c;
}

void write_text(std::int32_t level, std::string_view message, stator1_pairs fields) {
  std::string line = now_text() + '\t';
  line += current_request.empty() ? "-" : current_request;
  line += '\t';
  line += level_name(level);
  line += '\t';
  append_flat(line, message);
  for (std::size_t i = 0; i < fields.size; ++i) {
    line += '\t';
    append_flat(line, view(fields.data[i].name));
    line += '=';
    append_flat(line, view(fields.data[i].value));
  }
  write_line(std::move(line));
}

// Everything up to the fields of the line, which is left open.
void begin_json(JsonWriter& json, std::int32_t level, std::string_view message) {
  json.begin_object();
  json.member("timestamp", now_text());
  json.member("level", level_name(level));
  json.member("message", message);
  if (!current_request.empty()) json.member("requestId", current_request);
  if (!current_tenant.empty()) json.member("tenantId", current_tenant);
}

bool is_text() {
  return environment("AWS_LAMBDA_LOG_FORMAT") == "Text";
}

}  // namespace

void set_logged_request(std::string_view request_id, std::string_view tenant_id) {
  current_request = request_id;
  current_tenant = tenant_id;
  last_request_size = 0;
  const std::size_t size = std::min(request_id.size(), sizeof last_request_text);
  std::memcpy(last_request_text, request_id.data(), size);
  last_request_size = size;
}

std::string_view last_request() {
  return {last_request_text, std::min(last_request_size, sizeof last_request_text)};
}

void log_fault(const Fault& fault) {
  if (!is_wanted(STATOR1_ERROR_LEVEL)) return;
  if (is_text()) {
    std::string stack;
    for (const std::string& frame : fault.stack) stack += (stack.empty() ? "" : " ") + frame;
    const stator1_pair fields[] = {{text_of("errorType"), text_of(fault.type)},
                                   {text_of("stackTrace"), text_of(stack)}};
    return write_text(STATOR1_ERROR_LEVEL, fault.message, {fields, stack.empty() ? 1u : 2u});
  }
  JsonWriter json;
  begin_json(json, STATOR1_ERROR_LEVEL, fault.message);
  json.member("errorType", fault.type);
  json.member("errorMessage", fault.message);
  json.key("stackTrace");
  json.begin_array();
  for (const std::string& frame : fault.stack) json.string(frame);
  json.end_array();
  json.end_object();
  write_line(json.take());
}

void complain(std::string_view what) {
  std::fprintf(stderr, "stator runtime: %.*s\n", static_cast<int>(what.size()), what.data());
}

}  // namespace stator::sdk

using namespace stator::sdk;  // NOLINT: the functions below are these functions' C names

extern "C" {

void stator1_log(int32_t level, stator1_text message, stator1_pairs fields) noexcept {
  if (!is_wanted(level)) return;
  if (is_text()) return write_text(level, view(message), fields);
  JsonWriter json;
  begin_json(json, level, view(message));
  for (std::size_t i = 0; i < fields.size; ++i) {
    json.member(view(fields.data[i].name), view(fields.data[i].value));
  }
  json.end_object();
  write_line(json.take());
}

void stator1_print_line(stator1_text line) noexcept {
  write_line(std::string(view(line)));
}

}  // extern "C"
