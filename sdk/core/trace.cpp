#include "core/trace.hpp"

#include <mutex>

namespace stator::sdk {
namespace {

struct Trace {
  std::mutex mutex;
  std::string id;
};

Trace& current() {
  static Trace trace;
  return trace;
}

}  // namespace

void set_trace_id(std::string_view trace_id) {
  Trace& trace = current();
  const std::scoped_lock lock(trace.mutex);
  trace.id = trace_id;
}

std::string trace_id() {
  Trace& trace = current();
  const std::scoped_lock lock(trace.mutex);
  return trace.id;
}

}  // namespace stator::sdk
