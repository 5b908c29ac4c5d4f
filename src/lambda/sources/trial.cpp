#include "lambda/sources/trial.hpp"

#include <utility>

#include "base/check.hpp"

namespace stator::lambda::sources {

Trial::Trial(std::vector<StreamRecord> records, Rules rules)
    : records_(std::move(records)), rules_(rules), ends_{records_.size()} {}

std::span<const StreamRecord> Trial::current() const {
  STATOR_CHECK(!is_finished());
  return std::span(records_).subspan(begin_, ends_.back() - begin_);
}

std::optional<std::uint64_t> Trial::first_unfinished() const {
  if (begin_ == records_.size()) return std::nullopt;
  return records_[begin_].number;
}

std::size_t Trial::count_older(WallTime oldest) const {
  std::size_t count = 0;
  for (const StreamRecord& record : current()) {
    if (record.created >= oldest) break;
    ++count;
  }
  return count;
}

void Trial::finish(std::size_t count) {
  STATOR_CHECK(count <= ends_.back() - begin_);
  begin_ += count;
  if (begin_ < ends_.back()) return;
  ends_.pop_back();
  retries_ = 0;
  invocations_ = 0;
}

/// Bisection takes nothing from the retries, and a part that is made of a batch begins anew.
Next Trial::retry() {
  const std::size_t size = ends_.back() - begin_;
  if (rules_.bisects && size > 1) {
    ends_.push_back(begin_ + size / 2);
    retries_ = 0;
    invocations_ = 0;
    return Next::kRetry;
  }
  if (rules_.retries_max >= 0 && retries_ >= rules_.retries_max) return Next::kDiscard;
  ++retries_;
  return Next::kRetry;
}

Next Trial::settle(const Attempt& attempt) {
  STATOR_CHECK(!is_finished());
  if (attempt.kind == Attempt::Kind::kNotTried) return Next::kRetry;
  ++invocations_;
  switch (attempt.kind) {
    case Attempt::Kind::kSucceeded:
      finish(current().size());
      return Next::kGoOn;
    case Attempt::Kind::kPartly:
      STATOR_CHECK(attempt.first_failed < current().size());
      if (attempt.first_failed == 0) return retry();
      begin_ += attempt.first_failed;
      // With bisection the batch is split where the function says, which is no retry either.
      if (!rules_.bisects) return retry();
      retries_ = 0;
      invocations_ = 0;
      return Next::kRetry;
    default:
      return retry();
  }
}

void Trial::discard(std::size_t count) {
  finish(count);
}

}  // namespace stator::lambda::sources
