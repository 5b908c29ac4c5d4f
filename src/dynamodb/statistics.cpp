#include "dynamodb/statistics.hpp"

#include "dynamodb/item_codec.hpp"
#include "dynamodb/key_codec.hpp"

namespace stator::dynamodb {

namespace {

using storage::Family;

/// A walk of some ten milliseconds, which a request may take.
constexpr std::uint64_t kSampleItemsMax = 20'000;
/// Between looks at whether the server stops; an iterator pins what it reads, so none lives longer.
constexpr std::uint64_t kStepItems = 10'000;
constexpr std::chrono::seconds kRecountSoon{30};
constexpr std::chrono::hours kRecountLate{6};

/// Which part of all partitions stands at or before this key, by the hash in it.
double share_before(std::string_view key) {
  constexpr std::size_t kHashAt = 8, kHashBytes = 8;
  double share = 0;
  double weight = 1.0 / 256;
  for (const char byte : key.substr(kHashAt, kHashBytes)) {
    share += weight * static_cast<unsigned char>(byte);
    weight /= 256;
  }
  return share;
}

void add(Statistics& statistics, std::string_view item) {
  ++statistics.item_count;
  statistics.size_bytes += EncodedItem(item).size_bytes();
}

}  // namespace

Result<TableCounter::Sample> TableCounter::sample(const Range& range) const {
  Sample sample;
  Statistics& seen = sample.statistics;
  const auto entries = store_.iterate(range.family, table_range(range.id));
  for (entries->seek_first(); entries->valid(); entries->next()) {
    if (seen.item_count == kSampleItemsMax) {
      const double share = share_before(entries->key());
      sample.is_whole = false;
      // A first partition that is larger than the sample says nothing of the others.
      if (share > 0) {
        seen.item_count = static_cast<std::uint64_t>(double(seen.item_count) / share);
        seen.size_bytes = static_cast<std::uint64_t>(double(seen.size_bytes) / share);
      }
      return sample;
    }
    add(seen, entries->value());
  }
  STATOR_TRY_VOID(entries->status());
  return sample;
}

std::optional<Statistics> TableCounter::count_all(const Range& range) const {
  Statistics statistics;
  storage::Range left = table_range(range.id);
  for (;;) {
    if (background_.is_stopping()) return std::nullopt;
    const auto entries = store_.iterate(range.family, left);
    std::uint64_t step = 0;
    for (entries->seek_first(); entries->valid() && step < kStepItems; entries->next(), ++step) {
      add(statistics, entries->value());
    }
    if (!entries->status()) return std::nullopt;
    if (!entries->valid()) return statistics;
    left.begin = entries->key();
  }
}

void TableCounter::count_later(std::vector<Range> ranges) {
  background_.post([this, ranges = std::move(ranges)] {
    const TableId table = ranges.front().id;
    auto whole = count_all(ranges.front());
    if (!whole) return;
    for (std::size_t i = 1; i < ranges.size(); ++i) {
      const auto index = count_all(ranges[i]);
      if (!index) return;
      whole->indexes[ranges[i].id] = *index;
    }
    const std::scoped_lock lock(mutex_);
    const auto found = counted_.find(table);
    if (found != counted_.end()) found->second.statistics = std::move(*whole);
  });
}

Result<Statistics> TableCounter::count(const Table& table) {
  std::optional<Statistics> old;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = counted_.find(table.id);
    if (found != counted_.end()) {
      if (clock_.steady() < found->second.expires) return found->second.statistics;
      old = found->second.statistics;
    }
  }
  std::vector<Range> ranges = {{Family::kItems, table.id}};
  for (const Index& index : table.indexes) ranges.push_back({Family::kIndex, index.id});
  STATOR_TRY(auto first, sample(ranges.front()));
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    STATOR_TRY(auto index, sample(ranges[i]));
    first.is_whole = first.is_whole && index.is_whole;
    first.statistics.indexes[ranges[i].id] = std::move(index.statistics);
  }
  const auto now = clock_.steady();
  if (first.is_whole) {
    remember(table.id, first.statistics, now + kRecountSoon);
    return first.statistics;
  }
  remember(table.id, old ? *old : first.statistics, now + kRecountLate);
  count_later(std::move(ranges));
  return old ? *old : first.statistics;
}

void TableCounter::remember(TableId table, const Statistics& statistics, SteadyTime expires) {
  const std::scoped_lock lock(mutex_);
  counted_[table] = {statistics, expires};
}

void TableCounter::forget(TableId table) {
  const std::scoped_lock lock(mutex_);
  counted_.erase(table);
}

}  // namespace stator::dynamodb
