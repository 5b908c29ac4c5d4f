#include "lambda/sources/trial.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

namespace stator::lambda::sources {
namespace {

using Kind = Attempt::Kind;

std::vector<StreamRecord> make_records(std::size_t count) {
  std::vector<StreamRecord> records;
  for (std::size_t i = 0; i < count; ++i) {
    records.push_back(
        {i + 1, std::to_string(i + 1), from_epoch_ms(1'000 * static_cast<int>(i)), {}});
  }
  return records;
}

/// "1-3": the numbers of the current records.
std::string current(const Trial& trial) {
  if (trial.is_finished()) return "finished";
  const auto records = trial.current();
  if (records.empty()) return "empty";
  return std::to_string(records.front().number) + "-" + std::to_string(records.back().number);
}

TEST(Trial, SuccessFinishesTheBatch) {
  Trial trial(make_records(3), {});
  EXPECT_EQ(current(trial), "1-3");
  EXPECT_EQ(trial.first_unfinished(), 1u);
  EXPECT_EQ(trial.settle({Kind::kSucceeded}), Next::kGoOn);
  EXPECT_TRUE(trial.is_finished());
  EXPECT_EQ(trial.first_unfinished(), std::nullopt);
}

TEST(Trial, RetriesTheWholeBatchAsOftenAsItMay) {
  Trial trial(make_records(3), {.retries_max = 2});
  EXPECT_EQ(trial.settle({Kind::kFailed}), Next::kRetry);
  EXPECT_EQ(trial.settle({Kind::kNotTried}), Next::kRetry);
  EXPECT_EQ(trial.settle({Kind::kFailed}), Next::kRetry);
  EXPECT_EQ(current(trial), "1-3");
  EXPECT_EQ(trial.settle({Kind::kFailed}), Next::kDiscard);
  EXPECT_EQ(trial.invocations(), 3);
  trial.discard(3);
  EXPECT_TRUE(trial.is_finished());
}

TEST(Trial, NoRetriesMeansOneInvocation) {
  Trial trial(make_records(2), {.retries_max = 0});
  EXPECT_EQ(trial.settle({Kind::kNotTried}), Next::kRetry);
  EXPECT_EQ(trial.settle({Kind::kFailed}), Next::kDiscard);
}

TEST(Trial, BisectionIsolatesTheBadRecordWithoutTakingRetries) {
  Trial trial(make_records(4), {.retries_max = 1, .bisects = true});
  EXPECT_EQ(trial.settle({Kind::kFailed}), Next::kRetry);
  EXPECT_EQ(current(trial), "1-2");
  EXPECT_EQ(trial.settle({Kind::kSucceeded}), Next::kGoOn);
  EXPECT_EQ(current(trial), "3-4");
  EXPECT_EQ(trial.settle({Kind::kFailed}), Next::kRetry);
  EXPECT_EQ(current(trial), "3-3");
  EXPECT_EQ(trial.settle({Kind::kFailed}), Next::kRetry);
  EXPECT_EQ(trial.settle({Kind::kFailed}), Next::kDiscard);
  EXPECT_EQ(trial.invocations(), 2);
  trial.discard(1);
  EXPECT_EQ(current(trial), "4-4");
  EXPECT_EQ(trial.settle({Kind::kSucceeded}), Next::kGoOn);
  EXPECT_TRUE(trial.is_finished());
}

TEST(Trial, PartialFailureGoesOnWithTheLowestFailedRecord) {
  Trial trial(make_records(4), {.retries_max = 1});
  EXPECT_EQ(trial.settle({Kind::kPartly, 2}), Next::kRetry);
  EXPECT_EQ(current(trial), "3-4");
  EXPECT_EQ(trial.first_unfinished(), 3u);
  EXPECT_EQ(trial.settle({Kind::kPartly, 0}), Next::kDiscard);
  EXPECT_EQ(current(trial), "3-4");
}

TEST(Trial, WithBisectionAPartialFailureSplitsWhereItSays) {
  Trial trial(make_records(4), {.retries_max = 0, .bisects = true});
  EXPECT_EQ(trial.settle({Kind::kPartly, 1}), Next::kRetry);
  EXPECT_EQ(current(trial), "2-4");
  EXPECT_EQ(trial.settle({Kind::kPartly, 0}), Next::kRetry);
  EXPECT_EQ(current(trial), "2-2");
  EXPECT_EQ(trial.settle({Kind::kFailed}), Next::kDiscard);
  trial.discard(1);
  EXPECT_EQ(current(trial), "3-4");
}

TEST(Trial, OldRecordsAreThoseAtTheHead) {
  Trial trial(make_records(4), {});
  EXPECT_EQ(trial.count_older(from_epoch_ms(0)), 0u);
  EXPECT_EQ(trial.count_older(from_epoch_ms(2'000)), 2u);
  trial.discard(2);
  EXPECT_EQ(current(trial), "3-4");
  EXPECT_EQ(trial.count_older(from_epoch_ms(9'000)), 2u);
}

TEST(Trial, AnEmptyBatchIsTriedLikeAnother) {
  Trial trial({}, {.retries_max = 1, .bisects = true});
  EXPECT_EQ(current(trial), "empty");
  EXPECT_EQ(trial.settle({Kind::kFailed}), Next::kRetry);
  EXPECT_EQ(trial.settle({Kind::kFailed}), Next::kDiscard);
  trial.discard(0);
  EXPECT_TRUE(trial.is_finished());
}

RC_GTEST_PROP(Trial, EveryRecordIsFinishedOnceAndInOrder, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(1, 20);
  const Trial::Rules rules{*rc::gen::inRange<std::int64_t>(0, 4), *rc::gen::arbitrary<bool>()};
  const auto is_bad = *rc::gen::container<std::vector<bool>>(size, rc::gen::arbitrary<bool>());
  std::set<std::size_t> bad;
  for (std::size_t i = 0; i < size; ++i) {
    if (is_bad[i]) bad.insert(i + 1);
  }
  // How the function fails each time, and whether it is called at all.
  const auto manners = *rc::gen::container<std::vector<int>>(20, rc::gen::inRange(0, 3));
  Trial trial(make_records(size), rules);
  std::uint64_t finished = 0;
  std::set<std::size_t> discarded;
  std::size_t turn = 0;
  while (!trial.is_finished()) {
    const auto records = trial.current();
    RC_ASSERT(records.front().number == finished + 1);
    const auto first_bad = std::find_if(records.begin(), records.end(), [&bad](const auto& record) {
      return bad.contains(record.number);
    });
    const auto index = static_cast<std::size_t>(first_bad - records.begin());
    const int manner = turn < manners.size() ? manners[turn++] : 1;
    Attempt attempt;
    if (manner == 0) {
      attempt.kind = Kind::kNotTried;
    } else if (index < records.size()) {
      attempt = manner == 1 ? Attempt{Kind::kFailed} : Attempt{Kind::kPartly, index};
    }
    if (trial.settle(attempt) == Next::kDiscard) {
      for (const auto& record : trial.current()) discarded.insert(record.number);
      trial.discard(trial.current().size());
    }
    const auto first = trial.first_unfinished();
    RC_ASSERT(!first || *first > finished);
    finished = first ? *first - 1 : size;
  }
  RC_ASSERT(finished == size);
  // With bisection nothing but the bad ones is given up.
  if (rules.bisects) RC_ASSERT(discarded == bad);
  RC_ASSERT(std::includes(discarded.begin(), discarded.end(), bad.begin(), bad.end()));
}

}  // namespace
}  // namespace stator::lambda::sources
