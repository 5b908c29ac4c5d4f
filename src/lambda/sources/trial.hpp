#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lambda/sources/doors.hpp"
#include "lambda/sources/mapping.hpp"

namespace stator::lambda::sources {

/// What an invocation with the current records came to.
struct Attempt {
  enum class Kind {
    kSucceeded,
    kFailed,    ///< the function's error, or an answer that fails the whole batch
    kPartly,    ///< the records before `first_failed` are finished
    kNotTried,  ///< throttled, or the function is not there: it counts for nothing
  };
  Kind kind = Kind::kSucceeded;
  std::size_t first_failed = 0;  ///< of kPartly, an index into the current records
};

/// What is to be done next.
enum class Next {
  kGoOn,     ///< invoke with the current records, or the batch is finished
  kRetry,    ///< after a pause
  kDiscard,  ///< hand the current records to the failure destination, then call discard()
};

/// One batch of records from its first invocation to its end: retries, bisection and partial
/// failures as
/// https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html has them, without
/// input, output or time of its own. A batch of no records is a window's final invocation.
class Trial {
 public:
  struct Rules {
    std::int64_t retries_max = -1;  ///< -1 for no limit
    bool bisects = false;
  };
  Trial(std::vector<StreamRecord> records, Rules rules);

  [[nodiscard]] bool is_finished() const { return ends_.empty(); }
  /// What to invoke with next; not to be asked of a finished batch.
  [[nodiscard]] std::span<const StreamRecord> current() const;
  /// The first record that is not finished; nothing when all are.
  [[nodiscard]] std::optional<std::uint64_t> first_unfinished() const;
  /// How many of the current records, from the first on, were created before `oldest`.
  [[nodiscard]] std::size_t count_older(WallTime oldest) const;
  /// How often the current records were tried.
  [[nodiscard]] std::int64_t invocations() const { return invocations_; }

  [[nodiscard]] Next settle(const Attempt& attempt);
  /// The first `count` of the current records are given up.
  void discard(std::size_t count);

 private:
  void finish(std::size_t count);
  [[nodiscard]] Next retry();

  std::vector<StreamRecord> records_;
  Rules rules_;
  std::size_t begin_ = 0;          ///< the first record that is not finished
  std::vector<std::size_t> ends_;  ///< where parts end, the current one last
  std::int64_t retries_ = 0;       ///< of the current part
  std::int64_t invocations_ = 0;
};

}  // namespace stator::lambda::sources
