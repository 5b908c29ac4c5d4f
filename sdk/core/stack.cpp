#include "core/stack.hpp"

#include <link.h>
#include <signal.h>
#include <unistd.h>
#include <unwind.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/log.hpp"
#include "stator/abi_lambda.h"

namespace stator::sdk {
namespace {

struct Module {
  std::array<char, 48> name{};
  std::uintptr_t base = 0;
  std::uintptr_t end = 0;
};

// The modules of the process, found before they are needed: a signal handler may not ask the
// loader.
struct Modules {
  std::array<Module, 16> all;
  std::size_t count = 0;
};

int note_module(dl_phdr_info* info, std::size_t, void* out) {
  Modules& modules = *static_cast<Modules*>(out);
  if (modules.count == modules.all.size()) return 1;
  Module& module = modules.all[modules.count];
  module.base = info->dlpi_addr;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& header = info->dlpi_phdr[i];
    if (header.p_type != PT_LOAD) continue;
    module.end =
        std::max<std::uintptr_t>(module.end, module.base + header.p_vaddr + header.p_memsz);
  }
  // The program itself has no name here.
  std::string_view name = info->dlpi_name == nullptr ? "" : info->dlpi_name;
  name = name.substr(name.rfind('/') + 1);
  if (name.empty()) name = "bootstrap";
  name.copy(module.name.data(), module.name.size() - 1);
  ++modules.count;
  return 0;
}

const Modules& modules() {
  static const Modules found = [] {
    Modules noted;
    dl_iterate_phdr(note_module, &noted);
    return noted;
  }();
  return found;
}

// Text in a fixed array, for signal handlers.
class Line {
 public:
  void add(std::string_view text) {
    const std::size_t size = std::min(text.size(), text_.size() - size_);
    std::memcpy(text_.data() + size_, text.data(), size);
    size_ += size;
  }
  void add_hex(std::uintptr_t number) {
    std::array<char, 2 * sizeof number> digits;
    std::size_t at = digits.size();
    do {
      digits[--at] = "0123456789abcdef"[number & 15];
      number >>= 4;
    } while (number != 0);
    add("0x");
    add({digits.data() + at, digits.size() - at});
  }
  void add_frame(const void* address) {
    // A return address is one past its call, which may be past its function.
    const auto at = reinterpret_cast<std::uintptr_t>(address) - 1;
    const Modules& known = modules();
    for (std::size_t i = 0; i < known.count; ++i) {
      if (at < known.all[i].base || at >= known.all[i].end) continue;
      add(known.all[i].name.data());
      add("+");
      return add_hex(at - known.all[i].base);
    }
    add_hex(at);
  }
  [[nodiscard]] std::string_view text() const { return {text_.data(), size_}; }

 private:
  std::array<char, 4096> text_;
  std::size_t size_ = 0;
};

struct Capture {
  void** frames;
  std::size_t max;
  std::size_t count = 0;
};

_Unwind_Reason_Code note_frame(_Unwind_Context* context, void* out) {
  Capture& capture = *static_cast<Capture*>(out);
  const auto address = _Unwind_GetIP(context);
  if (address == 0 || capture.count == capture.max) return _URC_END_OF_STACK;
  capture.frames[capture.count++] = reinterpret_cast<void*>(address);
  return _URC_NO_REASON;
}

constexpr int kFatalSignals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS};

std::string_view signal_name(int signal) {
  constexpr std::string_view kNames[] = {"SIGSEGV", "SIGBUS",  "SIGILL",
                                         "SIGFPE",  "SIGABRT", "SIGSYS"};
  for (std::size_t i = 0; i < std::size(kFatalSignals); ++i) {
    if (kFatalSignals[i] == signal) return kNames[i];
  }
  return "signal";
}

void on_fatal_signal(int signal) {
  // The disposition is the default again (SA_RESETHAND), so a crash in here ends the process.
  std::array<void*, 48> frames;
  const std::size_t count = capture_stack(frames.data(), frames.size());
  Line line;
  line.add("{\"level\":\"FATAL\",\"message\":\"");
  line.add(signal_name(signal));
  line.add("\",\"requestId\":\"");
  line.add(last_request());
  line.add("\",\"stackTrace\":[");
  // The first two are this function and the frame that the kernel made for it.
  for (std::size_t i = 2; i < count; ++i) {
    line.add(i == 2 ? "\"" : ",\"");
    line.add_frame(frames[i]);
    line.add("\"");
  }
  line.add("]}\n");
  [[maybe_unused]] const ssize_t written =
      write(STDOUT_FILENO, line.text().data(), line.text().size());
  ::raise(signal);
}

}  // namespace

std::string frame_text(const void* address) {
  Line line;
  line.add_frame(address);
  return std::string(line.text());
}

std::size_t capture_stack(void** frames, std::size_t max) {
  Capture capture{frames, max};
  _Unwind_Backtrace(note_frame, &capture);
  return capture.count;
}

void report_fatal_signals() {
  (void)modules();
  // A stack of its own, so that running out of stack is reported too.
  static std::array<char, 64 << 10> stack;
  stack_t alternative{};
  alternative.ss_sp = stack.data();
  alternative.ss_size = stack.size();
  sigaltstack(&alternative, nullptr);
  struct sigaction action {};
  action.sa_handler = on_fatal_signal;
  action.sa_flags = static_cast<int>(SA_ONSTACK | SA_RESETHAND | SA_NODEFER);
  for (const int signal : kFatalSignals) {
    struct sigaction present {};
    if (sigaction(signal, nullptr, &present) == 0 && present.sa_handler == SIG_DFL) {
      sigaction(signal, &action, nullptr);
    }
  }
}

}  // namespace stator::sdk
