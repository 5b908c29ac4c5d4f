#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ddb/async.hpp"

namespace ddb {

/// Reads a whole table in `segments` parts side by side and calls `use(item)` with each, on this
/// thread, in no order. Answers how many there were, or the first error; by then `use` may have
/// seen some. A page of each segment is under way or waits to be used, so that memory is bounded.
/// Options: those of scan() but from and segment, and rate, which holds for all segments together.
///   auto count = ddb::parallel_scan(orders, 8, [&](Order order) { ... }, ddb::rate(200));
template <class T, class Use, class... Options>
[[nodiscard]] Result<std::uint64_t> parallel_scan(const Table<T>& table, std::uint32_t segments,
                                                  const Use& use, const Options&... options) {
  static_assert((!(std::same_as<Options, From> || std::same_as<Options, Segment> ||
                   std::same_as<Options, Consumed> || std::same_as<Options, AtMost>)&&...),
                "ddb: parallel_scan() takes limit, filter, consistent, rate and projections");
  using Found = typename decltype(scan(table, options...))::Answer;
  RateLimiter limiter(detail::rate_of(options...));
  const bool is_limited = detail::rate_of(options...) > 0;
  std::vector<double> units(segments, 0);
  // What is under way writes into `units`, so it is waited for even when `use` throws.
  struct UnderWay : std::vector<std::optional<Pending<Found>>> {
    using std::vector<std::optional<Pending<Found>>>::vector;
    ~UnderWay() {
      for (auto& one : *this) {
        if (one) (void)one->wait();
      }
    }
  } under_way(segments);
  const auto ask = [&](std::uint32_t which, const std::string& cursor) {
    const auto part = segment(which, segments);
    units[which] = 0;
    if (is_limited) {
      under_way[which].emplace(begin(
          table.client(), scan(table, options..., part, from(cursor), consumed(units[which]))));
    } else {
      under_way[which].emplace(begin(table.client(), scan(table, options..., part, from(cursor))));
    }
  };
  for (std::uint32_t i = 0; i < segments; ++i) ask(i, "");

  std::uint64_t count = 0;
  std::optional<Error> problem;
  for (bool more = true; more;) {
    more = false;
    for (std::uint32_t i = 0; i < segments; ++i) {
      if (!under_way[i]) continue;
      auto page = under_way[i]->wait();
      under_way[i].reset();
      if (!page && !problem) problem = page.error();
      if (problem) continue;
      if (const auto ms = limiter.pause_ms(units[i], stator1_now_ms()); ms > 0 && page->cursor) {
        stator1_sleep_ms(static_cast<std::uint32_t>(std::min<std::int64_t>(ms, 60'000)));
      }
      const std::string cursor = page->cursor.value_or("");
      if (!cursor.empty()) ask(i, cursor);
      for (auto& item : page->items) use(std::move(item));
      count += page->items.size();
      more = more || !cursor.empty();
    }
    for (const auto& one : under_way) more = more || one.has_value();
  }
  if (problem) return *problem;
  return count;
}

}  // namespace ddb
