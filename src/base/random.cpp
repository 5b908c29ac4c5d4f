#include "base/random.hpp"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/check.hpp"

namespace stator {

std::uint64_t Random::next_u64() {
  std::uint64_t value = 0;
  fill(std::as_writable_bytes(std::span(&value, 1)));
  return value;
}

std::uint64_t Random::below(std::uint64_t bound) {
  STATOR_CHECK(bound > 0);
  // Values in the last, incomplete run of `bound` would favour small results; draw again.
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  for (;;) {
    const std::uint64_t value = next_u64();
    if (value < limit) return value % bound;
  }
}

namespace {

void fill_from_kernel(std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    STATOR_CHECK(got > 0 || errno == EINTR);
    if (got > 0) out = out.subspan(static_cast<std::size_t>(got));
  }
}

/// The kernel's bytes, drawn ahead: every request takes some for its id, and a system call costs
/// more than they do. What was given out is wiped here. A child that goes on after fork() without
/// exec would see the same bytes to come; stator has none.
struct Pool {
  std::array<std::byte, 1024> bytes;
  std::size_t used = sizeof(bytes);
};

}  // namespace

void SystemRandom::fill(std::span<std::byte> out) {
  constexpr std::size_t kPooledMax = 64;
  if (out.size() > kPooledMax) return fill_from_kernel(out);
  thread_local Pool pool;
  if (pool.bytes.size() - pool.used < out.size()) {
    fill_from_kernel(pool.bytes);
    pool.used = 0;
  }
  const auto taken = std::span(pool.bytes).subspan(pool.used, out.size());
  std::copy(taken.begin(), taken.end(), out.begin());
  std::fill(taken.begin(), taken.end(), std::byte{0});
  pool.used += out.size();
}

void SeededRandom::fill(std::span<std::byte> out) {
  while (!out.empty()) {
    const std::uint64_t value = engine_();
    const std::size_t count = std::min(out.size(), sizeof value);
    std::memcpy(out.data(), &value, count);
    out = out.subspan(count);
  }
}

}  // namespace stator
