#pragma once

#include <stdexcept>
#include <string>

namespace stator {

/// A broken invariant: a fault in stator, never in its input. The request barrier turns it into a
/// 500.
class BugError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// Start-up cannot go on (bad flag, locked data directory, port in use). `main` prints it and
/// exits 1.
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

namespace detail {
[[noreturn]] inline void bug(const char* file, int line, const char* condition) {
  throw BugError(std::string(file) + ":" + std::to_string(line) + ": not true: " + condition);
}
}  // namespace detail

}  // namespace stator

/// Always on. Throws BugError with the place and the condition.
#define STATOR_CHECK(condition) \
  ((condition) ? (void)0 : ::stator::detail::bug(__FILE__, __LINE__, #condition))
