#pragma once

#include <string_view>

#include "core/outcome.hpp"

namespace stator::sdk {

/// The request that this thread works on from here on; empty for none. The texts stay valid until
/// the next call.
void set_logged_request(std::string_view request_id, std::string_view tenant_id);
/// The same for a signal handler, whichever thread it is on: of the invocation that began last.
[[nodiscard]] std::string_view last_request();

/// One line at level ERROR with the fault's parts.
void log_fault(const Fault& fault);
/// A line of the runtime's own on standard error, for what happens outside invocations.
void complain(std::string_view what);

}  // namespace stator::sdk
