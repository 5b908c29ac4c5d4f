#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

/// Processes and their descendants, as /proc tells them. A tree that changes meanwhile gives an
/// answer that was true of each process at some moment.
namespace stator::sandbox {

/// A walk stops here: a sandbox has fewer processes, and a fork bomb must not hold up the caller.
inline constexpr std::size_t kTreeProcessesMax = 4'096;

/// The children that any thread of `parent` has made, ended ones that nobody has waited for too.
[[nodiscard]] std::vector<pid_t> children_of(pid_t parent);

/// `root` and its descendants, parents first; empty when it is gone.
[[nodiscard]] std::vector<pid_t> process_tree(pid_t root);

/// Resident bytes of the whole tree, shared pages counted in each process.
[[nodiscard]] std::uint64_t resident_bytes(pid_t root);

}  // namespace stator::sandbox
