#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <string_view>
#include <vector>

#include "storage/store.hpp"

namespace stator::storage {

/// Remembers for each key, by a hash that keys may share, the newest write that touched it.
///
/// A write learns its sequence only when it is applied, and is visible at that moment. So a writer
/// announces itself on its stripes before, and leaves the sequence there and withdraws afterwards.
/// Who has read a value and finds a writer announced does not know whether the value is that
/// writer's; the newest visible sequence is then a bound that surely holds.
class WriteMarks {
 public:
  /// A batch between announcement and end; withdraws without a sequence when destroyed early.
  class Writing {
   public:
    Writing(WriteMarks& marks, const Batch& batch);
    ~Writing();
    Writing(const Writing&) = delete;
    void finish(Sequence sequence);

   private:
    WriteMarks& marks_;
    std::vector<std::size_t> stripes_;
  };

  /// At least the sequence of every write to the key that was visible when this was called.
  /// `last` gives the newest visible sequence of all.
  template <class Last>
  [[nodiscard]] Sequence of(Family family, std::string_view key, Last last) const {
    const Stripe& stripe = stripes_[index(family, key)];
    const Stripe& all = stripes_[kAllKeys];
    if (stripe.writers.load() != 0 || all.writers.load() != 0) return last();
    return std::max(stripe.newest.load(), all.newest.load());
  }

 private:
  static constexpr std::size_t kStripes = 4'096;
  /// Where range erasures, which touch unnamed keys, announce themselves.
  static constexpr std::size_t kAllKeys = kStripes;

  struct Stripe {
    std::atomic<std::uint32_t> writers = 0;
    std::atomic<Sequence> newest = 0;
  };

  [[nodiscard]] static std::size_t index(Family family, std::string_view key);

  std::array<Stripe, kStripes + 1> stripes_;
};

}  // namespace stator::storage
