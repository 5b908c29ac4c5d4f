#pragma once

#include <array>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "lambda/handler.hpp"

extern "C" {
/* In programs that stator_add_function makes: the frames of this thread's last throw. */
__attribute__((weak)) std::size_t stator_function_throw_stack(void* const** frames);
}

namespace lambda {
namespace detail {

inline std::string type_of(const std::exception& error) {
  if (const auto* const named = dynamic_cast<const Error*>(&error)) return named->type();
  std::array<char, 256> name;
  return {name.data(), stator1_type_name(typeid(error).name(), name.data(), name.size())};
}

inline stator1_stack throw_stack() {
  void* const* frames = nullptr;
  if (stator_function_throw_stack == nullptr) return {};
  const std::size_t count = stator_function_throw_stack(&frames);
  return {frames, count};
}

/// Runs `work`; what it throws goes to `fail(type, message, stack)`.
template <class Work, class Fail>
bool guarded(const Work& work, const Fail& fail) {
  using stator::sdk::borrow;
  try {
    work();
    return true;
  } catch (const std::exception& error) {
    const stator1_stack stack = throw_stack();
    const std::string type = type_of(error);
    fail(borrow(type), borrow(error.what()), stack);
  } catch (...) {
    fail(borrow("UnknownException"), borrow("the handler threw something that is no exception"),
         throw_stack());
  }
  return false;
}

template <class H>
void handle(const stator1_invocation* invocation, stator1_outcome* outcome, void* user) {
  guarded([&] { answer(*static_cast<H*>(user), *invocation, *outcome); },
          [&](stator1_text type, stator1_text message, stator1_stack stack) {
            stator1_fail(outcome, type, message, stack);
          });
}

template <class H>
int run_one(H& handler) {
  return stator1_run(&handle<H>, &handler);
}

template <class Make>
int start_one(const Make& make) {
  using H = std::invoke_result_t<const Make&>;
  int status = 1;
  std::unique_ptr<H> handler;
  const bool made = guarded([&] { handler = std::make_unique<H>(make()); },
                            [&](stator1_text type, stator1_text message, stator1_stack stack) {
                              status = stator1_init_failed(type, message, stack);
                            });
  return made ? run_one(*handler) : status;
}

/// The handler that _HANDLER names: all of it, or what stands behind its last dot.
inline std::string_view wanted_handler() {
  const char* const value = std::getenv("_HANDLER");
  return value == nullptr ? std::string_view() : value;
}
inline bool is_named(std::string_view wanted, std::string_view name) {
  return wanted == name || wanted.substr(wanted.rfind('.') + 1) == name;
}
inline int no_such_handler(std::string_view wanted, const std::string& names) {
  const std::string message =
      "_HANDLER is '" + std::string(wanted) + "', and this program has " + names;
  return stator1_init_failed(stator::sdk::borrow("Runtime.HandlerNotFound"),
                             stator::sdk::borrow(message), {});
}

}  // namespace detail

/// One of several handlers, or of several makers of handlers, of one program.
template <class F>
struct Named {
  std::string_view name;
  F function;
};

template <class F>
[[nodiscard]] Named<F> named(std::string_view name, F function) {
  return {name, std::move(function)};
}

/// Handles invocations, one after the other, for as long as the process lives. An exception of the
/// handler becomes the invocation's error. Answers the process's exit status. Outside Lambda the
/// program's own arguments say what it does: `bootstrap --help`.
template <class H>
int run(H handler) {
  return detail::run_one(handler);
}

/// The same for the handler that `make` makes, once, before the first invocation. What `make`
/// throws is reported as a failed initialisation.
template <class Make>
int start(const Make& make) {
  return detail::start_one(make);
}

/// The same with the one of these that _HANDLER names: several functions of one executable. A name
/// that none of them has is a failed initialisation.
template <class... F>
int run(Named<F>... handlers) {
  const std::string_view wanted = detail::wanted_handler();
  int status = -1;
  std::string names;
  const auto try_one = [&](auto& handler) {
    names += (names.empty() ? "" : ", ") + std::string(handler.name);
    if (status < 0 && detail::is_named(wanted, handler.name)) {
      status = detail::run_one(handler.function);
    }
  };
  (try_one(handlers), ...);
  return status < 0 ? detail::no_such_handler(wanted, names) : status;
}
template <class... Make>
int start(const Named<Make>&... makers) {
  const std::string_view wanted = detail::wanted_handler();
  int status = -1;
  std::string names;
  const auto try_one = [&](const auto& maker) {
    names += (names.empty() ? "" : ", ") + std::string(maker.name);
    if (status < 0 && detail::is_named(wanted, maker.name)) {
      status = detail::start_one(maker.function);
    }
  };
  (try_one(makers), ...);
  return status < 0 ? detail::no_such_handler(wanted, names) : status;
}

/// Before run() or start(): called once when the process is told to end (SIGTERM), on a thread of
/// its own, and it has about half a second. Lambda tells only functions that ask for it, which
/// costs them the registration of an internal extension at every cold start.
inline void on_shutdown(std::function<void()> callback) {
  // The process has one end, and this must outlive everything that run() owns.
  static std::function<void()> kept;
  kept = std::move(callback);
  stator1_on_shutdown(
      [](void*) {
        detail::guarded([] { kept(); }, [](stator1_text, stator1_text, stator1_stack) {});
      },
      nullptr);
}

}  // namespace lambda
