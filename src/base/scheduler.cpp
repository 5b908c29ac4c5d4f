#include "base/scheduler.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>

namespace stator {

struct TimerThread::State {
  using Due = std::pair<SteadyTime, TimerId>;
  std::mutex mutex;
  std::condition_variable changed;
  std::map<Due, std::function<void()>> tasks;
  std::unordered_map<TimerId, SteadyTime> due_of;
  TimerId next = 1;
  bool stopping = false;
  std::thread thread;

  void run() {
    std::unique_lock lock(mutex);
    while (!stopping) {
      if (tasks.empty()) {
        changed.wait(lock);
        continue;
      }
      const auto first = tasks.begin();
      const SteadyTime due = first->first.first;
      if (due > std::chrono::steady_clock::now()) {
        changed.wait_until(lock, due);
        continue;
      }
      const std::function<void()> task = std::move(first->second);
      due_of.erase(first->first.second);
      tasks.erase(first);
      lock.unlock();
      task();
      lock.lock();
    }
  }
};

TimerThread::TimerThread() : state_(std::make_unique<State>()) {
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}

TimerThread::~TimerThread() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->changed.notify_all();
  state_->thread.join();
}

Scheduler::TimerId TimerThread::after(std::chrono::milliseconds delay, std::function<void()> task) {
  const SteadyTime due = std::chrono::steady_clock::now() + delay;
  bool is_first = false;
  TimerId id = 0;
  {
    const std::lock_guard lock(state_->mutex);
    id = state_->next++;
    const auto at = state_->tasks.emplace(State::Due{due, id}, std::move(task)).first;
    state_->due_of.emplace(id, due);
    is_first = at == state_->tasks.begin();
  }
  // Only a task that is due before all others changes how long the thread sleeps.
  if (is_first) state_->changed.notify_one();
  return id;
}

bool TimerThread::cancel(TimerId id) {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->due_of.find(id);
  if (found == state_->due_of.end()) return false;
  state_->tasks.erase({found->second, id});
  state_->due_of.erase(found);
  return true;
}

Scheduler::TimerId FakeScheduler::after(std::chrono::milliseconds delay,
                                        std::function<void()> task) {
  const TimerId id = next_++;
  tasks_.emplace(Due{clock_.steady() + delay, id}, std::move(task));
  return id;
}

bool FakeScheduler::cancel(TimerId id) {
  return std::erase_if(tasks_, [id](const auto& entry) { return entry.first.second == id; }) > 0;
}

void FakeScheduler::advance(std::chrono::milliseconds by) {
  const SteadyTime end = clock_.steady() + by;
  while (!tasks_.empty() && tasks_.begin()->first.first <= end) {
    const auto first = tasks_.begin();
    const auto until =
        std::chrono::ceil<std::chrono::milliseconds>(first->first.first - clock_.steady());
    if (until.count() > 0) clock_.advance(until);
    const std::function<void()> task = std::move(first->second);
    tasks_.erase(first);
    task();
  }
  const auto rest = std::chrono::ceil<std::chrono::milliseconds>(end - clock_.steady());
  if (rest.count() > 0) clock_.advance(rest);
}

}  // namespace stator
