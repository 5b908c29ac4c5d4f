#pragma once

#include <string>
#include <string_view>

namespace stator::sdk {

/// The X-Amzn-Trace-Id of the invocation that runs, "" between invocations. Kept apart from the
/// environment, which no thread may read while another writes it. Any thread.
void set_trace_id(std::string_view trace_id);
[[nodiscard]] std::string trace_id();

}  // namespace stator::sdk
