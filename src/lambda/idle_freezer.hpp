#pragma once

#include <chrono>
#include <memory>

#include "base/clock.hpp"
#include "base/scheduler.hpp"

/// Instances that wait for work are frozen, as AWS freezes them: what a function has left running
/// uses no processor until its next invocation.
namespace stator::lambda {

/// Something that is idle now and then.
class Freezable {
 public:
  virtual ~Freezable() = default;
  /// Freezes itself when it has been idle since before `idle_before`. True to be asked again a
  /// while later; false when it is frozen, busy or gone: then it asks to be watched anew when it
  /// becomes idle.
  [[nodiscard]] virtual bool freeze_if_idle(SteadyTime idle_before) = 0;
};

/// Asks each watched one, at intervals of the time after which they freeze: an invocation that
/// follows closely on another sets no timer and is not slowed by freezing and thawing. The timer
/// runs only while there is one to watch. Any thread; what is watched may go before or after it.
class IdleFreezer {
 public:
  /// 0: nothing is ever frozen.
  IdleFreezer(Scheduler& scheduler, const Clock& clock, std::chrono::milliseconds freeze_after);
  ~IdleFreezer();
  IdleFreezer(const IdleFreezer&) = delete;

  /// Freezes between one and two times `freeze_after` from now, if still idle then.
  void watch(std::weak_ptr<Freezable> idle);

 private:
  struct State;
  std::shared_ptr<State> state_;  ///< the timer looks whether it is still there
};

}  // namespace stator::lambda
