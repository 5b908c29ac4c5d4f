#pragma once

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

/// The probe's two halves: what a clumsy function does, and what one does that wants out.
namespace probe {

/// Says how an attempt went, by errno where it failed; the probe's exit status.
inline int report(bool allowed, const char* what) {
  const int error = errno;
  std::printf("%s %s: %s\n", allowed ? "ALLOWED" : "denied", what, std::strerror(error));
  return allowed ? 1 : 0;
}

/// Makes the attempt that the first word names, with two arguments of its own.
int escape(std::string_view what, const char* a, const char* b);

}  // namespace probe
