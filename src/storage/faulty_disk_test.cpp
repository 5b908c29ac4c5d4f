#include "storage/faulty_disk.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <map>

#include "storage/test_stores.hpp"

namespace stator::storage {
namespace {

constexpr int kKeys = 50;

std::string key_of(std::uint64_t write) {
  return "key" + std::to_string(write % kKeys);
}

/// Writes batch after batch and remembers which are durable, until the disk refuses.
class Writer {
 public:
  explicit Writer(Store& store) : store_(store) {}

  /// The `number`-th write of the test: two families, one batch.
  bool write(std::uint64_t number) {
    const std::string value = std::to_string(number) + std::string(number % 700, 'x');
    Batch batch;
    batch.put(Family::kItems, key_of(number), value);
    batch.put(Family::kIndex, key_of(number), value);
    const auto sequence = store_.write(std::move(batch));
    if (!sequence) return false;
    store_.when_durable(*sequence, [this, number](Result<void> done) {
      if (done) durable_ = number;
    });
    return true;
  }
  [[nodiscard]] std::uint64_t durable() const { return durable_; }

 private:
  Store& store_;
  std::atomic<std::uint64_t> durable_ = 0;
};

/// The store must be as after some write at or after `durable` and before or at `written`.
/// Answers which one.
std::uint64_t check(const Store& store, std::uint64_t durable, std::uint64_t written) {
  std::uint64_t newest = 0;
  std::map<std::string, std::uint64_t> found;
  const auto items = store.iterate(Family::kItems, {});
  for (items->seek_first(); items->valid(); items->next()) {
    const std::uint64_t number = std::stoull(std::string(items->value()));
    found[std::string(items->key())] = number;
    newest = std::max(newest, number);
    EXPECT_EQ(store.get(Family::kIndex, items->key()).value(), items->value()) << "half a batch";
  }
  EXPECT_TRUE(items->status());
  EXPECT_GE(newest, durable);
  EXPECT_LE(newest, written);
  for (std::uint64_t number = newest; number > 0 && number + kKeys > newest; --number) {
    EXPECT_EQ(found[key_of(number)], number) << "a hole behind write " << newest;
  }
  return newest;
}

TEST(FaultyDisk, KeepsAllThatIsDurableThroughPowerCuts) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const TemporaryDirectory data;
    SeededRandom random(seed);
    FaultyDisk disk(seed);
    std::uint64_t number = 0;
    for (int cut = 0; cut < 8; ++cut) {
      auto store = disk.open(data.path());
      number = check(*store, number, number);
      Writer writer(*store);
      for (std::uint64_t left = 1 + random.below(400); left > 0; --left) {
        if (!writer.write(++number)) break;
      }
      disk.cut_power();
      store.reset();
      const std::uint64_t durable = writer.durable();
      disk.restore_power();
      store = disk.open(data.path());
      number = check(*store, durable, number);
    }
  }
}

TEST(FaultyDisk, ReportsEveryWriteThatADiskErrorTookAway) {
  for (const auto fault : {FaultyDisk::Fault::kIoError, FaultyDisk::Fault::kNoSpace}) {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      const TemporaryDirectory data;
      FaultyDisk disk(seed);
      SeededRandom random(seed);
      auto store = disk.open(data.path());
      Writer writer(*store);
      disk.fail_after(random.below(300), fault);
      std::uint64_t number = 0;
      bool goes_on = true;
      while (goes_on && number < 5'000) goes_on = writer.write(++number);
      ASSERT_FALSE(goes_on) << "the fault was never met";
      EXPECT_FALSE(writer.write(number + 1)) << "a failed store takes nothing more";
      EXPECT_TRUE(store->get(Family::kItems, key_of(1))) << "reads go on";
      store.reset();
      const std::uint64_t durable = writer.durable();
      disk.heal();
      store = disk.open(data.path());
      check(*store, durable, number);
    }
  }
}

void damage(const std::filesystem::path& file, Random& random) {
  const auto size = std::filesystem::file_size(file);
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  // The first half holds items; behind them lie index, filter and properties.
  const auto at = static_cast<std::streamoff>(random.below(size / 2));
  stream.seekg(at);
  const int byte = stream.get();
  stream.seekp(at);
  stream.put(static_cast<char>(byte ^ 0x5a));
}

TEST(FaultyDisk, ADamagedBlockIsReportedAndNeverRead) {
  int reported = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const TemporaryDirectory data;
    FaultyDisk disk(seed);
    SeededRandom random(seed);
    {
      const auto store = disk.open(data.path());
      Writer writer(*store);
      for (std::uint64_t number = 1; number <= 1'000; ++number) ASSERT_TRUE(writer.write(number));
    }
    for (const auto& entry : std::filesystem::directory_iterator(data.path() / "db")) {
      if (entry.path().extension() == ".sst") damage(entry.path(), random);
    }
    try {
      const auto store = disk.open(data.path());
      for (std::uint64_t number = 951; number <= 1'000; ++number) {
        const auto value = store->get(Family::kItems, key_of(number));
        if (!value) {
          ++reported;
          continue;
        }
        ASSERT_TRUE(*value);
        EXPECT_EQ(std::stoull(**value), number);
      }
    } catch (const ConfigError&) {
      ++reported;
    }
  }
  EXPECT_GT(reported, 0);
}

}  // namespace
}  // namespace stator::storage
