#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// Ordered keys, atomic batches, snapshots, checkpoints. RocksStore keeps them on disk, MemoryStore
/// in memory; the same tests pass on both.
namespace stator::storage {

/// Key spaces that are compacted apart. Keys of different families never meet.
enum class Family : std::uint8_t {
  kMeta,
  kItems,
  kIndex,
  kStreams,
  kTtl,
  kLogs,
  kHistory,
  kEvents
};
inline constexpr std::size_t kFamilyCount = 8;

/// Counts writes. A batch's sequence is larger than that of every batch visible before it.
using Sequence = std::uint64_t;

/// Changes that become visible together or not at all. Later changes of one key win.
class Batch {
 public:
  struct Change {
    enum class Kind : std::uint8_t { kPut, kErase, kEraseRange } kind;
    Family family;
    std::string key;    ///< for kEraseRange the first key that goes
    std::string value;  ///< for kEraseRange the first key that stays
  };

  void put(Family family, std::string key, std::string value) {
    changes_.push_back({Change::Kind::kPut, family, std::move(key), std::move(value)});
  }
  void erase(Family family, std::string key) {
    changes_.push_back({Change::Kind::kErase, family, std::move(key), {}});
  }
  /// Erases every key in [begin, end); nothing when end <= begin. The end must not be empty.
  void erase_range(Family family, std::string begin, std::string end) {
    STATOR_CHECK(!end.empty());
    changes_.push_back({Change::Kind::kEraseRange, family, std::move(begin), std::move(end)});
  }
  [[nodiscard]] const std::vector<Change>& changes() const { return changes_; }
  [[nodiscard]] bool empty() const { return changes_.empty(); }

 private:
  std::vector<Change> changes_;
};

/// A moment of the store that stands still while this lives. One thread at a time; must be
/// destroyed before its store.
class Snapshot {
 public:
  virtual ~Snapshot() = default;
  [[nodiscard]] virtual Sequence sequence() const = 0;
};

/// Walks the keys of one family within bounds. Views stay valid until the next move. One thread.
class Iterator {
 public:
  virtual ~Iterator() = default;
  virtual void seek_first() = 0;
  virtual void seek_last() = 0;
  /// To the first key at or after `key`.
  virtual void seek(std::string_view key) = 0;
  /// To the last key at or before `key`.
  virtual void seek_before(std::string_view key) = 0;
  virtual void next() = 0;
  virtual void previous() = 0;
  /// False past either bound and after an error: ask status() which.
  [[nodiscard]] virtual bool valid() const = 0;
  [[nodiscard]] virtual std::string_view key() const = 0;
  [[nodiscard]] virtual std::string_view value() const = 0;
  [[nodiscard]] virtual Result<void> status() const = 0;
};

/// [begin, end) of keys; an empty end means no upper bound.
struct Range {
  std::string begin;
  std::string end;
};

/// All calls may come from any thread at any time. A write is visible when write() returns and
/// durable once `durable()` has reached its sequence; until then no answer that reveals it may
/// leave.
class Store {
 public:
  virtual ~Store() = default;

  /// The value, or nothing when the key is absent. kInternal when the disk fails.
  [[nodiscard]] virtual Result<std::optional<std::string>> get(
      Family family, std::string_view key, const Snapshot* at = nullptr) const = 0;

  [[nodiscard]] virtual std::unique_ptr<Snapshot> snapshot() const = 0;

  /// Unpositioned. Sees the store as it is now, or at `at`, which must outlive the iterator.
  [[nodiscard]] virtual std::unique_ptr<Iterator> iterate(Family family, Range range,
                                                          const Snapshot* at = nullptr) const = 0;

  /// Applies the batch; an empty one changes nothing and answers last(). kUnavailable after the
  /// store has failed (a sync or write error): then nothing was applied and nothing will be until a
  /// restart.
  [[nodiscard]] virtual Result<Sequence> write(Batch batch) = 0;

  /// The sequence of the newest visible write, of the newest durable one, and of the newest write
  /// that touched this key or one that shares its stripe (an upper bound, so waiting for it is
  /// safe). Ask for last_write_of() after the read whose answer is to wait for it.
  [[nodiscard]] virtual Sequence last() const = 0;
  [[nodiscard]] virtual Sequence durable() const = 0;
  [[nodiscard]] virtual Sequence last_write_of(Family family, std::string_view key) const = 0;

  /// Calls `done` once, when everything up to `sequence` is durable (on this thread if it is
  /// already, else on the syncing thread, where it must be short), or with kUnavailable when the
  /// store failed. `sequence` must be at most last(). Those that wait are called in the order of
  /// their sequences; how many wait is bounded by the requests that the server lets in.
  using Done = std::function<void(Result<void>)>;
  virtual void when_durable(Sequence sequence, Done done) = 0;

  /// A consistent copy in `directory`, which must not exist; hard links where it can.
  [[nodiscard]] virtual Result<void> checkpoint(const std::filesystem::path& directory) = 0;
};

/// When a write counts as durable.
enum class Durability {
  kFsync,   ///< after a sync to disk, one for all that wait
  kAsync,   ///< when the operating system has it; a crash of the machine may lose the last moments
  kMemory,  ///< at once; nothing survives the process
};

/// The store of the data directory `data/db`, or a MemoryStore for kMemory. Throws ConfigError with
/// what to do when the directory is damaged or cannot be opened.
[[nodiscard]] std::unique_ptr<Store> open_store(const std::filesystem::path& data,
                                                Durability durability);

[[nodiscard]] std::unique_ptr<Store> make_memory_store();

}  // namespace stator::storage
