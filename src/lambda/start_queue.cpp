#include "lambda/start_queue.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace stator::lambda {

struct StartQueue::State {
  struct Turn {
    std::deque<std::function<void()>> tasks;
    std::size_t running = 0;
    bool is_listed = false;  ///< in `turns`
  };

  StartQueueOptions options;
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, Turn> functions;
  std::deque<std::string> turns;  ///< who may start something now
  std::size_t queued = 0;
  std::size_t idle = 0;
  bool stopping = false;
  std::vector<std::thread> threads;

  /// Wants the lock.
  void list(const std::string& name, Turn& turn) {
    if (turn.is_listed || turn.tasks.empty() || turn.running >= options.at_once_max) return;
    turn.is_listed = true;
    turns.push_back(name);
    changed.notify_one();
  }

  void run() {
    std::unique_lock lock(mutex);
    for (;;) {
      ++idle;
      changed.wait(lock, [this] { return !turns.empty() || (stopping && queued == 0); });
      --idle;
      if (turns.empty()) return;
      const std::string name = std::move(turns.front());
      turns.pop_front();
      Turn& turn = functions[name];
      turn.is_listed = false;
      const std::function<void()> task = std::move(turn.tasks.front());
      turn.tasks.pop_front();
      --queued;
      ++turn.running;
      list(name, turn);
      lock.unlock();
      task();
      lock.lock();
      --turn.running;
      list(name, turn);
      if (turn.tasks.empty() && turn.running == 0) functions.erase(name);
      if (stopping && queued == 0) changed.notify_all();
    }
  }
};

StartQueue::StartQueue(StartQueueOptions options) : state_(std::make_unique<State>()) {
  state_->options = options;
}

StartQueue::~StartQueue() {
  stop();
}

bool StartQueue::post(const std::string& function, std::function<void()> task) {
  State& state = *state_;
  const std::lock_guard lock(state.mutex);
  if (state.stopping || state.queued >= state.options.queued_max) return false;
  State::Turn& turn = state.functions[function];
  turn.tasks.push_back(std::move(task));
  ++state.queued;
  state.list(function, turn);
  if (state.turns.size() > state.idle && state.threads.size() < state.options.threads_max) {
    state.threads.emplace_back([&state] { state.run(); });
  }
  return true;
}

void StartQueue::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->changed.notify_all();
  for (auto& thread : state_->threads) {
    if (thread.joinable()) thread.join();
  }
}

}  // namespace stator::lambda
