#pragma once

#include <memory>
#include <string>

#include "core/client.hpp"
#include "stator/abi.h"

namespace stator::sdk {

/// Hands a reply over in the form of stator/abi.h; it is valid during the call.
void hand_over(const Reply& reply, stator1_on_reply on_reply, void* user);

/// Calls that nobody waits for: a few threads take them, several at once over one connection where
/// the client may. The threads are started when they are needed. Any thread.
class CallQueue {
 public:
  struct Job {
    std::string operation;
    std::string body;
    CallLimits limits;
    stator1_on_reply on_reply;
    void* user;
  };

  /// `client` outlives it.
  explicit CallQueue(DynamoClient& client);
  /// Waits until everything that was started is answered; also on a thread of its own, from inside
  /// a callback.
  ~CallQueue();
  CallQueue(const CallQueue&) = delete;
  CallQueue& operator=(const CallQueue&) = delete;

  /// Waits for room while too many calls are waiting, unless a callback starts it.
  void start(Job job);

 private:
  struct State;
  static void work(const std::shared_ptr<State>& state);
  static bool take_and_run(const std::shared_ptr<State>& state, bool wait);

  std::shared_ptr<State> state_;  // shared with the threads: one of them may end after this
};

}  // namespace stator::sdk
