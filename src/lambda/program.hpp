#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "lambda/code_store.hpp"
#include "lambda/confinement.hpp"
#include "lambda/doors.hpp"
#include "lambda/failure.hpp"
#include "lambda/record.hpp"
#include "lambda/runtimes/registry.hpp"
#include "sandbox/sandbox.hpp"

/// What a sandbox is asked to run for a version of a function: its code and layers, the program
/// that its runtime starts with, and its environment.
namespace stator::lambda {

/// Indexes into Program::spec.ports and its listeners.
inline constexpr std::size_t kRuntimeApiListener = 0;
inline constexpr std::size_t kEndpointListener = 1;
/// Where a function with a network of its own finds the AWS endpoint.
inline constexpr std::uint16_t kEndpointPort = 4566;

struct Program {
  sandbox::Spec spec;
  SteadyTime keys_expire;  ///< until when an instance may be given work
  std::string log_stream;
  std::vector<std::string> extensions;   ///< names of external ones, which spec starts too
  std::vector<CodeStore::Lease> leases;  ///< to be kept while the program runs
};

/// What programs are made with; all outlive the call.
struct ProgramParts {
  CodeStore& code;
  RoleCredentials& credentials;
  runtimes::Registry& interpreters;
  const Clock& clock;
  Random& random;
  sandbox::Isolation isolation;
  std::chrono::seconds keys_margin;
  Confinement confinement;
};

/// Nothing on success. Reads and unpacks files where they are missing, so not on a loop.
[[nodiscard]] std::optional<Failure> prepare_program(const ProgramParts& parts,
                                                     const FunctionRecord& function,
                                                     Program& program);

/// Until when an instance may be given work: whatever begins by then ends, at its timeout at the
/// latest, with keys that still hold, and `margin` to spare.
[[nodiscard]] SteadyTime last_start(const Clock& clock, WallTime keys_expire,
                                    std::chrono::seconds margin, std::chrono::seconds timeout);

/// A failure that is the machine's or stator's and not the function's.
[[nodiscard]] Failure machine_fault(Error error);

}  // namespace stator::lambda
