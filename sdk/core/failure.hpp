#pragma once

#include <stdexcept>
#include <string>

#include "stator/abi.h"
#include "stator/result.hpp"

namespace stator::sdk {

/// Why something in the library did not work: one of the STATOR1_ codes, and words for a person.
struct Failure {
  int code = STATOR1_UNAVAILABLE;
  std::string message;
};

[[noreturn]] inline void raise(const Failure& failure) {
  throw std::runtime_error(failure.message);
}

template <class T>
using Outcome = BasicResult<T, Failure>;

}  // namespace stator::sdk
