#pragma once

#include <linux/filter.h>

#include <vector>

/// The system calls that a confined program may make.
namespace stator::sandbox {

/// The filter for this machine: an allow-list. What is dangerous and well known answers EPERM, what
/// is merely unknown answers ENOSYS so that programs fall back, a foreign architecture (32-bit)
/// kills.
[[nodiscard]] std::vector<sock_filter> make_seccomp_filter();

}  // namespace stator::sandbox
