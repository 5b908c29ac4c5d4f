#pragma once

#include <cstddef>
#include <string>

namespace stator::sdk {

/// "bootstrap+0x1a2b": a return address as its module and the offset in it, which
/// `addr2line -e create.debug -Cfi 0x1a2b` turns into a line of source.
[[nodiscard]] std::string frame_text(const void* address);

/// From here on, a signal that kills the process (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS)
/// first writes one line with the request's id and the stack, and then kills it all the same.
/// Signals that the program handles itself are left to it.
void report_fatal_signals();

/// The innermost frames of the caller, at most `max`; answers how many.
std::size_t capture_stack(void** frames, std::size_t max);

}  // namespace stator::sdk
