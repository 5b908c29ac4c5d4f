#include <cxxabi.h>
#include <unistd.h>
#include <unwind.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>

// Linked into every function (--wrap=__cxa_throw), so that an uncaught exception is reported with
// the place that threw it: where it is caught, that is unwound and gone.
namespace {

constexpr std::size_t kFramesMax = 64;
thread_local void* frames[kFramesMax];
thread_local std::size_t frame_count = 0;

_Unwind_Reason_Code note_frame(_Unwind_Context* context, void*) {
  const std::uintptr_t address = _Unwind_GetIP(context);
  if (address == 0 || frame_count == kFramesMax) return _URC_END_OF_STACK;
  frames[frame_count++] = reinterpret_cast<void*>(address);
  return _URC_NO_REASON;
}

void say(const char* text) {
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text, std::strlen(text));
}

// What nobody catches: its words, and then SIGABRT, which the runtime reports with its stack.
[[noreturn]] void on_terminate() noexcept {
  try {
    if (std::current_exception() != nullptr) throw;
  } catch (const std::exception& error) {
    say("not caught: ");
    say(error.what());
    say("\n");
  } catch (...) {
    say("not caught: something that is no exception\n");
  }
  std::abort();
}

}  // namespace

// In place of the C++ runtime's own, which brings a demangler of 40 KB into every function.
namespace __cxxabiv1 {
extern std::terminate_handler __terminate_handler;  // NOLINT: the runtime's name
std::terminate_handler __terminate_handler = on_terminate;
}  // namespace __cxxabiv1

extern "C" {

// NOLINTBEGIN: the linker's names
[[noreturn]] void __real___cxa_throw(void* thrown, void* type, void (*destroy)(void*));
[[noreturn]] void __wrap___cxa_throw(void* thrown, void* type, void (*destroy)(void*));
// NOLINTEND

/* The frames of this thread's last throw, innermost first. */
std::size_t stator_function_throw_stack(void* const** out) {
  constexpr std::size_t kOwn = 1;  // __wrap___cxa_throw itself
  *out = frames + kOwn;
  return frame_count > kOwn ? frame_count - kOwn : 0;
}

void __wrap___cxa_throw(void* thrown, void* type, void (*destroy)(void*)) {
  frame_count = 0;
  _Unwind_Backtrace(note_frame, nullptr);
  __real___cxa_throw(thrown, type, destroy);
}

}  // extern "C"
