#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ddb/page.hpp"

namespace ddb {

/// How long to wait so that no more than a rate is consumed.
class RateLimiter {
 public:
  explicit RateLimiter(double units_per_second) : rate_(units_per_second) {}

  /// After `units` were consumed: the milliseconds to wait from `now_ms` on.
  [[nodiscard]] std::int64_t pause_ms(double units, std::int64_t now_ms) {
    if (rate_ <= 0) return 0;
    free_at_ms_ = std::max(free_at_ms_, static_cast<double>(now_ms)) + units * 1000 / rate_;
    return static_cast<std::int64_t>(free_at_ms_) - now_ms;
  }

 private:
  double rate_;
  double free_at_ms_ = 0;
};

/// All items of a query or scan, page after page as they are used, for a range-for:
///   for (const auto& order : orders.query_all(customer == "c")) {
///     if (!order) return order.error();
///     use(*order);
///   }
/// Each element is a Result; one that is an error is the last. Reading begins with begin(), of
/// which there is one. Not for two threads.
template <class Item>
class Items {
 public:
  /// Fetches the page after a cursor; `units` gets what it consumed.
  using Fetch = std::function<Result<Page<Item>>(const std::string& cursor, double& units)>;

  Items(Fetch fetch, std::size_t at_most, double rate)
      : fetch_(std::move(fetch)), left_(at_most), limiter_(rate) {}

  class Iterator {
   public:
    using value_type = Result<Item>;
    using difference_type = std::ptrdiff_t;
    explicit Iterator(Items* items) : items_(items) {}
    Result<Item>& operator*() const { return *items_->current_; }
    Result<Item>* operator->() const { return &*items_->current_; }
    Iterator& operator++() { return items_->advance(), *this; }
    void operator++(int) { items_->advance(); }
    bool operator==(std::default_sentinel_t) const { return !items_->current_.has_value(); }

   private:
    Items* items_;
  };

  [[nodiscard]] Iterator begin() { return advance(), Iterator(this); }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

  /// All of them, or the first error.
  [[nodiscard]] Result<std::vector<Item>> collect() {
    std::vector<Item> all;
    for (auto& item : *this) {
      if (!item) return item.error();
      all.push_back(std::move(*item));
    }
    return all;
  }

 private:
  void advance() {
    const bool failed = current_ && !*current_;
    current_.reset();
    if (failed || left_ == 0) return;
    while (at_ == page_.items.size()) {
      if (is_last_) return;
      double units = 0;
      auto page = fetch_(cursor_, units);
      if (!page) {
        current_.emplace(page.error());
        return;
      }
      page_ = std::move(*page);
      at_ = 0;
      is_last_ = !page_.cursor;
      cursor_ = page_.cursor.value_or("");
      if (const auto ms = limiter_.pause_ms(units, stator1_now_ms()); ms > 0 && !is_last_) {
        stator1_sleep_ms(static_cast<std::uint32_t>(std::min<std::int64_t>(ms, 60'000)));
      }
    }
    --left_;
    current_.emplace(std::move(page_.items[at_++]));
  }

  Fetch fetch_;
  std::size_t left_;
  RateLimiter limiter_;
  Page<Item> page_;
  std::size_t at_ = 0;
  std::string cursor_;
  bool is_last_ = false;
  std::optional<Result<Item>> current_;
};

namespace detail {

template <class... Options>
std::size_t at_most_of(const Options&... options) {
  std::size_t most = static_cast<std::size_t>(-1);
  each_option(
      [&](const auto& option) {
        if constexpr (std::same_as<std::remove_cvref_t<decltype(option)>, AtMost>) {
          most = option.count;
        }
      },
      options...);
  return most;
}
template <class... Options>
double rate_of(const Options&... options) {
  double rate = 0;
  each_option(
      [&](const auto& option) {
        if constexpr (std::same_as<std::remove_cvref_t<decltype(option)>, Rate>) {
          rate = option.units_per_second;
        }
      },
      options...);
  return rate;
}

}  // namespace detail

}  // namespace ddb
