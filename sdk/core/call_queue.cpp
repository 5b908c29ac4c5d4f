#include "core/call_queue.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace stator::sdk {
namespace {

constexpr std::size_t kThreadsMax = 4;
constexpr std::size_t kWaitingMax = 1024;
// What leaves together is small, so that it is written without waiting for the other side, which
// may itself be waiting to be read.
constexpr std::size_t kTogetherBytesMax = 64 << 10;

stator1_text text_of(const std::string& text) {
  return {text.data(), text.size()};
}

}  // namespace

void hand_over(const Reply& reply, stator1_on_reply on_reply, void* user) {
  const stator1_reply out{reply.code,          reply.http_status,      reply.attempts,
                          text_of(reply.type), text_of(reply.message), text_of(reply.request_id),
                          text_of(reply.body)};
  on_reply(&out, user);
}

struct CallQueue::State {
  explicit State(DynamoClient& with) : client(&with) {}

  DynamoClient* client;
  std::mutex mutex;
  std::condition_variable work_came, room_came;
  std::deque<Job> waiting;
  std::vector<std::thread> threads;
  std::size_t idle = 0;
  bool is_ending = false;

  [[nodiscard]] bool is_own_thread() const {
    for (const std::thread& thread : threads) {
      if (thread.get_id() == std::this_thread::get_id()) return true;
    }
    return false;
  }
};

CallQueue::CallQueue(DynamoClient& client) : state_(std::make_shared<State>(client)) {}

CallQueue::~CallQueue() {
  {
    const std::scoped_lock lock(state_->mutex);
    state_->is_ending = true;
  }
  state_->work_came.notify_all();
  while (take_and_run(state_, false)) {
  }
  for (std::thread& thread : state_->threads) {
    thread.get_id() == std::this_thread::get_id() ? thread.detach() : thread.join();
  }
}

void CallQueue::start(Job job) {
  std::unique_lock lock(state_->mutex);
  // A callback that waited here could wait for itself.
  if (!state_->is_own_thread()) {
    state_->room_came.wait(lock, [&] { return state_->waiting.size() < kWaitingMax; });
  }
  state_->waiting.push_back(std::move(job));
  const bool is_wanted = state_->idle < state_->waiting.size() && !state_->is_ending;
  if (is_wanted && state_->threads.size() < kThreadsMax) {
    state_->threads.emplace_back([state = state_] { work(state); });
  }
  lock.unlock();
  state_->work_came.notify_one();
}

void CallQueue::work(const std::shared_ptr<State>& state) {
  while (take_and_run(state, true)) {
  }
}

// False when there is nothing to do, and with `wait` nothing will come.
bool CallQueue::take_and_run(const std::shared_ptr<State>& state, bool wait) {
  std::vector<Job> jobs;
  {
    std::unique_lock lock(state->mutex);
    ++state->idle;
    if (wait) {
      state->work_came.wait(lock, [&] { return !state->waiting.empty() || state->is_ending; });
    }
    --state->idle;
    // Without work the client is not looked at: it may be gone.
    if (state->waiting.empty()) return false;
    // An even share for each thread, so that none waits behind another's.
    const std::size_t share = (state->waiting.size() + kThreadsMax - 1) / kThreadsMax;
    const std::size_t most = std::min<std::size_t>(share, state->client->pipeline_max());
    std::size_t bytes = 0;
    while (!state->waiting.empty() && jobs.size() < std::max<std::size_t>(most, 1)) {
      bytes += state->waiting.front().body.size();
      if (!jobs.empty() && bytes > kTogetherBytesMax) break;
      jobs.push_back(std::move(state->waiting.front()));
      state->waiting.pop_front();
    }
  }
  state->room_came.notify_all();
  std::vector<QueuedCall> calls;
  for (const Job& job : jobs) calls.push_back({job.operation, job.body, job.limits});
  const std::vector<Reply> replies = state->client->call_together(calls);
  // A callback may be what ends the client: it is not touched from here on.
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    hand_over(replies[i], jobs[i].on_reply, jobs[i].user);
  }
  return true;
}

}  // namespace stator::sdk
