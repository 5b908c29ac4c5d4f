#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "lambda/names.hpp"

namespace stator::lambda {

/// How much of its account's concurrency a function has to itself.
struct ConcurrencyLimits {
  std::optional<std::int64_t> reserved;                          ///< it gets these, and never more
  std::map<std::string, std::int64_t, std::less<>> provisioned;  ///< by version
};

/// Counts the invocations that run, and says when there are too many. Any thread; one mutex, so the
/// counts are exact whoever comes at once.
///
/// A function with reserved concurrency is bounded by it and by nothing else. The others share what
/// is left of their account and region; of that, what is provisioned for a version is the version's
/// own, and only what it runs beyond it counts among the shared.
/// https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
class Concurrency {
 public:
  explicit Concurrency(std::int64_t account_max) : account_max_(account_max) {}

  struct Function;
  /// A running invocation. leave() takes it back, once.
  struct Ticket {
    std::shared_ptr<Function> function;
    std::int64_t* share = nullptr;  ///< the count that it is in, beside the function's
  };

  /// TooManyRequestsException, with the reason, when it may not run.
  [[nodiscard]] Result<Ticket> enter(const FunctionKeyView& key, std::string_view version);
  void leave(const Ticket& ticket);

  /// From now on; what runs already is counted but goes on.
  void set(const FunctionKeyView& key, ConcurrencyLimits limits);
  /// The function is gone.
  void forget(const FunctionKeyView& key);

  [[nodiscard]] std::int64_t account_max() const { return account_max_; }
  [[nodiscard]] std::int64_t running(const FunctionKeyView& key) const;

  struct Function {
    FunctionKey key;
    ConcurrencyLimits limits;
    std::int64_t running = 0;
    std::map<std::string, std::int64_t, std::less<>> in_provisioned;  ///< by version
    bool is_gone = false;
  };

 private:
  struct Account {
    std::int64_t set_aside = 0;  ///< reserved, or provisioned without being reserved
    std::int64_t running = 0;    ///< beyond what is set aside
  };

  // All of these want the lock.
  Account& account_of(const FunctionKeyView& key);
  std::shared_ptr<Function> function_of(const FunctionKeyView& key);
  void erase_if_unused(const Function& function);

  const std::int64_t account_max_;
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, Account> accounts_;  ///< by account and region
  std::map<FunctionKey, std::shared_ptr<Function>, FunctionKeyLess> functions_;
};

}  // namespace stator::lambda
