#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "lambda/sources/test_lab.hpp"

namespace stator::lambda::sources {
namespace {

using test::ConsumerLab;

/// What must hold whatever happens: a record is handed to the function until it is finished, never
/// after, and never before an older one of its item.
class Model {
 public:
  explicit Model(ConsumerLab& lab) : lab_(lab) {}

  void add(const std::string& key, bool is_bad) {
    const std::uint64_t number = lab_.add(key);
    keys_[number] = key;
    if (is_bad) bad_.insert(number);
    lab_.run();
    check();
  }
  void crash() {
    lab_.start();
    check();
  }
  /// Answers one of the calls that wait, as the function would.
  void answer(std::size_t which, bool is_throttled) {
    if (lab_.calls.empty()) return;
    ConsumerLab::Call call = lab_.take_call(which % lab_.calls.size());
    if (is_throttled) {
      call.done(Error{ErrorCode::kThrottled, "Rate Exceeded."});
    } else {
      call.done(outcome(call));
    }
    lab_.run();
    check();
  }
  void pass(std::chrono::milliseconds time) {
    lab_.pass(time);
    check();
  }
  void change(const std::function<void(MappingSettings&)>& how) {
    lab_.change(how);
    check();
  }
  /// Lets everything come to its end.
  void finish() {
    lab_.automatic = [this](const ConsumerLab::Call& call) { return outcome(call); };
    for (int i = 0; i < 50 && !lab_.calls.empty(); ++i) answer(0, false);
    lab_.pass(std::chrono::minutes(20), std::chrono::milliseconds(500));
    check();
    for (const auto& [number, key] : keys_) RC_ASSERT(is_done(number));
  }

 private:
  InvokeResult outcome(const ConsumerLab::Call& call) {
    const auto bad = std::find_if(call.numbers.begin(), call.numbers.end(),
                                  [this](auto number) { return bad_.contains(number); });
    const bool reports = lab_.mapping()->settings.reports_item_failures;
    if (bad != call.numbers.end() && !reports) return ConsumerLab::failure();
    finished_.insert(call.numbers.begin(), bad);
    if (bad == call.numbers.end()) return ConsumerLab::success();
    return ConsumerLab::success(R"({"batchItemFailures":[{"itemIdentifier":")" +
                                test::FakeStreams::sequence(*bad) + R"("}]})");
  }
  [[nodiscard]] bool is_done(std::uint64_t number) const {
    return finished_.contains(number) || given_up_.contains(number);
  }
  void check() {
    for (; documents_ < lab_.documents.size(); ++documents_) note(lab_.documents[documents_]);
    // Calls that wait were made in a state in which nothing older was left undone.
    for (const auto& call : lab_.calls) {
      std::set<std::uint64_t> before;
      for (const auto number : call.numbers) {
        RC_ASSERT(!is_done(number));
        for (const auto& [other, key] : keys_) {
          if (other >= number) break;
          if (key == keys_.at(number)) RC_ASSERT(is_done(other) || before.contains(other));
        }
        before.insert(number);
      }
    }
  }
  /// A document names the first and the last record of a lane's batch, which is the newest one that
  /// has them.
  void note(const std::string& document) {
    const auto object = json::parse_object(document).value();
    const auto& info = json::find(object, "DDBStreamBatchInfo")->get_object();
    const auto first = std::stoull(json::find_string(info, "startSequenceNumber")->substr(1));
    const auto last = std::stoull(json::find_string(info, "endSequenceNumber")->substr(1));
    for (auto at = lab_.batches.rbegin(); at != lab_.batches.rend(); ++at) {
      const auto& batch = *at;
      const auto begin = std::find(batch.begin(), batch.end(), first);
      const auto end = std::find(batch.begin(), batch.end(), last);
      if (begin == batch.end() || end == batch.end()) continue;
      if (end - begin + 1 != json::find_int(info, "batchSize")) continue;
      given_up_.insert(begin, end + 1);
      return;
    }
  }

  ConsumerLab& lab_;
  std::map<std::uint64_t, std::string> keys_;
  std::set<std::uint64_t> bad_, finished_, given_up_;
  std::size_t documents_ = 0;
};

RC_GTEST_PROP(ConsumerModel, EveryRecordIsFinishedOnceInTheOrderOfItsItem, ()) {
  MappingSettings settings;
  settings.batch_size = *rc::gen::inRange<std::int64_t>(1, 6);
  settings.batching_window_s = *rc::gen::inRange<std::int64_t>(0, 2);
  settings.parallelization_factor = *rc::gen::inRange<std::int64_t>(1, 4);
  settings.retries_max = *rc::gen::inRange<std::int64_t>(0, 3);
  settings.bisects = *rc::gen::arbitrary<bool>();
  settings.reports_item_failures = *rc::gen::arbitrary<bool>();
  settings.on_failure = "arn:aws:s3:::bucket";
  ConsumerLab lab(settings);
  lab.start();
  Model model(lab);
  const int steps = *rc::gen::inRange(1, 60);
  for (int i = 0; i < steps; ++i) {
    const int step = *rc::gen::inRange(0, 20);
    if (step < 8) {
      model.add(std::string(1, static_cast<char>('a' + *rc::gen::inRange(0, 5))),
                *rc::gen::inRange(0, 6) == 0);
    } else if (step < 14) {
      model.answer(*rc::gen::inRange<std::size_t>(0, 4), *rc::gen::inRange(0, 5) == 0);
    } else if (step < 17) {
      model.pass(std::chrono::milliseconds(*rc::gen::inRange(50, 1'500)));
    } else if (step == 17) {
      model.crash();
    } else if (step == 18) {
      lab.streams.close_shard();
    } else {
      const auto factor = *rc::gen::inRange<std::int64_t>(1, 4);
      model.change([factor](MappingSettings& one) { one.parallelization_factor = factor; });
    }
  }
  model.finish();
}

}  // namespace
}  // namespace stator::lambda::sources
