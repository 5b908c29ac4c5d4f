#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <utility>

#include "storage/store.hpp"

namespace stator::storage {
namespace {

/// What a key held from `sequence` on; no value means that it was erased.
struct Version {
  Sequence sequence;
  std::optional<std::string> value;
};

/// Oldest first, never empty.
using Versions = std::vector<Version>;
using Table = std::map<std::string, Versions, std::less<>>;

const std::string* visible(const Versions& versions, Sequence at) {
  for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
    if (version->sequence <= at) return version->value ? &*version->value : nullptr;
  }
  return nullptr;
}

constexpr std::size_t kSweepMin = 1'024;

/// Ordered maps whose keys remember the versions that a living snapshot can still see.
class MemoryStore final : public Store {
 public:
  Result<std::optional<std::string>> get(Family family, std::string_view key,
                                         const Snapshot* at) const override;
  std::unique_ptr<Snapshot> snapshot() const override;
  std::unique_ptr<Iterator> iterate(Family family, Range range, const Snapshot* at) const override;
  Result<Sequence> write(Batch batch) override;
  Sequence last() const override { return last_.load(); }
  Sequence durable() const override { return last(); }
  // Everything is durable at once, so the loosest upper bound costs nobody a wait.
  Sequence last_write_of(Family, std::string_view) const override { return last(); }
  void when_durable(Sequence sequence, Done done) override {
    STATOR_CHECK(sequence <= last());
    done({});
  }
  Result<void> checkpoint(const std::filesystem::path&) override {
    return unsupported("a store in memory has nothing on disk to make a checkpoint of");
  }

 private:
  friend class MemoryIterator;
  friend class MemorySnapshot;

  void set(Family family, const std::string& key, Sequence sequence,
           std::optional<std::string> value);
  void trim(Family family, Table::iterator entry);
  bool is_seen(Sequence from, Sequence until) const;
  void release(Sequence sequence) const;
  void sweep();

  Table& table(Family family) { return tables_[static_cast<std::size_t>(family)]; }
  const Table& table(Family family) const { return tables_[static_cast<std::size_t>(family)]; }

  mutable std::shared_mutex mutex_;
  std::array<Table, kFamilyCount> tables_;
  std::atomic<Sequence> last_ = 0;
  mutable std::multiset<Sequence> snapshots_;
  /// Keys that hold more than their newest value; sweep() looks through them when no snapshot is
  /// left, and in any case when they have doubled.
  std::set<std::pair<Family, std::string>> versioned_;
  std::size_t sweep_at_ = kSweepMin;
};

class MemorySnapshot final : public Snapshot {
 public:
  MemorySnapshot(const MemoryStore& store, Sequence sequence)
      : store_(store), sequence_(sequence) {}
  ~MemorySnapshot() override { store_.release(sequence_); }
  Sequence sequence() const override { return sequence_; }

 private:
  const MemoryStore& store_;
  Sequence sequence_;
};

/// Copies what it stands on and finds its place again with every move, so that no lock is held
/// between moves and no erased node is ever touched.
class MemoryIterator final : public Iterator {
 public:
  MemoryIterator(const MemoryStore& store, Family family, Range range, const Snapshot* at)
      : store_(store), table_(store.table(family)), range_(std::move(range)) {
    if (at == nullptr) own_ = store.snapshot();
    sequence_ = at != nullptr ? at->sequence() : own_->sequence();
  }

  void seek_first() override { seek(range_.begin); }
  void seek(std::string_view key) override {
    const std::shared_lock lock(store_.mutex_);
    settle_forward(table_.lower_bound(key < range_.begin ? range_.begin : key));
  }
  void next() override {
    const std::shared_lock lock(store_.mutex_);
    settle_forward(table_.upper_bound(key_));
  }
  void seek_last() override {
    const std::shared_lock lock(store_.mutex_);
    settle_backward(range_.end.empty() ? table_.end() : table_.lower_bound(range_.end));
  }
  void seek_before(std::string_view key) override {
    if (!range_.end.empty() && key >= range_.end) return seek_last();
    const std::shared_lock lock(store_.mutex_);
    settle_backward(table_.upper_bound(key));
  }
  void previous() override {
    const std::shared_lock lock(store_.mutex_);
    settle_backward(table_.lower_bound(key_));
  }

  bool valid() const override { return valid_; }
  std::string_view key() const override { return key_; }
  std::string_view value() const override { return value_; }
  Result<void> status() const override { return {}; }

 private:
  /// Stands on the first visible key at or after `entry`.
  void settle_forward(Table::const_iterator entry) {
    valid_ = false;
    for (; entry != table_.end(); ++entry) {
      if (!range_.end.empty() && entry->first >= range_.end) return;
      if (stand_on(*entry)) return;
    }
  }
  /// Stands on the last visible key before `entry`.
  void settle_backward(Table::const_iterator entry) {
    valid_ = false;
    while (entry != table_.begin()) {
      --entry;
      if (entry->first < range_.begin) return;
      if (stand_on(*entry)) return;
    }
  }
  bool stand_on(const Table::value_type& entry) {
    const std::string* value = visible(entry.second, sequence_);
    if (value == nullptr) return false;
    key_ = entry.first;
    value_ = *value;
    return valid_ = true;
  }

  const MemoryStore& store_;
  const Table& table_;
  Range range_;
  std::unique_ptr<Snapshot> own_;
  Sequence sequence_ = 0;
  bool valid_ = false;
  std::string key_;
  std::string value_;
};

Result<std::optional<std::string>> MemoryStore::get(Family family, std::string_view key,
                                                    const Snapshot* at) const {
  const std::shared_lock lock(mutex_);
  const auto entry = table(family).find(key);
  if (entry == table(family).end()) return std::optional<std::string>();
  const std::string* value = visible(entry->second, at != nullptr ? at->sequence() : last());
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::unique_ptr<Snapshot> MemoryStore::snapshot() const {
  const std::unique_lock lock(mutex_);
  snapshots_.insert(last());
  return std::make_unique<MemorySnapshot>(*this, last());
}

std::unique_ptr<Iterator> MemoryStore::iterate(Family family, Range range,
                                               const Snapshot* at) const {
  return std::make_unique<MemoryIterator>(*this, family, std::move(range), at);
}

Result<Sequence> MemoryStore::write(Batch batch) {
  const std::unique_lock lock(mutex_);
  if (batch.empty()) return last();
  sweep();
  const Sequence sequence = last() + 1;
  for (const auto& change : batch.changes()) {
    switch (change.kind) {
      case Batch::Change::Kind::kPut:
        set(change.family, change.key, sequence, change.value);
        break;
      case Batch::Change::Kind::kErase:
        set(change.family, change.key, sequence, std::nullopt);
        break;
      case Batch::Change::Kind::kEraseRange: {
        Table& keys = table(change.family);
        for (auto entry = keys.lower_bound(change.key);
             entry != keys.end() && entry->first < change.value;) {
          const std::string key = entry->first;
          ++entry;
          set(change.family, key, sequence, std::nullopt);
        }
        break;
      }
    }
  }
  last_ = sequence;
  return sequence;
}

void MemoryStore::set(Family family, const std::string& key, Sequence sequence,
                      std::optional<std::string> value) {
  const auto entry = table(family).try_emplace(key).first;
  Versions& versions = entry->second;
  if (!versions.empty() && versions.back().sequence == sequence) {
    versions.back().value = std::move(value);
  } else {
    versions.push_back({sequence, std::move(value)});
  }
  trim(family, entry);
}

/// True when a snapshot stands in [from, until).
bool MemoryStore::is_seen(Sequence from, Sequence until) const {
  const auto snapshot = snapshots_.lower_bound(from);
  return snapshot != snapshots_.end() && *snapshot < until;
}

/// Drops the versions that no snapshot sees, and the key when nothing but its erasure is left.
void MemoryStore::trim(Family family, Table::iterator entry) {
  Versions& versions = entry->second;
  Versions kept;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const bool is_newest = i + 1 == versions.size();
    const bool is_needed = is_newest || is_seen(versions[i].sequence, versions[i + 1].sequence);
    // An erasure before which nothing is remembered says no more than an absent version does.
    const bool says_nothing = kept.empty() && !versions[i].value;
    if (is_needed && !says_nothing) kept.push_back(std::move(versions[i]));
  }
  versions = std::move(kept);
  if (versions.size() > 1) {
    versioned_.emplace(family, entry->first);
    return;
  }
  versioned_.erase({family, entry->first});
  if (versions.empty()) table(family).erase(entry);
}

void MemoryStore::release(Sequence sequence) const {
  const std::unique_lock lock(mutex_);
  snapshots_.erase(snapshots_.find(sequence));
}

/// Forgets the versions whose snapshots have gone.
void MemoryStore::sweep() {
  if (versioned_.empty() || (!snapshots_.empty() && versioned_.size() < sweep_at_)) return;
  const auto keys = std::exchange(versioned_, {});
  for (const auto& [family, key] : keys) trim(family, table(family).find(key));
  sweep_at_ = std::max(kSweepMin, 2 * versioned_.size());
}

}  // namespace

std::unique_ptr<Store> make_memory_store() {
  return std::make_unique<MemoryStore>();
}

}  // namespace stator::storage
