#include "storage/store.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <atomic>
#include <map>
#include <thread>

#include "storage/test_stores.hpp"

namespace stator::storage {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs forward(const Store& store, Family family, Range range = {}, const Snapshot* at = nullptr) {
  Pairs pairs;
  const auto iterator = store.iterate(family, std::move(range), at);
  for (iterator->seek_first(); iterator->valid(); iterator->next()) {
    pairs.emplace_back(iterator->key(), iterator->value());
  }
  EXPECT_TRUE(iterator->status());
  return pairs;
}

Pairs backward(const Store& store, Family family, Range range = {}, const Snapshot* at = nullptr) {
  Pairs pairs;
  const auto iterator = store.iterate(family, std::move(range), at);
  for (iterator->seek_last(); iterator->valid(); iterator->previous()) {
    pairs.emplace_back(iterator->key(), iterator->value());
  }
  EXPECT_TRUE(iterator->status());
  return pairs;
}

Sequence put(Store& store, std::string key, std::string value, Family family = Family::kItems) {
  Batch batch;
  batch.put(family, std::move(key), std::move(value));
  return store.write(std::move(batch)).value();
}

std::optional<std::string> get(const Store& store, std::string_view key,
                               const Snapshot* at = nullptr) {
  return store.get(Family::kItems, key, at).value();
}

void clear(Store& store) {
  Batch batch;
  for (const auto& [key, value] : forward(store, Family::kItems)) batch.erase(Family::kItems, key);
  ASSERT_TRUE(store.write(std::move(batch)));
}

template <class Factory>
class StoreTest : public testing::Test {
 protected:
  Factory factory_;
  std::unique_ptr<Store> store_ = factory_.open();
};

TYPED_TEST_SUITE(StoreTest, StoreFactories);

TYPED_TEST(StoreTest, KeepsFamiliesApart) {
  Store& store = *this->store_;
  put(store, "k", "item", Family::kItems);
  put(store, "k", "meta", Family::kMeta);
  EXPECT_EQ(store.get(Family::kItems, "k").value(), "item");
  EXPECT_EQ(store.get(Family::kMeta, "k").value(), "meta");
  EXPECT_EQ(store.get(Family::kLogs, "k").value(), std::nullopt);
}

TYPED_TEST(StoreTest, TellsAnEmptyValueFromNone) {
  put(*this->store_, "k", "");
  EXPECT_EQ(get(*this->store_, "k"), "");
  EXPECT_EQ(get(*this->store_, "other"), std::nullopt);
}

TYPED_TEST(StoreTest, LaterChangesOfABatchWin) {
  Batch batch;
  batch.put(Family::kItems, "a", "1");
  batch.put(Family::kItems, "b", "1");
  batch.erase_range(Family::kItems, "a", "b");
  batch.put(Family::kItems, "b", "2");
  batch.erase(Family::kItems, "c");
  batch.put(Family::kItems, "c", "3");
  ASSERT_TRUE(this->store_->write(std::move(batch)));
  EXPECT_EQ(forward(*this->store_, Family::kItems), (Pairs{{"b", "2"}, {"c", "3"}}));
}

TYPED_TEST(StoreTest, ErasesNothingInAnInvertedRange) {
  put(*this->store_, "b", "1");
  Batch batch;
  batch.erase_range(Family::kItems, "c", "a");
  batch.erase_range(Family::kItems, "b", "b");
  ASSERT_TRUE(this->store_->write(std::move(batch)));
  EXPECT_EQ(get(*this->store_, "b"), "1");
  EXPECT_TRUE(forward(*this->store_, Family::kItems, {"c", "a"}).empty());
  EXPECT_TRUE(backward(*this->store_, Family::kItems, {"c", "a"}).empty());
}

TYPED_TEST(StoreTest, SequencesGrowWithEachWrite) {
  Store& store = *this->store_;
  const Sequence before = store.last();
  const Sequence first = put(store, "a", "1");
  const Sequence second = put(store, "b", "2");
  EXPECT_LT(before, first);
  EXPECT_LT(first, second);
  EXPECT_EQ(store.last(), second);
  EXPECT_EQ(store.write({}).value(), second) << "an empty batch is no write";
  EXPECT_GE(store.last_write_of(Family::kItems, "a"), first);
  EXPECT_LE(store.last_write_of(Family::kItems, "a"), second);
}

TYPED_TEST(StoreTest, ARangeErasureCountsAsAWriteOfEveryKeyInIt) {
  Store& store = *this->store_;
  put(store, "a", "1");
  Batch batch;
  batch.erase_range(Family::kItems, "a", "b");
  const Sequence erased = store.write(std::move(batch)).value();
  EXPECT_GE(store.last_write_of(Family::kItems, "a"), erased);
}

TYPED_TEST(StoreTest, SeeksFromBothSidesWithinItsBounds) {
  for (const char* key : {"a", "c", "e", "g"}) put(*this->store_, key, key);
  const auto iterator = this->store_->iterate(Family::kItems, {"b", "g"});
  const auto at = [&] { return iterator->valid() ? std::string(iterator->key()) : "-"; };
  struct Case {
    const char* key;
    const char* seek;
    const char* seek_before;
  };
  for (const Case& test :
       {Case{"a", "c", "-"}, Case{"b", "c", "-"}, Case{"c", "c", "c"}, Case{"d", "e", "c"},
        Case{"f", "-", "e"}, Case{"g", "-", "e"}, Case{"z", "-", "e"}, Case{"", "c", "-"}}) {
    iterator->seek(test.key);
    EXPECT_EQ(at(), test.seek) << test.key;
    iterator->seek_before(test.key);
    EXPECT_EQ(at(), test.seek_before) << test.key;
  }
  iterator->seek_first();
  EXPECT_EQ(at(), "c");
  iterator->next();
  EXPECT_EQ(at(), "e");
  iterator->previous();
  EXPECT_EQ(at(), "c");
  iterator->previous();
  EXPECT_EQ(at(), "-");
}

TYPED_TEST(StoreTest, AnIteratorStandsStillWhileTheStoreMoves) {
  Store& store = *this->store_;
  put(store, "a", "1");
  put(store, "b", "1");
  const auto iterator = store.iterate(Family::kItems, {});
  iterator->seek_first();
  Batch batch;
  batch.erase_range(Family::kItems, "a", "z");
  batch.put(Family::kItems, "c", "2");
  ASSERT_TRUE(store.write(std::move(batch)));
  EXPECT_EQ(iterator->key(), "a");
  iterator->next();
  ASSERT_TRUE(iterator->valid());
  EXPECT_EQ(iterator->key(), "b");
  iterator->next();
  EXPECT_FALSE(iterator->valid());
}

TYPED_TEST(StoreTest, CallsBackOnceForEveryWaiterInOrder) {
  Store& store = *this->store_;
  constexpr int kWaiters = 100;
  std::vector<Sequence> done;
  std::mutex mutex;
  std::condition_variable changed;
  Sequence last = 0;
  for (int i = 0; i < kWaiters; ++i) {
    last = put(store, "k" + std::to_string(i), "v");
    store.when_durable(last, [&, last](Result<void> outcome) {
      EXPECT_TRUE(outcome);
      EXPECT_GE(store.durable(), last);
      const std::lock_guard lock(mutex);
      done.push_back(last);
      changed.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return done.size() == kWaiters; });
  EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
  EXPECT_EQ(store.durable(), last);
}

TYPED_TEST(StoreTest, NobodyWaitsForAWriteThatIsToCome) {
  EXPECT_THROW(this->store_->when_durable(this->store_->last() + 1, [](Result<void>) {}), BugError);
}

/// Random operations against a std::map; every snapshot keeps its own copy of the map.
TYPED_TEST(StoreTest, BehavesLikeAMap) {
  Store* const store = this->store_.get();
  rc::check("store equals map", [store] {
    clear(*store);
    using Model = std::map<std::string, std::string>;
    Model model;
    std::vector<std::pair<std::unique_ptr<Snapshot>, Model>> snapshots;
    const auto key = [] {
      return *rc::gen::container<std::string>(rc::gen::element('\0', 'a', 'b', '\xff'));
    };
    const auto check = [&](const Snapshot* at, const Model& expected) {
      std::string begin = key();
      std::string end = key();
      if (!end.empty() && end < begin) std::swap(begin, end);
      const auto upper = end.empty() ? expected.end() : expected.lower_bound(end);
      Pairs pairs(expected.lower_bound(begin), upper);
      RC_ASSERT(forward(*store, Family::kItems, {begin, end}, at) == pairs);
      std::reverse(pairs.begin(), pairs.end());
      RC_ASSERT(backward(*store, Family::kItems, {begin, end}, at) == pairs);
      const std::string one = key();
      const auto found = expected.find(one);
      const auto value = get(*store, one, at);
      RC_ASSERT(value == (found == expected.end() ? std::nullopt : std::optional(found->second)));
    };
    const int steps = *rc::gen::inRange(1, 40);
    for (int step = 0; step < steps; ++step) {
      Batch batch;
      const int changes = *rc::gen::inRange(0, 4);
      for (int i = 0; i < changes; ++i) {
        const std::string a = key();
        const std::string b = key() + "c";
        switch (*rc::gen::inRange(0, 4)) {
          case 0:
            batch.erase(Family::kItems, a);
            model.erase(a);
            break;
          case 1:
            batch.erase_range(Family::kItems, a, b);
            if (a < b) model.erase(model.lower_bound(a), model.lower_bound(b));
            break;
          default:
            batch.put(Family::kItems, a, b);
            model[a] = b;
        }
      }
      const Sequence sequence = store->write(std::move(batch)).value();
      RC_ASSERT(sequence == store->last());
      switch (*rc::gen::inRange(0, 4)) {
        case 0:
          snapshots.emplace_back(store->snapshot(), model);
          RC_ASSERT(snapshots.back().first->sequence() == sequence);
          break;
        case 1:
          if (!snapshots.empty()) snapshots.erase(snapshots.begin());
          break;
      }
      check(nullptr, model);
      for (const auto& [snapshot, then] : snapshots) check(snapshot.get(), then);
    }
  });
}

TYPED_TEST(StoreTest, WhoSeesAValueKnowsWhatToWaitFor) {
  // A reader that finds value n must be told a sequence at least as large as that of write n. The
  // writer publishes it only afterwards, so the reader looks it up when all is over.
  Store& store = *this->store_;
  constexpr int kWrites = 2'000;
  std::vector<Sequence> sequences(kWrites);
  std::vector<std::pair<int, Sequence>> seen;
  std::atomic<bool> stop = false;
  std::thread reader([&] {
    while (!stop) {
      const auto value = get(store, "k");
      if (value) seen.emplace_back(std::stoi(*value), store.last_write_of(Family::kItems, "k"));
    }
  });
  std::thread other([&] {
    for (int i = 0; i < kWrites; ++i) put(store, "other", std::to_string(i));
  });
  for (int i = 0; i < kWrites; ++i) sequences[i] = put(store, "k", std::to_string(i));
  stop = true;
  reader.join();
  other.join();
  for (const auto& [write, told] : seen) EXPECT_GE(told, sequences[write]);
}

TYPED_TEST(StoreTest, ThreadsWriteReadAndWaitTogether) {
  Store& store = *this->store_;
  constexpr int kThreads = 4;
  constexpr int kWrites = 200;
  std::atomic<int> durable = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kWrites; ++i) {
        const std::string key = std::to_string(t) + "/" + std::to_string(i);
        Batch batch;
        batch.put(Family::kItems, key, "v");
        batch.put(Family::kIndex, key, "v");
        const Sequence sequence = store.write(std::move(batch)).value();
        store.when_durable(sequence, [&](Result<void> outcome) { durable += outcome ? 1 : 0; });
        const auto snapshot = store.snapshot();
        EXPECT_EQ(forward(store, Family::kItems, {}, snapshot.get()).size(),
                  forward(store, Family::kIndex, {}, snapshot.get()).size());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  this->store_.reset();  // Whoever still waits is answered before the store is gone.
  EXPECT_EQ(durable, kThreads * kWrites);
}

}  // namespace
}  // namespace stator::storage
